// SPDX-License-Identifier: MIT
//
// Numbers as the files of a run spell them: plain decimal, `.` for the
// fraction, nothing before or after. Thread-safe.
#ifndef SERIALBENCH_NUMBER_H
#define SERIALBENCH_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Digits only, below UINT64_MAX (which is RECORD_NO_COUNT). `text` is not
 * empty. False where it is no such number; *count is then untouched. */
bool number_count(const char *text, size_t bytes, uint64_t *count);

/* A decimal number with or without fraction and exponent, correctly rounded.
 * `text` ends in a NUL after `bytes`. False where it is no such number or too
 * large for a double; *real is then untouched, and else finite. */
bool number_real(const char *text, size_t bytes, double *real);

#endif /* SERIALBENCH_NUMBER_H */
