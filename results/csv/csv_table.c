// SPDX-License-Identifier: MIT
//
// All texts of a table lie in one block, one after the other with their NULs;
// the pointers are made when it has stopped growing.
#include "csv_table.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv_stream.h"
#include "number.h"

struct loading {
	struct csv_table *table;
	size_t used, room; /* bytes of table->text */
	size_t line_room; /* of table->lines */
};

static int add_text(struct csv_stream *stream, const char *text, size_t bytes)
{
	struct loading *loading = stream->context;
	struct csv_table *table = loading->table;

	if (bytes + 1 > loading->room - loading->used) {
		size_t room = 2 * loading->room + bytes + 4096;
		char *larger = realloc(table->text, room);

		if (!larger)
			return csv_stream_fail(stream, stream->column, "%s",
				error_reason(errno));
		table->text = larger;
		loading->room = room;
	}
	memcpy(table->text + loading->used, text, bytes + 1);
	loading->used += bytes + 1;
	return 0;
}

/* Where the next row begins, if there is one. */
static int add_line(struct csv_stream *stream)
{
	struct loading *loading = stream->context;
	struct csv_table *table = loading->table;

	if (table->rows == loading->line_room) {
		size_t room = 2 * loading->line_room + 16;
		size_t *larger =
			reallocarray(table->lines, room, sizeof(*larger));

		if (!larger)
			return csv_stream_fail(
				stream, 0, "%s", error_reason(errno));
		table->lines = larger;
		loading->line_room = room;
	}
	table->lines[table->rows] = stream->line + 1;
	return 0;
}

static int add_header(struct csv_stream *stream)
{
	struct loading *loading = stream->context;

	loading->table->columns = stream->columns;
	for (size_t i = 0; i < stream->columns; i++) {
		const char *name = stream->names.texts[i];

		if (add_text(stream, name, strlen(name)) != 0)
			return -1;
	}
	return add_line(stream);
}

static int add_row(struct csv_stream *stream)
{
	struct loading *loading = stream->context;

	loading->table->rows++;
	return add_line(stream);
}

/* Points at the next `count` texts from *text on. NULL with errno. */
static char **point_at(char **text, size_t count)
{
	/* At least one: calloc(0) may give NULL. */
	char **pointers = calloc(count + 1, sizeof(*pointers));

	for (size_t i = 0; pointers && i < count; i++) {
		pointers[i] = *text;
		*text += strlen(*text) + 1;
	}
	return pointers;
}

static int point_at_all(struct csv_table *table)
{
	char *text = table->text;

	table->names = point_at(&text, table->columns);
	if (table->names)
		table->fields = point_at(&text, table->rows * table->columns);
	return table->fields ? 0 : -1;
}

int csv_table_read(
	struct csv_table *table, const char *path, struct error *error)
{
	static const struct csv_sink sink = {add_header, add_text, add_row};
	struct loading loading = {.table = table};

	*table = (struct csv_table){.path = strdup(path)};
	if (csv_stream_read(path, &sink, &loading, error) != 0)
		goto fail;
	if (table->path && point_at_all(table) == 0)
		return 0;
	error_set(error, "%s: %s", path, strerror(ENOMEM));
fail:
	csv_table_finish(table);
	return -1;
}

int csv_table_column(const struct csv_table *table, const char *name)
{
	for (size_t i = 0; i < table->columns; i++)
		if (strcmp(table->names[i], name) == 0)
			return (int)i;
	return -1;
}

const char *csv_table_text(
	const struct csv_table *table, size_t row, int column)
{
	if (column < 0)
		return "";
	return table->fields[row * table->columns + (size_t)column];
}

double csv_table_real(const struct csv_table *table, size_t row, int column)
{
	const char *text = csv_table_text(table, row, column);
	double real;

	return number_real(text, strlen(text), &real) ? real : NAN;
}

void csv_table_finish(struct csv_table *table)
{
	if (!table)
		return;
	free(table->path);
	free(table->text);
	free(table->names);
	free(table->fields);
	free(table->lines);
	*table = (struct csv_table){0};
}
