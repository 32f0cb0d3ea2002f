// SPDX-License-Identifier: MIT
//
// Values of options, from text to what they mean.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"

int option_number(const char *option, const char *text, uint64_t least,
	uint64_t most, uint64_t *number, struct error *error)
{
	char *end;

	errno = 0;
	*number = strtoull(text, &end, 10);
	if (errno == 0 && end != text && *end == '\0' && text[0] >= '0' &&
		text[0] <= '9' && *number >= least && *number <= most)
		return 0;
	return error_set(error,
		"--%s '%s': allowed is a whole number from %llu to %llu",
		option, text, (unsigned long long)least,
		(unsigned long long)most);
}

int option_format(
	const char *text, enum table_format *format, struct error *error)
{
	static const char *const names[] = {
		[FORMAT_TABLE] = "table",
		[FORMAT_CSV] = "csv",
		[FORMAT_JSON] = "json",
	};

	for (size_t i = 0; i < 3; i++)
		if (strcmp(names[i], text) == 0) {
			*format = (enum table_format)i;
			return 0;
		}
	return error_set(
		error, "--format '%s': allowed are table, csv, json", text);
}
