// SPDX-License-Identifier: MIT
//
// Limits of the process (ulimit), where one of them is what went wrong.
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "error_text.h"

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static const struct known_limit {
	int number; /* errno of a call that the limit stopped; 0: none */
	__rlimit_resource_t resource;
	const char *name, *option, *unit;
	rlim_t remarkable; /* a limit below is one that somebody set */
} limits[] = {
	{EFBIG, RLIMIT_FSIZE, "file sizes", "-f", " bytes", RLIM_INFINITY},
	{ENOMEM, RLIMIT_AS, "address space", "-v", " bytes", RLIM_INFINITY},
	{ENOMEM, RLIMIT_DATA, "data", "-d", " bytes", RLIM_INFINITY},
	{0, RLIMIT_CPU, "processor time", "-t", " s", RLIM_INFINITY},
	{0, RLIMIT_STACK, "the stack", "-s", " bytes", 1 << 20},
	{EMFILE, RLIMIT_NOFILE, "open files", "-n", "", 64},
	{EAGAIN, RLIMIT_NPROC, "processes", "-u", "", 64},
};

static bool read_limit(const struct known_limit *limit, struct rlimit *value)
{
	return getrlimit(limit->resource, value) == 0 &&
		value->rlim_cur != RLIM_INFINITY;
}

const char *error_reason(int number)
{
	static _Thread_local char text[160];
	struct rlimit value;
	int saved = errno;

	for (size_t i = 0; i < ARRAY_LENGTH(limits); i++) {
		if (number == 0 || limits[i].number != number ||
			!read_limit(&limits[i], &value))
			continue;
		snprintf(text, sizeof(text),
			"%s: the limit on %s (ulimit %s) is %" PRIuMAX "%s",
			strerror(number), limits[i].name, limits[i].option,
			(uintmax_t)value.rlim_cur, limits[i].unit);
		errno = saved;
		return text;
	}
	return strerror(number);
}

int error_add_limits(struct error *error)
{
	const char *between = "; limits: ";
	struct rlimit value;

	for (size_t i = 0; i < ARRAY_LENGTH(limits); i++) {
		if (!read_limit(&limits[i], &value) ||
			value.rlim_cur >= limits[i].remarkable)
			continue;
		error_add(error, "%s%s %" PRIuMAX "%s (ulimit %s)", between,
			limits[i].name, (uintmax_t)value.rlim_cur,
			limits[i].unit, limits[i].option);
		between = ", ";
	}
	return -1;
}
