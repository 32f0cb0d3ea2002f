// SPDX-License-Identifier: MIT
//
// Any bytes as a run directory that is compared: the first blank line ends
// plan.csv, and what is behind it is trials.csv. Where nothing is before it
// there is no plan. The comparisons and their summary are sound, print in every
// format, and a run held against itself has no difference.
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

#include "compare.h"
#include "fuzz_file.h"
#include "summary.h"

/* Directories of links to the files, which are themselves in memory. */
static struct {
	struct fuzz_file plan, trials, printed;
	char top[32];
	char planned[48], bare[48]; /* with a plan.csv and without */
} run;

static void remove_run(void)
{
	static const char *const paths[] = {"planned/plan.csv",
		"planned/trials.csv", "bare/trials.csv", "planned", "bare", ""};
	char path[64];

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", run.top, paths[i]);
		remove(path);
	}
}

static void make_link(const char *directory, const char *name, const char *to)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	FUZZ_CHECK(symlink(to, path) == 0, "%s: %s", path, strerror(errno));
}

static void make_directory(char path[48], const char *name)
{
	snprintf(path, 48, "%s/%s", run.top, name);
	FUZZ_CHECK(mkdir(path, 0700) == 0, "%s: %s", path, strerror(errno));
	make_link(path, "trials.csv", run.trials.path);
}

static void make_run(void)
{
	fuzz_file_fill(&run.plan, "", 0);
	fuzz_file_fill(&run.trials, "", 0);
	fuzz_file_fill(&run.printed, "", 0);
	strcpy(run.top, "/tmp/serialbench-fuzz-XXXXXX");
	FUZZ_CHECK(mkdtemp(run.top), "%s", strerror(errno));
	atexit(remove_run);
	make_directory(run.planned, "planned");
	make_directory(run.bare, "bare");
	make_link(run.planned, "plan.csv", run.plan.path);
}

/* Fills the files; the directory that has them. */
static const char *fill_run(const uint8_t *data, size_t size)
{
	size_t rest, end = fuzz_cut(data, size, &rest);

	if (run.top[0] == '\0')
		make_run();
	fuzz_file_fill(&run.plan, data, end);
	fuzz_file_fill_table(
		&run.trials, trial_header, data + rest, size - rest);
	return end > 0 ? run.planned : run.bare;
}

/* NaN is what could not be told. */
static bool is_probability(double p)
{
	return isnan(p) || (p >= 0 && p <= 1);
}

static void check_comparison(const struct comparison *item)
{
	FUZZ_CHECK(item->p_raw >= 0 && item->p_raw <= 1, "%g", item->p_raw);
	FUZZ_CHECK(item->p_adjusted >= item->p_raw && item->p_adjusted <= 1,
		"%.17g from %.17g", item->p_adjusted, item->p_raw);
	FUZZ_CHECK(is_probability(item->ci_level), "%g", item->ci_level);
	FUZZ_CHECK(isnan(item->ci_low) == isnan(item->ci_high) &&
			!(item->ci_low > item->ci_high),
		"%g … %g", item->ci_low, item->ci_high);
	FUZZ_CHECK(isnan(item->ratio) == (item->launches == 0) &&
			!(item->ratio < 0),
		"%g of %zu", item->ratio, item->launches);
	FUZZ_CHECK(item->launches > 0 || item->p_raw == 1, "%g", item->p_raw);
	FUZZ_CHECK(!(item->sigma < 0), "%g", item->sigma);
}

static void check_summary_row(const struct summary_row *row)
{
	FUZZ_CHECK(row->cells > 0 && row->least_launches > 0 &&
			row->launches >= row->cells * row->least_launches,
		"%zu cells, %zu launches, %zu", row->cells, row->launches,
		row->least_launches);
	FUZZ_CHECK(row->ratio >= 0, "%g", row->ratio);
	FUZZ_CHECK(isnan(row->ci_low) == isnan(row->ci_high) &&
			isnan(row->ci_low) == (row->resamples == 0) &&
			!(row->ci_low > row->ci_high),
		"%g … %g of %zu", row->ci_low, row->ci_high, row->resamples);
	FUZZ_CHECK(row->threads > 0 && row->name[0] != '\0', "%u, \"%s\"",
		row->threads, row->name);
}

static char *print(const struct comparison_list *list,
	const struct summary *summary, enum table_format format, size_t *bytes)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, bytes);

	FUZZ_CHECK(out, "%s", strerror(errno));
	comparisons_print(list, summary, out, format);
	FUZZ_CHECK(fclose(out) == 0, "%s", strerror(errno));
	return text;
}

