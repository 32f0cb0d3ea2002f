// SPDX-License-Identifier: MIT
#include "run_table.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "number.h"

#define COLUMNS_MOST 20

/* Lists of columns, each closed by NULL. */
struct run_file {
	const char *name;
	const char *keys[8]; /* of which no two rows are the same */
	const char *numbers[COLUMNS_MOST]; /* from 0 */
	const char *differences[COLUMNS_MOST]; /* which may be below 0 */
};

/* docs/formats.md says what is in them. */
static const struct run_file files[] = {
	{"comparisons.csv", {"family", "cell", "metric", "baseline", "variant"},
		{"n_launches", "ratio", "ci_low", "ci_high", "ci_level",
			"p_raw", "p_adj", "margin", "hodges_lehmann", "sigma",
			"launches_needed", "exact_low", "exact_high",
			"exact_level", "step"},
		{NULL}},
	{"summary.csv",
		{"scope", "name", "threads", "placement", "metric", "baseline",
			"variant"},
		{"threads", "n_cells", "n_launches", "least_launches", "ratio",
			"ci_low", "ci_high", "ci_level", "resamples", "margin"},
		{NULL}},
	{"memory.csv", {"variant", "allocator", "size"},
		{"size", "live_blocks", "requested_bytes", "header_tail_bytes",
			"rounding_bytes", "total_bytes"},
		{"rest_bytes"}},
	{"serial.csv", {"variant", "threads"},
		{"threads", "numbers", "duplicates", "lost", "gaps",
			"inversions", "bump_p50_cycles", "bump_p99_cycles",
			"bump_max_cycles"},
		{NULL}},
	{"latency_launches.csv",
		{"cell", "variant", "loop", "operation", "launch"},
		{"launch", "samples", "one_in", "clock_ns", "period_ns",
			"p50_ns", "p90_ns", "p99_ns", "p999_ns", "p9999_ns",
			"max_ns"},
		{NULL}},
	{"latency.csv", {"cell", "variant", "loop", "operation", "percentile"},
		{"percentile", "n_launches", "samples", "clock_ns", "period_ns",
			"ns", "ci_low", "ci_high", "ci_level", "ratio",
			"ratio_low", "ratio_high"},
		{NULL}},
	{"scaling.csv", {"cells", "variant"},
		{"thread_counts", "n_launches", "gamma_mops", "peak_threads",
			"rms_error"},
		{"gamma_low", "gamma_high", "alpha", "alpha_low", "alpha_high",
			"beta", "beta_low", "beta_high"}},
	{"counters.csv", {"cell", "variant"},
		{"ops", "cycles", "instructions", "cache_misses",
			"l1d_load_misses"},
		{NULL}},
	{"metrics.csv", {"metric", "cell", "variant"}, {NULL}, {"value"}},
	{"exec.csv", {"command", "allocator", "variant"},
		{"launches", "wall_ms_median", "ratio", "ci_low", "ci_high",
			"ci_level", "p_raw", "p_adj", "peak_rss_kib",
			"processes", "live_blocks_at_peak",
			"requested_bytes_at_peak", "debug_bytes_at_peak",
			"serial_bytes_at_peak"},
		{NULL}},
	{"plan.csv", {"order"},
		{"order", "launch", "seed", "link_order", "env_bytes", "rounds",
			"turn_us"},
		{NULL}},
	/* An experiment is made more than once. */
	{"certificate.csv", {NULL},
		{"threads", "busy", "link_order", "launches", "rounds", "ratio",
			"ci_low", "ci_high", "ci_level", "seconds"},
		{"planted"}},
	{"ledger.csv", {"cell", "kind", "part"},
		{"ci_level", "n_launches", "asked_bytes"},
		{"ns", "ci_low", "ci_high", "share", "slot_bytes"}},
};

static const struct run_file *find_file(const char *name)
{
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (strcmp(files[i].name, name) == 0)
			return &files[i];
	return NULL;
}

static int check_numbers(const struct csv_table *table, const char *column,
	bool signed_too, struct error *error)
{
	int at = csv_table_column(table, column);

	for (size_t row = 0; at >= 0 && row < table->rows; row++) {
		const char *text = csv_table_text(table, row, at);
		double real;

		if (text[0] != '\0' &&
			(!number_real(text, strlen(text), &real) ||
				(real < 0 && !signed_too)))
			return csv_table_fail(table, row, column, error,
				"\"%.64s\": allowed is a finite number%s", text,
				signed_too ? "" : " from 0");
	}
	return 0;
}

/* The texts of a row's key, with what is in no text of a run between them. */
static char *join_key(
	const struct csv_table *table, size_t row, const int *at, size_t count)
{
	size_t bytes = 1;
	char *key, *end;

	for (size_t i = 0; i < count; i++)
		bytes += strlen(csv_table_text(table, row, at[i])) + 1;
	key = malloc(bytes);
	if (key == NULL)
		return NULL;
	end = key;
	for (size_t i = 0; i < count; i++) {
		end = stpcpy(end, csv_table_text(table, row, at[i]));
		*end++ = '\037';
	}
	*end = '\0';
	return key;
}

/* As a person writes it. */
static void show_key(char *key)
{
	for (char *end = strchr(key, '\037'); end != NULL;
		end = strchr(end, '\037'))
		*end = end[1] != '\0' ? ',' : '\0';
}

static int add_key(const struct csv_table *table, size_t row, const int *at,
	size_t count, struct names *seen, struct error *error)
{
	char *key = join_key(table, row, at, count);
	uint32_t number = key == NULL ? NAMES_NONE : names_add(seen, key);

	int result = 0;

	if (number == NAMES_NONE) {
		result = error_set(
			error, "%s: %s", table->path, strerror(ENOMEM));
	} else if (number != row) {
		/* Every row before this one has added a key of its own. */
		show_key(key);
		result = csv_table_fail(table, row, table->names[at[0]], error,
			"a second row for \"%.200s\", as in line %zu", key,
			table->lines[number]);
	}
	free(key);
	return result;
}

/* Where all columns of the key are there. */
static int check_once(const struct csv_table *table,
	const struct run_file *file, struct error *error)
{
	struct names seen = {0};
	int at[sizeof(file->keys) / sizeof(file->keys[0])], result = 0;
	size_t count = 0;

	for (; file->keys[count] != NULL; count++) {
		at[count] = csv_table_column(table, file->keys[count]);
		if (at[count] < 0)
			return 0;
	}
	for (size_t row = 0; count > 0 && result == 0 && row < table->rows;
		row++)
		result = add_key(table, row, at, count, &seen, error);
	names_finish(&seen);
	return result;
}

int run_table_read(struct csv_table *table, const char *path, const char *file,
	struct error *error)
{
	const struct run_file *known = find_file(file);
	int result;

	if (known == NULL)
		return error_set(
			error, "%s: %s is no file of a run", path, file);
	if (csv_table_read(table, path, error) != 0)
		return -1;
	result = check_once(table, known, error);
	for (size_t i = 0; result == 0 && known->numbers[i] != NULL; i++)
		result = check_numbers(table, known->numbers[i], false, error);
	for (size_t i = 0; result == 0 && known->differences[i] != NULL; i++)
		result = check_numbers(
			table, known->differences[i], true, error);
	if (result != 0)
		csv_table_finish(table);
	return result;
}
