// SPDX-License-Identifier: MIT
//
// trials.csv as bytes. Rows are added to the file, and copied, as they are, so
// that it has to be as this build writes it.
#ifndef SERIALBENCH_TRIALS_BYTES_H
#define SERIALBENCH_TRIALS_BYTES_H

#include "error_text.h"
#include "trials_scan.h"

/* Whether the header line is the one that this build writes: no byte order
 * mark, no CRLF, the columns in order. */
bool trials_bytes_own(const char *path);

/* Writes the rows of a trials.csv in any form that trials_read() takes into the
 * new file that is open as `fd`, and closes that. 0, or -1 with error. */
int trials_bytes_copy(const char *path, int fd, struct error *error);

/* Where the file is in another form, puts one in this build's form in its
 * place, whole or not at all. 0, or -1 with error and errno. */
int trials_bytes_make_own(const char *path, struct error *error);

/* Fills in where the header and each launch begin and end, from their rows. 0,
 * or -1 with errno. */
int trials_bytes_find(struct trials_scan *scan, const char *path);

#endif /* SERIALBENCH_TRIALS_BYTES_H */
