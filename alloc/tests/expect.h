// SPDX-License-Identifier: MIT
//
// What a report must say, written from CPython's texts and not from our code.
#ifndef SERIALBENCH_TESTS_EXPECT_H
#define SERIALBENCH_TESTS_EXPECT_H

#include <stdbool.h>
#include <stddef.h>

#include "compiler.h"
#include "death.h"

struct expect {
	size_t size; /* of the text, which may hold NUL */
	char text[8192];
};

void expect_start(struct expect *expect);
PRINTF_LIKE(2, 3)
void expect_line(struct expect *expect, const char *format, ...);

/* "Debug memory block at address p=…: API 'm'" to the leading guard, as the
 * bytes before `block` are. */
void expect_lead(
	struct expect *expect, const unsigned char *block, char api, size_t n);

/* The trailing guard and what follows, to the blank line. */
void expect_tail(struct expect *expect, const unsigned char *block, size_t n,
	const char *serial_line);

/* All of a block of ours. */
void expect_dump(struct expect *expect, const unsigned char *block, char api,
	size_t n, const char *serial_line);

/* A block that has no header of ours. */
void expect_stranger(
	struct expect *expect, const unsigned char *block, bool readable);

/* The child died by SIGABRT and said just this. */
#define CHECK_DEATH(death, expect)                                             \
	check_death((death), (expect), __FILE__, __LINE__)
void check_death(const struct death *death, const struct expect *expect,
	const char *file, int line);

#endif /* SERIALBENCH_TESTS_EXPECT_H */
