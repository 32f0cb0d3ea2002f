// SPDX-License-Identifier: MIT
//
// What is wrong with a file, as one line that says where.
#include <stdarg.h>
#include <stdio.h>

#include "csv_stream.h"
#include "printable.h"

int csv_fail_list(struct error *error, const char *path, size_t line,
	const char *column, const char *format, va_list arguments)
{
	char what[ERROR_TEXT / 2];

	vsnprintf(what, sizeof(what), format, arguments);
	make_printable(what);
	return error_set(error, "%s:%zu:%s: %s", path, line, column, what);
}

int csv_fail(struct error *error, const char *path, size_t line,
	const char *column, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	csv_fail_list(error, path, line, column, format, arguments);
	va_end(arguments);
	return -1;
}

int csv_table_fail(const struct csv_table *table, size_t row,
	const char *column, struct error *error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	csv_fail_list(error, table->path, table->lines[row], column, format,
		arguments);
	va_end(arguments);
	return -1;
}

int csv_table_need(const struct csv_table *table, const char *const *names,
	size_t count, int *columns, struct error *error)
{
	char behind[24];

	for (size_t i = 0; i < count; i++) {
		columns[i] = csv_table_column(table, names[i]);
		if (columns[i] >= 0)
			continue;
		snprintf(behind, sizeof(behind), "%zu", table->columns + 1);
		return csv_fail(error, table->path, 1, behind,
			"no column \"%s\"", names[i]);
	}
	return 0;
}
