// SPDX-License-Identifier: MIT
#include "check.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static char case_text[256];

void in_case(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(case_text, sizeof(case_text), format, arguments);
	va_end(arguments);
}

void check_true(bool true_, const char *what, const char *file, int line)
{
	if (true_)
		return;
	print_error("case: %s\nnot true: %s\n", case_text, what);
	_fail(file, line);
}

void check_equal(uint64_t got, uint64_t want, const char *what,
	const char *expected, const char *file, int line)
{
	if (got == want)
		return;
	print_error("case: %s\n%s is %" PRIu64 " (0x%" PRIx64 "), not %s = "
		    "%" PRIu64 " (0x%" PRIx64 ")\n",
		case_text, what, got, got, expected, want, want);
	_fail(file, line);
}

void check_fill(const void *place, size_t count, unsigned char byte,
	const char *what, const char *file, int line)
{
	const unsigned char *bytes = place;

	for (size_t i = 0; i < count; i++) {
		if (bytes[i] == byte)
			continue;
		print_error("case: %s\nbyte %zu of %zu at %s is 0x%02x, not "
			    "0x%02x\n",
			case_text, i, count, what, bytes[i], byte);
		_fail(file, line);
	}
}

void check_bytes(const void *got, const void *want, size_t count,
	const char *what, const char *file, int line)
{
	const unsigned char *bytes = got, *expected = want;

	for (size_t i = 0; i < count; i++) {
		if (bytes[i] == expected[i])
			continue;
		print_error("case: %s\nbyte %zu of %zu at %s is 0x%02x, not "
			    "0x%02x\n",
			case_text, i, count, what, bytes[i], expected[i]);
		_fail(file, line);
	}
}

void check_text(const char *got, const char *want, const char *what,
	const char *file, int line)
{
	if (strcmp(got, want) == 0)
		return;
	print_error(
		"case: %s\n%s is\n%s\nnot\n%s\n", case_text, what, got, want);
	_fail(file, line);
}
