// SPDX-License-Identifier: MIT
//
// Any bytes as a trials.csv: the rows that are read are written by trial_write
// and read back the same, and an error has its place.
#include <errno.h>
#include <math.h>

#include "csv_table.h"
#include "fuzz_file.h"

struct rows {
	struct csv_writer *writer; /* NULL: compared with the first reading */
	size_t count, room;
	struct trial *trials;
	size_t seen;
};

static bool same_real(double a, double b)
{
	return isnan(a) ? isnan(b) : a == b && signbit(a) == signbit(b);
}

static void check_same(const struct trial *a, const struct trial *b)
{
#define SAME_TEXT(name, description)                                           \
	FUZZ_CHECK(strcmp(a->name, b->name) == 0, "\"%s\", then \"%s\"",       \
		a->name, b->name);
#define SAME_COUNT(name, description)                                          \
	FUZZ_CHECK(a->name == b->name, "%llu, then %llu",                      \
		(unsigned long long)a->name, (unsigned long long)b->name);
#define SAME_REAL(name, description)                                           \
	FUZZ_CHECK(same_real(a->name, b->name), "%.17g, then %.17g", a->name,  \
		b->name);
	TRIAL_FIELDS(SAME_TEXT, SAME_COUNT, SAME_REAL)
#undef SAME_TEXT
#undef SAME_COUNT
#undef SAME_REAL
}

static int keep_row(const struct trial *trial, void *context)
{
	struct rows *rows = context;

	if (rows->count == rows->room) {
		rows->room = rows->room ? 2 * rows->room : 8;
		rows->trials = reallocarray(
			rows->trials, rows->room, sizeof(*rows->trials));
		FUZZ_CHECK(rows->trials, "no memory");
	}
	rows->trials[rows->count++] = *trial;
	FUZZ_CHECK(trial_write(rows->writer, trial) == 0, "row %zu: %s",
		rows->count, strerror(errno));
	return 0;
}

static int check_row(const struct trial *trial, void *context)
{
	struct rows *rows = context;

	FUZZ_CHECK(rows->seen < rows->count, "more than %zu", rows->count);
	check_same(&rows->trials[rows->seen++], trial);
	return 0;
}

/* The header line, with no comma of it taken for a field's. */
static void start_copy(struct csv_writer *writer)
{
	writer->used = strlen(trial_header);
	memcpy(writer->row, trial_header, writer->used);
	FUZZ_CHECK(csv_end_row(writer) == 0, "%s", strerror(errno));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz_file file, copy;
	struct csv_writer writer = fuzz_file_writer(&copy);
	struct rows rows = {.writer = &writer};
	struct error error;

	start_copy(&writer);
	fuzz_file_fill_table(&file, trial_header, data, size);
	if (trials_read(file.path, keep_row, &rows, &error) != 0)
		fuzz_check_place(error.text, file.path);
	/* The rows before an error were good ones. */
	if (rows.count > 0)
		FUZZ_CHECK(
			trials_read(copy.path, check_row, &rows, &error) == 0,
			"%s", error.text);
	FUZZ_CHECK(
		rows.seen == rows.count, "%zu of %zu", rows.seen, rows.count);
	free(rows.trials);
	return 0;
}
