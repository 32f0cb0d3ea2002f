// SPDX-License-Identifier: MIT
//
// The end of what a command says on stderr: why it failed, or what the debug
// wrapper found in it.
#ifndef SERIALBENCH_EXEC_TAIL_H
#define SERIALBENCH_EXEC_TAIL_H

#include <stddef.h>

#include "error_text.h"

#define EXEC_TAIL_BYTES 4096

/* {0} is empty. */
struct exec_tail {
	char bytes[EXEC_TAIL_BYTES]; /* a ring */
	size_t all; /* bytes that there were */
};

/* Takes what the descriptor has; where it is not to block, until it has no
 * more. 0 at its end, else what read() returned last. */
long exec_tail_read(struct exec_tail *tail, int fd);

void exec_tail_take(struct exec_tail *tail, const char *bytes, size_t count);

/* Puts the last lines, at most 40, behind the error, each on a line of its own
 * and indented, with ? for control characters; nothing where there are none. */
void exec_tail_add(const struct exec_tail *tail, struct error *error);

#endif /* SERIALBENCH_EXEC_TAIL_H */
