// SPDX-License-Identifier: MIT
//
// For tests: the malloc family of the test program, counted. A sanitizer has a
// malloc of its own; there nothing is counted.
#ifndef SERIALBENCH_TESTS_COUNTING_MALLOC_H
#define SERIALBENCH_TESTS_COUNTING_MALLOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

extern const bool malloc_is_counted;

/* Calls so far, frees of NULL left out, by all threads. */
uint64_t malloc_calls(void);

/* How many of malloc were for so many bytes, since the last call of this. */
uint64_t malloc_calls_of(size_t size);

/* From here on malloc gives NULL and leaves errno alone, or no longer. Not
 * where a sanitizer has malloc. */
void malloc_refuse(bool refuse);

/* The C library's own, not counted. */
void *uncounted_malloc(size_t size);
void uncounted_free(void *block);

#endif /* SERIALBENCH_TESTS_COUNTING_MALLOC_H */