static void check_table(
	const struct comparison_list *list, const struct summary *summary)
{
	size_t bytes;
	char *text = print(list, summary, FORMAT_TABLE, &bytes);

	for (size_t i = 0; i < bytes; i++)
		FUZZ_CHECK(text[i] == '\n' ||
				((unsigned char)text[i] >= ' ' &&
					text[i] != 127),
			"byte %zu of %s", i, text);
	free(text);
}

static void check_csv(
	const struct comparison_list *list, const struct summary *summary)
{
	struct csv_table table;
	struct error error;
	size_t bytes;
	char *text = print(list, summary, FORMAT_CSV, &bytes);

	fuzz_file_fill(&run.printed, text, bytes);
	free(text);
	FUZZ_CHECK(csv_table_read(&table, run.printed.path, &error) == 0, "%s",
		error.text);
	FUZZ_CHECK(table.rows == list->count, "%zu of %zu", table.rows,
		list->count);
	for (size_t i = 0; i < table.rows; i++) {
		const char *cell = csv_table_text(
			&table, i, csv_table_column(&table, "cell"));

		FUZZ_CHECK(strcmp(cell, list->items[i].cell) == 0,
			"\"%s\", then \"%s\"", list->items[i].cell, cell);
	}
	csv_table_finish(&table);
}

static void check_json(
	const struct comparison_list *list, const struct summary *summary)
{
	size_t bytes;
	char *text = print(list, summary, FORMAT_JSON, &bytes);
	json_error_t reason;
	json_t *document = json_loadb(text, bytes, 0, &reason);

	FUZZ_CHECK(document, "%s in %s", reason.text, text);
	FUZZ_CHECK(json_array_size(json_object_get(document, "comparisons")) ==
			list->count,
		"not %zu in %s", list->count, text);
	FUZZ_CHECK(json_array_size(json_object_get(document, "summary")) ==
			(summary != NULL ? summary->count : 0),
		"no summary in %s", text);
	json_decref(document);
	free(text);
}

static void check_list(
	const struct comparison_list *list, const struct summary *summary)
{
	for (size_t i = 0; i < list->count; i++)
		check_comparison(&list->items[i]);
	for (size_t i = 0; summary != NULL && i < summary->count; i++)
		check_summary_row(&summary->rows[i]);
	check_table(list, summary);
	check_csv(list, summary);
	check_json(list, summary);
}

/* All but one are of a file. */
static void check_run_error(const char *error, const char *path)
{
	char plan[64], trials[64];

	snprintf(plan, sizeof(plan), "%s/plan.csv", path);
	snprintf(trials, sizeof(trials), "%s/trials.csv", path);
	if (strncmp(error, plan, strlen(plan)) == 0)
		fuzz_check_place(error, plan);
	else if (strncmp(error, "no trials of the baseline", 25) != 0)
		fuzz_check_place(error, trials);
}

static void compare_itself(
	const char *path, const struct compare_options *options)
{
	struct comparison_list list;
	struct error error;

	if (compare_runs(&list, path, path, options, &error) != 0)
		return;
	for (size_t i = 0; i < list.count; i++) {
		const struct comparison *item = &list.items[i];

		FUZZ_CHECK(isnan(item->ratio) || item->ratio == 1, "%.17g",
			item->ratio);
		FUZZ_CHECK(item->p_raw == 1, "%.17g", item->p_raw);
	}
	check_list(&list, NULL);
	comparison_list_finish(&list);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct compare_options wall = {
		.margin = 0.02, .alpha = 0.05};
	static const struct compare_options cpu = {
		.margin = 0.02, .alpha = 0.5, .metric = "cpu_ns_per_op"};
	const char *path = fill_run(data, size);
	struct comparison_list list;
	struct summary summary;
	struct error error;

	if (compare_and_summarise(&list, &summary, path, &wall, &error) != 0) {
		FUZZ_CHECK(list.count == 0 && summary.count == 0, "%zu, %zu",
			list.count, summary.count);
		check_run_error(error.text, path);
		return 0;
	}
	check_list(&list, &summary);
	summary_finish(&summary);
	comparison_list_finish(&list);
	if (compare_run(&list, path, &cpu, &error) == 0)
		check_list(&list, NULL);
	comparison_list_finish(&list);
	compare_itself(path, &wall);
	return 0;
}
