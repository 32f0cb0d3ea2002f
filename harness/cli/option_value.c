// SPDX-License-Identifier: MIT
//
// Values of options, from text to what they mean.
#include <stdlib.h>
#include <string.h>

#include "nearest_name.h"
#include "number.h"
#include "option_parse.h"

int option_count(const struct option_row *row, const char *text,
	uint64_t *count, struct error *error)
{
	if (number_count(text, strlen(text), count) && *count >= row->least &&
		*count <= row->most)
		return 0;
	return error_set(error,
		"--%s '%s': allowed is a whole number from %llu to %llu",
		row->name, text, (unsigned long long)row->least,
		(unsigned long long)row->most);
}

static int read_percent(const struct option_row *row,
	struct option_value *value, struct error *error)
{
	char digits[64];
	size_t length = strlen(value->text);
	double percent;

	if (length > 0 && value->text[length - 1] == '%')
		length--;
	if (length > 0 && length < sizeof(digits)) {
		memcpy(digits, value->text, length);
		digits[length] = '\0';
		value->fraction = number_real(digits, length, &percent)
			? percent / 100
			: 0;
		if (value->fraction > 0 &&
			value->fraction * 100 <= (double)row->most)
			return 0;
	}
	return error_set(error,
		"--%s '%s': allowed is a percentage above 0, up to %llu",
		row->name, value->text, (unsigned long long)row->most);
}

int option_refuse_name(
	const struct option_row *row, const char *text, struct error *error)
{
	struct nearest_name nearest = {.word = text};
	const char *name;

	error_set(error, "--%s '%s': allowed are ", row->name, text);
	for (size_t i = 0; (name = option_row_name(row, i)) != NULL; i++) {
		error_add(error, "%s%s", i > 0 ? ", " : "", name);
		nearest_name_try(&nearest, name);
	}
	return error_add_nearest(error, &nearest);
}

static int read_name(const struct option_row *row, struct option_value *value,
	struct error *error)
{
	const char *name;

	for (size_t i = 0; (name = option_row_name(row, i)) != NULL; i++)
		if (strcmp(name, value->text) == 0) {
			value->number = i;
			return 0;
		}
	return option_refuse_name(row, value->text, error);
}

int option_value_read(const struct option_row *row, char *text,
	struct option_value *value, struct error *error)
{
	*value = (struct option_value){.row = row, .text = text};
	switch (row->kind) {
	case OPTION_NUMBER:
		return option_count(row, text, &value->number, error);
	case OPTION_PERCENT:
		return read_percent(row, value, error);
	case OPTION_NAME:
	case OPTION_WORD:
		return read_name(row, value, error);
	default:
		return 0;
	}
}
