// SPDX-License-Identifier: MIT
//
// Any bytes as a CSV table: what is read and written again reads back the
// same, a number is what strtod says, and an error has its place.
#include <math.h>
#include <string.h>

#include "csv_table.h"
#include "fuzz_file.h"
#include "number.h"

static void check_real(const char *text)
{
	double real, expected;

	if (!number_real(text, strlen(text), &real))
		return;
	expected = strtod(text, NULL);
	FUZZ_CHECK(real == expected && signbit(real) == signbit(expected),
		"%s: %.17g, not %.17g", text, real, expected);
}

static void check_fields(const struct csv_table *table)
{
	for (size_t i = 0; i < table->columns; i++)
		FUZZ_CHECK(csv_table_column(table, table->names[i]) == (int)i,
			"column %zu, \"%s\"", i, table->names[i]);
	for (size_t i = 0; i < table->columns * table->rows; i++)
		check_real(table->fields[i]);
}

/* False where a row is longer than a writer's. */
static bool write_row(
	struct csv_writer *writer, char *const *fields, size_t count)
{
	for (size_t i = 0; i < count; i++)
		csv_text(writer, fields[i]);
	return csv_end_row(writer) == 0;
}

static bool write_table(const struct csv_table *table, struct fuzz_file *file)
{
	struct csv_writer writer = fuzz_file_writer(file);

	if (!write_row(&writer, table->names, table->columns))
		return false;
	for (size_t i = 0; i < table->rows; i++)
		if (!write_row(&writer, table->fields + i * table->columns,
			    table->columns))
			return false;
	return true;
}

static void check_same(const struct csv_table *a, const struct csv_table *b)
{
	FUZZ_CHECK(a->columns == b->columns && a->rows == b->rows,
		"%zu × %zu, then %zu × %zu", a->rows, a->columns, b->rows,
		b->columns);
	for (size_t i = 0; i < a->columns; i++)
		FUZZ_CHECK(strcmp(a->names[i], b->names[i]) == 0,
			"\"%s\", then \"%s\"", a->names[i], b->names[i]);
	for (size_t i = 0; i < a->columns * a->rows; i++)
		FUZZ_CHECK(strcmp(a->fields[i], b->fields[i]) == 0,
			"\"%s\", then \"%s\"", a->fields[i], b->fields[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz_file file, copy;
	struct csv_table table, again;
	struct error error;

	fuzz_file_fill(&file, data, size);
	if (csv_table_read(&table, file.path, &error) != 0) {
		fuzz_check_place(error.text, file.path);
		return 0;
	}
	check_fields(&table);
	if (write_table(&table, &copy)) {
		FUZZ_CHECK(csv_table_read(&again, copy.path, &error) == 0, "%s",
			error.text);
		check_same(&table, &again);
		csv_table_finish(&again);
	}
	csv_table_finish(&table);
	return 0;
}
