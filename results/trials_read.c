// SPDX-License-Identifier: MIT
//
// Streams trials.csv into one struct trial that every row overwrites.
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv_stream.h"
#include "csv_table.h"
#include "number.h"
#include "trials_seen.h"

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
	struct trials_seen *seen; /* NULL: a turn may be there twice */
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
		return csv_stream_fail(stream, stream->column,
			"\"%.64s\" is no finite number", text);
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
		strcmp(text, RECORD_ROLE_PLANTED) == 0 ||
		strcmp(text, RECORD_ROLE_COPY) == 0;
}

/* Where a row that is like it stands, or 0. */
static int find_first(const struct trial *trial, void *context)
{
	struct trial *second = context;

	if (strcmp(trial->status, "ok") != 0 ||
		!trials_same_turn(trial, second))
		return 0;
	second->line = trial->line;
	return 1;
}

static int read_rows(
	const char *path, struct reading *reading, struct error *error);

/* Ten million turns have no room for their lines, so that the file is read
 * again for the line of the first. */
static int refuse_second(struct csv_stream *stream)
{
	struct reading *reading = stream->context;
	struct trial first = reading->trial;
	struct reading again = {.each = find_first, .context = &first};

	if (read_rows(stream->path, &again, stream->error) < 0)
		return -1;
	return csv_fail(stream->error, stream->path, reading->trial.line,
		"round",
		"a second row of round %" PRIu64 " of launch %" PRIu64
		", variant %.64s, as in line %zu",
		first.round, first.launch, first.variant, first.line);
}

/* Each turn stands there once. A lane that failed may have come to no round, or
 * have its row beside one of a round. */
static int check_turn(struct csv_stream *stream)
{
	static const char below[] = "must be given, and below 2^32";
	struct reading *reading = stream->context;
	const struct trial *trial = &reading->trial;
	bool failed = strcmp(trial->status, "ok") != 0;
	int there;

	if (trial->launch > UINT32_MAX)
		return csv_fail(stream->error, stream->path, trial->line,
			"launch", "%s", below);
	if (failed)
		return 0;
	if (trial->round > UINT32_MAX)
		return csv_fail(stream->error, stream->path, trial->line,
			"round", "%s", below);
	if (trial->ns_per_op == 0)
		return refuse(stream, "ns_per_op", "0",
			"a number above 0, or none where it was not measured");
	if (reading->seen == NULL)
		return 0;
	there = trials_seen_add(reading->seen, trial);
	if (there < 0)
		return csv_fail(stream->error, stream->path, trial->line,
			"cell", "%s", error_reason(errno));
	return there == 0 ? 0 : refuse_second(stream);
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
			"variant, control, peer, planted or baseline copy");
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
	if (check_row(stream) != 0 || check_turn(stream) != 0)
		return -1;
	return reading->each(&reading->trial, reading->context);
}

static int read_rows(
	const char *path, struct reading *reading, struct error *error)
{
	static const struct csv_sink sink = {read_header, read_field, read_row};
	int result = csv_stream_read(path, &sink, reading, error);

	free(reading->by_column);
	return result;
}

int trials_read(const char *path,
	int (*each)(const struct trial *trial, void *context), void *context,
	struct error *error)
{
	struct trials_seen seen = {0};
	struct reading reading = {
		.each = each, .context = context, .seen = &seen};
	int result = read_rows(path, &reading, error);

	trials_seen_finish(&seen);
	return result;
}
