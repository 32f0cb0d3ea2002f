// SPDX-License-Identifier: MIT
//
// What the worker programs are, whatever commit they are of.
#ifndef SERIALBENCH_WORKER_DIGEST_H
#define SERIALBENCH_WORKER_DIGEST_H

#include "error_text.h"

#define WORKER_DIGEST 17
/*
 * Hashes what is loaded of the workers of all link orders, where they are
 * found: code, constants and addresses, but neither symbols nor debugging
 * information, nor the build id and what the linker derives from it. A file
 * that is no ELF program of this machine's word size counts whole.
 * 0, or -1 with one line in error where one cannot be read.
 */
int worker_digest(char digest[WORKER_DIGEST], struct error *error);

#endif /* SERIALBENCH_WORKER_DIGEST_H */
