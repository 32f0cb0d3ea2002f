// SPDX-License-Identifier: MIT
//
// Reads a run directory and puts the comparisons in the order of the report.
#include "report_data.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lane_facts.h"
#include "run_table.h"
#include "variant_style.h"

static const char *const file_names[FILE_COUNT] = {
	"comparisons.csv",
	"summary.csv",
	"memory.csv",
	"serial.csv",
	"latency.csv",
	"scaling.csv",
	"counters.csv",
	"metrics.csv",
	"exec.csv",
	"plan.csv",
	"certificate.csv",
	"ledger.csv",
};

const char *report_file_name(enum report_file file)
{
	return file_names[file];
}

const char *report_field(
	const struct csv_table *table, size_t row, const char *column)
{
	return csv_table_text(table, row, csv_table_column(table, column));
}

double report_real(
	const struct csv_table *table, size_t row, const char *column)
{
	return csv_table_real(table, row, csv_table_column(table, column));
}

/* 1 where the file is there, 0 where not; -1 without memory. */
static int find(char **path, const char *run, const char *file)
{
	if (asprintf(path, "%s/%s", run, file) < 0) {
		*path = NULL;
		return -1;
	}
	return access(*path, F_OK) == 0;
}

static int read_table(
	struct report_data *data, enum report_file file, struct error *error)
{
	char *path;
	int result = find(&path, data->run, file_names[file]);

	if (result > 0) {
		result = run_table_read(
			&data->tables[file], path, file_names[file], error);
		data->present[file] = !result;
	}
	free(path);
	return result;
}

static int read_trials(struct report_data *data, struct error *error)
{
	char *path;
	int result = find(&path, data->run, "trials.csv");

	if (result > 0) {
		result = trial_summary_read(
			&data->trials, path, data->baseline, error);
		data->has_trials = !result;
	}
	free(path);
	return result;
}

static int read_meta(struct report_data *data, struct error *error)
{
	json_error_t problem;
	char *path;
	int result = find(&path, data->run, "meta.json");

	if (result > 0) {
		data->meta = json_load_file(path, 0, &problem);
		result = data->meta ? 0 : -1;
		if (result)
			error_set(error, "%s:%d:%d: %s", path, problem.line,
				problem.column, problem.text);
	}
	free(path);
	return result;
}

enum verdict_kind report_verdict_kind(const char *verdict)
{
	return (enum verdict_kind)verdict_of_name(verdict);
}

static void fill_row(
	struct comparison_row *row, const struct csv_table *table, size_t index)
{
	row->row = index;
	row->cell = report_field(table, index, "cell");
	row->variant = report_field(table, index, "variant");
	row->baseline = report_field(table, index, "baseline");
	row->metric = report_field(table, index, "metric");
	row->verdict = report_field(table, index, "verdict");
	row->headline =
		!strcmp(report_field(table, index, "family"), "headline");
	row->kind = report_verdict_kind(row->verdict);
	cell_name_parse(&row->name, row->cell);
	row->ratio = report_real(table, index, "ratio");
	row->ci_low = report_real(table, index, "ci_low");
	row->ci_high = report_real(table, index, "ci_high");
	row->ci_level = report_real(table, index, "ci_level");
	row->p_adjusted = report_real(table, index, "p_adj");
	row->margin = report_real(table, index, "margin");
	row->launches_needed = report_real(table, index, "launches_needed");
}

static int row_order(const void *a, const void *b)
{
	const struct comparison_row *x = a, *y = b;
	int order = (int)y->headline - (int)x->headline;

	if (!order)
		order = cell_name_order(&x->name, &y->name);
	if (!order)
		order = strcmp(x->cell, y->cell);
	if (!order)
		order = strcmp(x->metric, y->metric);
	if (!order)
		order = variant_order(x->baseline, y->baseline);
	return order ? order : variant_order(x->variant, y->variant);
}

/* The wanted value where a row has it, else the first row's. */
static const char *main_value(
	const struct csv_table *table, const char *column, const char *wanted)
{
	for (size_t i = 0; i < table->rows; i++)
		if (!strcmp(report_field(table, i, column), wanted))
			return wanted;
	return table->rows ? report_field(table, 0, column) : wanted;
}

