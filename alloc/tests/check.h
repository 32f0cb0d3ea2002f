// SPDX-License-Identifier: MIT
//
// cmocka's checks with the case that was tried and both values in the failure
// message. Main thread only, as all of cmocka.
#ifndef SERIALBENCH_TESTS_CHECK_H
#define SERIALBENCH_TESTS_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "compiler.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* Names the case that is being tried, for the messages of later checks. */
PRINTF_LIKE(1, 2) void in_case(const char *format, ...);

#define CHECK(condition) check_true((condition), #condition, __FILE__, __LINE__)
#define CHECK_EQUAL(got, want)                                                 \
	check_equal((uint64_t)(got), (uint64_t)(want), #got, #want, __FILE__,  \
		__LINE__)
#define CHECK_SAME(got, want)                                                  \
	check_equal((uintptr_t)(got), (uintptr_t)(want), #got, #want,          \
		__FILE__, __LINE__)
/* `count` bytes at `place` are all `byte`. */
#define CHECK_FILL(place, count, byte)                                         \
	check_fill((place), (count), (byte), #place, __FILE__, __LINE__)
#define CHECK_BYTES(got, want, count)                                          \
	check_bytes((got), (want), (count), #got, __FILE__, __LINE__)
#define CHECK_TEXT(got, want)                                                  \
	check_text((got), (want), #got, __FILE__, __LINE__)

void check_true(bool true_, const char *what, const char *file, int line);
void check_equal(uint64_t got, uint64_t want, const char *what,
	const char *expected, const char *file, int line);
void check_fill(const void *place, size_t count, unsigned char byte,
	const char *what, const char *file, int line);
void check_bytes(const void *got, const void *want, size_t count,
	const char *what, const char *file, int line);
void check_text(const char *got, const char *want, const char *what,
	const char *file, int line);

#endif /* SERIALBENCH_TESTS_CHECK_H */
