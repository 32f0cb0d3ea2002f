// SPDX-License-Identifier: MIT
#include "number.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

bool number_count(const char *text, size_t bytes, uint64_t *count)
{
	uint64_t value = 0;

	for (size_t i = 0; i < bytes; i++) {
		unsigned digit = (unsigned char)text[i] - (unsigned)'0';

		if (digit > 9 || __builtin_mul_overflow(value, 10, &value) ||
			__builtin_add_overflow(value, digit, &value))
			return false;
	}
	if (bytes == 0 || value == UINT64_MAX)
		return false;
	*count = value;
	return true;
}

/*
 * A whole number up to 2^53 divided by a power of ten up to 10^22: both are
 * doubles exactly, so one division rounds correctly (Clinger, "How to read
 * floating point numbers accurately", 1990). It takes what %.15g writes
 * without an exponent, several times as fast as strtod. False: not that form.
 */
static bool read_short(const char *text, size_t bytes, double *real)
{
	static const double powers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7,
		1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18};
	bool negative = bytes > 0 && text[0] == '-';
	size_t first = negative, point = bytes, digits = 0;
	uint64_t whole = 0;

	for (size_t i = first; i < bytes; i++) {
		unsigned digit = (unsigned char)text[i] - (unsigned)'0';

		if (text[i] == '.' && point == bytes) {
			point = i;
			continue;
		}
		if (digit > 9 || ++digits > 18)
			return false;
		whole = whole * 10 + digit;
	}
	if (digits == 0 || whole > UINT64_C(1) << DBL_MANT_DIG)
		return false;
	*real = (double)whole / powers[point < bytes ? bytes - point - 1 : 0];
	if (negative)
		*real = -*real;
	return true;
}

bool number_real(const char *text, size_t bytes, double *real)
{
	char *end;
	double value;

	/* The division must not round twice, as on the x87. */
	if (FLT_EVAL_METHOD == 0 && read_short(text, bytes, real))
		return true;
	/* strtod alone would also take spaces, hexadecimal and "nan". */
	if (bytes == 0 || strspn(text, "0123456789+-.eE") != bytes)
		return false;
	value = strtod(text, &end);
	if (end != text + bytes || isinf(value))
		return false;
	*real = value;
	return true;
}