static void summarise_rows(struct report_data *data)
{
	data->margin = 0.02;
	for (size_t i = 0; i < data->row_count; i++) {
		const struct comparison_row *row = &data->rows[i];

		if (!isnan(row->margin))
			data->margin = row->margin;
		data->headline_count += row->headline;
	}
	/* Without a headline family, what there is is shown. */
	if (!data->headline_count)
		data->headline_count = data->row_count;
	for (size_t i = 0; i < data->headline_count; i++) {
		data->headline_cells += !i ||
			strcmp(data->rows[i].cell, data->rows[i - 1].cell);
		if (data->rows[i].name.threads > data->threads)
			data->threads = data->rows[i].name.threads;
	}
}

static int sort_comparisons(struct report_data *data)
{
	const struct csv_table *table = &data->tables[FILE_COMPARISONS];

	data->baseline = main_value(table, "baseline", "none");
	data->metric = main_value(table, "metric", "ns_per_op");
	data->rows = calloc(table->rows + 1, sizeof(*data->rows));
	data->others = calloc(table->rows + 1, sizeof(*data->others));
	if (!data->rows || !data->others)
		return -1;
	for (size_t i = 0; i < table->rows; i++) {
		struct comparison_row row;

		fill_row(&row, table, i);
		if (strcmp(row.metric, data->metric) ||
			strcmp(row.baseline, data->baseline))
			data->others[data->other_count++] = row;
		else
			data->rows[data->row_count++] = row;
	}
	qsort(data->rows, data->row_count, sizeof(*data->rows), row_order);
	qsort(data->others, data->other_count, sizeof(*data->others),
		row_order);
	summarise_rows(data);
	return 0;
}

/* The directory's own name, whatever form it was given in. */
static int read_name(struct report_data *data)
{
	char *path = realpath(data->run, NULL);
	const char *slash = path ? strrchr(path, '/') : NULL;

	data->name = strdup(slash ? slash + 1 : data->run);
	free(path);
	return data->name ? 0 : -1;
}

static int read_all(struct report_data *data, struct error *error)
{
	bool any;

	if (read_name(data))
		return -1;
	for (int file = 0; file < FILE_COUNT; file++)
		if (read_table(data, (enum report_file)file, error))
			return -1;
	if (sort_comparisons(data) || read_trials(data, error) ||
		read_meta(data, error))
		return -1;
	lane_facts_read(data->meta);
	data->is_ledger =
		data->present[FILE_LEDGER] && !data->present[FILE_COMPARISONS];
	any = data->has_trials || data->meta;
	for (int file = 0; file < FILE_COUNT; file++)
		any = any || data->present[file];
	if (any)
		return 0;
	return error_set(error,
		"%s: no run directory: it has none of trials.csv, "
		"comparisons.csv and the other files of a run",
		data->run);
}

int report_data_read(
	struct report_data *data, const char *run, struct error *error)
{
	int result;

	memset(data, 0, sizeof(*data));
	variant_style_forget();
	data->run = run;
	error->text[0] = '\0';
	result = read_all(data, error);
	if (result && !error->text[0])
		error_set(error, "%s: %s", run, strerror(ENOMEM));
	return result;
}

static bool names_panel(const char *cell, const struct cell_name *name)
{
	struct cell_name other;

	cell_name_parse(&other, cell);
	return cell_name_same_panel(&other, name);
}

bool report_data_is_headline(
	const struct report_data *data, const struct cell_name *name)
{
	const struct csv_table *plan = &data->tables[FILE_PLAN];
	bool any = false;

	for (size_t i = 0; i < plan->rows; i++) {
		if (strcmp(report_field(plan, i, "headline"), "1"))
			continue;
		any = true;
		if (names_panel(report_field(plan, i, "cell"), name))
			return true;
	}
	for (size_t i = 0; i < data->headline_count; i++) {
		any = any || data->rows[i].headline;
		if (data->rows[i].headline &&
			cell_name_same_panel(&data->rows[i].name, name))
			return true;
	}
	return !any;
}

void report_data_finish(struct report_data *data)
{
	if (!data)
		return;
	for (int file = 0; file < FILE_COUNT; file++)
		csv_table_finish(&data->tables[file]);
	trial_summary_finish(&data->trials);
	json_decref(data->meta);
	free(data->name);
	free(data->rows);
	free(data->others);
	memset(data, 0, sizeof(*data));
}
