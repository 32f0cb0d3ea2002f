// SPDX-License-Identifier: MIT
//
// trials.csv as bytes. Inside trials_*.c only.
#ifndef SERIALBENCH_TRIALS_BYTES_H
#define SERIALBENCH_TRIALS_BYTES_H

#include "error_text.h"
#include "trials_scan.h"

/* Whether the header line is the one that this build writes. 0, or -1 with one
 * line in error. */
int trials_bytes_header(const char *path, struct error *error);

/* Fills in where the header and each launch begin and end, from their rows. 0,
 * or -1 with errno. */
int trials_bytes_find(struct trials_scan *scan, const char *path);

#endif /* SERIALBENCH_TRIALS_BYTES_H */
