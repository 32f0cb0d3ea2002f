// SPDX-License-Identifier: MIT
#include "option_table.h"

const char *const option_formats[] = {"table", "csv", "json", NULL};

const struct option_row option_help_row = {
	"help",
	'h',
	.kind = OPTION_FLAG,
	.help = "print this help",
};

const struct option_row *option_row_at(
	const struct option_command *command, size_t place)
{
	const struct option_row *row = command->rows;
	size_t i = 0;

	for (; row != NULL && row->name != NULL; row++)
		if (i++ == place)
			return row;
	return i == place ? &option_help_row : NULL;
}

const char *option_row_name(const struct option_row *row, size_t place)
{
	size_t count = 0;

	if (row->names != NULL)
		while (count < place && row->names[count] != NULL)
			count++;
	else if (row->name_at != NULL)
		while (count < place && row->name_at(count) != NULL)
			count++;
	if (row->names != NULL && row->names[count] != NULL)
		return row->names[count];
	if (row->names == NULL && row->name_at != NULL &&
		row->name_at(count) != NULL)
		return row->name_at(count);
	return row->or_all && count == place ? "all" : NULL;
}
