// SPDX-License-Identifier: MIT
//
// Streams trials.csv into one struct trial that every row overwrites.
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv_stream.h"
#include "csv_table.h"
#include "number.h"

enum kind { KIND_TEXT, KIND_COUNT, KIND_REAL };

struct trial_field {
	const char *name;
	enum kind kind;
	size_t offset; /* in struct trial */
};

#define TEXT_FIELD(name, description)                                          \
	{#name, KIND_TEXT, offsetof(struct trial, name)},
#define COUNT_FIELD(name, description)                                         \
	{#name, KIND_COUNT, offsetof(struct trial, name)},
#define REAL_FIELD(name, description)                                          \
	{#name, KIND_REAL, offsetof(struct trial, name)},
static const struct trial_field trial_fields[] = {
	TRIAL_FIELDS(TEXT_FIELD, COUNT_FIELD, REAL_FIELD)};
#undef TEXT_FIELD
#undef COUNT_FIELD
#undef REAL_FIELD

#define FIELD_COUNT (sizeof(trial_fields) / sizeof(trial_fields[0]))

struct reading {
	int (*each)(const struct trial *trial, void *context);
	void *context;
	const struct trial_field **by_column; /* NULL: passed over */
	struct trial trial;
};

static int read_header(struct csv_stream *stream)
{
	struct reading *reading = stream->context;

	reading->by_column =
		calloc(stream->columns, sizeof(*reading->by_column));
	if (!reading->by_column)
		return csv_stream_fail(stream, 0, "out of memory");
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		uint32_t column =
			names_find(&stream->names, trial_fields[i].name);

		if (column == NAMES_NONE)
			return csv_stream_fail(stream, stream->columns,
				"no column \"%s\"", trial_fields[i].name);
		reading->by_column[column] = &trial_fields[i];
	}
	return 0;
}

static int read_text(
	struct csv_stream *stream, char *member, const char *text, size_t bytes)
{
	if (bytes >= RECORD_TEXT)
		return csv_stream_fail(stream, stream->column,
			"a text of %zu bytes; at most %d are allowed", bytes,
			RECORD_TEXT - 1);
	memcpy(member, text, bytes + 1);
	return 0;
}

static int read_count(struct csv_stream *stream, uint64_t *member,
	const char *text, size_t bytes)
{
	*member = RECORD_NO_COUNT;
	if (bytes == 0 || number_count(text, bytes, member))
		return 0;
	return csv_stream_fail(stream, stream->column,
		"\"%.64s\" is no whole number below 2^64 - 1", text);
}

static int read_real(struct csv_stream *stream, double *member,
	const char *text, size_t bytes)
{
	*member = NAN;
	if (bytes == 0)
		return 0;
	if (!number_real(text, bytes, member))
		return csv_stream_fail(
			stream, stream->column, "\"%.64s\" is no number", text);
	if (*member < 0)
		return csv_stream_fail(
			stream, stream->column, "\"%.64s\" is below 0", text);
	return 0;
}

static int read_field(struct csv_stream *stream, const char *text, size_t bytes)
{
	struct reading *reading = stream->context;
	const struct trial_field *field = reading->by_column[stream->column];
	void *member;

	if (!field)
		return 0;
	member = (char *)&reading->trial + field->offset;
	switch (field->kind) {
	case KIND_TEXT:
		return read_text(stream, member, text, bytes);
	case KIND_COUNT:
		return read_count(stream, member, text, bytes);
	case KIND_REAL:
		return read_real(stream, member, text, bytes);
	}
	return 0;
}

static int refuse(struct csv_stream *stream, const char *column,
	const char *text, const char *allowed)
{
	struct reading *reading = stream->context;

	return csv_fail(stream->error, stream->path, reading->trial.line,
		column, "\"%.64s\": allowed is %s", text, allowed);
}

static bool is_status(const char *text)
{
#define IS_STATUS(name, status) strcmp(text, status) == 0 ||
	return RECORD_STATUSES(IS_STATUS) false;
#undef IS_STATUS
}

static bool is_role(const char *text)
{
	return text[0] == '\0' || strcmp(text, RECORD_ROLE_VARIANT) == 0 ||
		strcmp(text, RECORD_ROLE_CONTROL) == 0 ||
		strcmp(text, RECORD_ROLE_PEER) == 0 ||
		strcmp(text, RECORD_ROLE_COPY) == 0;
}

/* What a number or a text says by itself; whether a row belongs to its run is
 * for those who know the plan. */
static int check_row(struct csv_stream *stream)
{
	struct reading *reading = stream->context;
	const struct trial *trial = &reading->trial;
	char digits[24];

	if (trial->schema_version != RECORD_SCHEMA_VERSION)
		return csv_fail(stream->error, stream->path, trial->line,
			"schema_version", "this program reads version %d",
			RECORD_SCHEMA_VERSION);
	if (trial->cell[0] == '\0')
		return refuse(stream, "cell", "", "the name of a cell");
	if (trial->variant[0] == '\0')
		return refuse(stream, "variant", "", "the name of a variant");
	if (!is_role(trial->role))
		return refuse(stream, "role", trial->role,
			"variant, control, peer or baseline copy");
	if (!is_status(trial->status))
		return refuse(stream, "status", trial->status,
			"ok, failed, crashed, hung, miscounted or damaged");
	if (trial->excluded <= 1 || trial->excluded == RECORD_NO_COUNT)
		return 0;
	snprintf(digits, sizeof(digits), "%" PRIu64, trial->excluded);
	return refuse(stream, "excluded", digits, "0 or 1");
}

static int read_row(struct csv_stream *stream)
{
	struct reading *reading = stream->context;

	reading->trial.line = stream->row_line;
	if (check_row(stream) != 0)
		return -1;
	return reading->each(&reading->trial, reading->context);
}

int trials_read(const char *path,
	int (*each)(const struct trial *trial, void *context), void *context,
	struct error *error)
{
	static const struct csv_sink sink = {read_header, read_field, read_row};
	struct reading reading = {.each = each, .context = context};
	int result = csv_stream_read(path, &sink, &reading, error);

	free(reading.by_column);
	return result;
}
