// SPDX-License-Identifier: MIT
//
// From trials to the answer.
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "certificate.h"
#include "clock.h"
#include "fairness.h"
#include "headline.h"
#include "memory_table.h"
#include "metrics.h"
#include "micro_agreement.h"
#include "partial.h"
#include "report.h"
#include "run_files.h"
#include "scaling.h"
#include "serial_table.h"
#include "summary.h"
#include "variance.h"

/* Appends `more` to the list under another family's name. */
static int append(struct comparison_list *list, struct comparison_list *more,
	const char *family)
{
	struct comparison *items = realloc(
		list->items, (list->count + more->count + 1) * sizeof(*items));

	if (items == NULL)
		return -1;
	list->items = items;
	for (size_t i = 0; i < more->count; i++) {
		struct comparison *item = &items[list->count++];

		*item = more->items[i];
		if (family != NULL && strcmp(item->family, "headline") == 0)
			snprintf(item->family, sizeof(item->family), "%s",
				family);
	}
	return 0;
}

/*
 * Besides the headline family, over `none`: what the counting costs beyond the
 * bytes (over `slot`), and the schemes over `atomic`, the one that everybody
 * would write first. Peers stand beside the variants over the allocator without
 * any wrapper. Each is a family of its own with its own correction. No margin
 * is finer than what the machine can see.
 */
static const struct {
	const char *baseline, *family;
	double margin;
	bool schemes; /* only variants that number blocks */
	bool peers; /* only where the run has some */
} families[] = {
	{COMPARE_BASELINE, NULL, 0.02, false, false},
	{"slot", "over slot", 0.03, true, false},
	{"atomic", "over atomic", 0.03, true, false},
	{PEER_BACKEND, "over plain", 0.03, false, true},
};

/* The variants of the run that number blocks, closed by NULL. */
static void list_schemes(const struct run *run, const char **schemes)
{
	const struct plan_request *request = run->plan.request;

	for (size_t i = 0; i < request->variant_count; i++)
		if (request->variants[i]->numbers_blocks)
			*schemes++ = request->variants[i]->variant;
	*schemes = NULL;
}

static bool has_variant(const struct run *run, const char *name)
{
	for (size_t i = 0; i < run->plan.request->variant_count; i++)
		if (strcmp(run->plan.request->variants[i]->variant, name) == 0)
			return true;
	return false;
}

/* The summary is that of the first family. */
static int compare_all(const struct run *run, struct comparison_list *list,
	struct summary *summary, struct error *error)
{
	const char *schemes[LATIN_MAX + 1];

	/* No launch is whole: there is nothing to compare, but a report. */
	if (run->record.launches_done == 0)
		return 0;
	list_schemes(run, schemes);
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		struct compare_options options = {
			.baseline = families[i].baseline,
			.margin = certificate_margin(
				run->record.certificate, families[i].margin),
			.alpha = 0.05,
			.variants = families[i].schemes ? schemes : NULL,
		};
		struct comparison_list more = {0};
		int result;

		if (!has_variant(run, families[i].baseline) ||
			(families[i].peers &&
				run->plan.request->peer_count == 0))
			continue;
		result = compare_and_summarise(&more, i == 0 ? summary : NULL,
			run->directory, &options, error);
		if (result == 0 && append(list, &more, families[i].family) != 0)
			result = -1;
		comparison_list_finish(&more);
		if (result != 0)
			return -1;
	}
	return 0;
}

/* Rows of metrics.csv for one cell of several threads. */
static int write_fairness_item(
	struct csv_writer *metrics, const struct fairness_item *item)
{
	const struct {
		const char *name, *note;
		double value;
	} rows[] = {
		{"unevenness", "the last thread's time over the first's",
			item->unevenness},
		{"unevenness_low", "its interval over launches", item->low},
		{"unevenness_high", "its interval over launches", item->high},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!isnan(rows[i].value) &&
			metric_write(metrics, rows[i].name, item->cell,
				item->variant, rows[i].value, "ratio",
				rows[i].note) != 0)
			return -1;
	return 0;
}

static bool has_threads(const struct run *run, const char *cell)
{
	for (size_t i = 0; i < run->plan.cell_count; i++)
		if (strcmp(run->plan.cells[i].name, cell) == 0)
			return run->plan.cells[i].threads > 1;
	return false;
}

static int write_fairness(struct run *run, struct error *error)
{
	struct fairness fairness;
	int result = 0;

	if (run->record.launches_done == 0)
		return 0;
	if (fairness_read(&fairness, run->directory, error) != 0)
		result = -1;
	for (size_t i = 0; i < fairness.count && result == 0; i++)
		if (has_threads(run, fairness.items[i].cell) &&
			write_fairness_item(
				&run->metrics, &fairness.items[i]) != 0)
			result = run_fail(error, run);
	fairness_finish(&fairness);
	return result;
}

static int write_scaling(struct run *run, struct error *error)
{
	struct scaling scaling = {0};
	int result = 0;

	if (run->record.launches_done == 0)
		return 0;
	if (scaling_read(&scaling, run->directory, error) != 0)
		result = -1;
	else if (scaling_write(&scaling, run_new_path(run, "scaling.csv")) !=
			0 ||
		run_publish(run, "scaling.csv") != 0)
		result = run_fail(error, run);
	run_discard(run, "scaling.csv");
	scaling_finish(&scaling);
	return result;
}

/* variance.csv, where there is what it divides. */
static int write_variance(
	const struct run *run, struct variances *variances, struct error *error)
{
	if (run->record.launches_done == 0 ||
		!has_variant(run, COMPARE_BASELINE))
		return 0;
	if (variances_read(
		    variances, run->directory, COMPARE_BASELINE, error) != 0)
		return -1;
	if (variances_write(variances, run_new_path(run, "variance.csv")) ==
			0 &&
		run_publish(run, "variance.csv") == 0)
		return 0;
	run_discard(run, "variance.csv");
	return run_fail(error, run);
}

/* summary.csv, where there is a baseline to be over. */
static int write_summary(const struct run *run, const struct summary *summary,
	struct error *error)
{
	if (run->record.launches_done == 0 ||
		!has_variant(run, COMPARE_BASELINE))
		return 0;
	if (summary_write(summary, run_new_path(run, "summary.csv")) == 0 &&
		run_publish(run, "summary.csv") == 0)
		return 0;
	run_discard(run, "summary.csv");
	return run_fail(error, run);
}

/* A' first, as in the table above it. */
static void order_variants(
	const struct run *run, const char *variants[LATIN_MAX + 2])
{
	const struct plan_request *request = run->plan.request;

	for (size_t i = 0; i < request->variant_count; i++)
		if (request->variants[i]->role == ALLOC_ROLE_COPY)
			*variants++ = request->variants[i]->variant;
	for (size_t i = 0; i < request->variant_count; i++)
		if (request->variants[i]->role != ALLOC_ROLE_COPY)
			*variants++ = request->variants[i]->variant;
	*variants = NULL;
}

static void print_suite(
	const struct run *run, const struct summary *summary, FILE *out)
{
	const char *variants[LATIN_MAX + 2];

	if (summary->count == 0)
		return;
	fputs("\nGeometric mean of the ratios over the headline cells, with an "
	      "interval over launches:\n\n",
		out);
	order_variants(run, variants);
	summary_print_suite(summary, variants, out);
	fputc('\n', out);
}

/* The table and what stands below it, on stdout and in headline.txt. */
static int print_headline(const struct run *run,
	const struct comparison_list *list, const struct summary *summary,
	const struct variances *variances, struct error *error)
{
	FILE *file = fopen(run_new_path(run, "headline.txt"), "wxe");
	int result;

	if (file == NULL)
		return run_fail(error, run);
	run_print_partial(run, file);
	result = headline_print(file, &run->plan, run->directory, list, error);
	print_suite(run, summary, file);
	variances_print(variances, file);
	if (fclose(file) != 0 && result == 0)
		result = run_fail(error, run);
	if (result == 0 && run_publish(run, "headline.txt") != 0)
		result = run_fail(error, run);
	if (result != 0) {
		run_discard(run, "headline.txt");
		return -1;
	}
	run_print_partial(run, stdout);
	result =
		headline_print(stdout, &run->plan, run->directory, list, error);
	print_suite(run, summary, stdout);
	variances_print(variances, stdout);
	return result;
}

static int print_where(const struct run *run, struct error *error)
{
	char path[RUN_PATH];

	if (realpath(run_path(run, "report.html"), path) == NULL)
		return run_fail(error, run);
	printf("\nReport: %s\n", path);
	return 0;
}

/* The record of the run, complete: nothing is measured after this. */
static int close_record(struct run *run, struct error *error)
{
	run->record.end_unix_ns = clock_ns(CLOCK_REALTIME);
	if (csv_writer_close(&run->trials) != 0 ||
		csv_writer_close(&run->metrics) != 0)
		return run_fail(error, run);
	if (run->record_is_written ||
		environment_write(&run->record, run_path(run, "meta.json")) ==
			0)
		return 0;
	return run_fail(error, run);
}

static int write_report(struct run *run, struct error *error)
{
	struct error reason;
	struct error warning = {0};

	if (report_write(run->directory, &warning, &reason) != 0) {
		return error_set(error, "report: %s", reason.text);
	}
	if (warning.text[0] != '\0')
		fprintf(stderr, "serialbench: %s\n", warning.text);
	return 0;
}

int run_conclude(struct run *run, struct error *error)
{
	struct comparison_list list = {0};
	struct summary summary = {0};
	struct variances variances = {0};
	int result = -1;

	run_say_partial(run, &run->record.partial);
	if (compare_all(run, &list, &summary, error) != 0 ||
		write_summary(run, &summary, error) != 0 ||
		write_variance(run, &variances, error) != 0)
		goto out;
	if (print_headline(run, &list, &summary, &variances, error) != 0)
		goto out;
	putchar('\n');
	if (micro_compare(&list, run_path(run, "micro.json"), &run->metrics,
		    stdout, error) != 0)
		goto out;
	if (write_fairness(run, error) != 0 || write_scaling(run, error) != 0)
		goto out;
	if (comparisons_write(&list, run_path(run, "comparisons.csv")) != 0) {
		run_fail(error, run);
		goto out;
	}
	if (close_record(run, error) == 0 && write_report(run, error) == 0)
		result = print_where(run, error);
out:
	variances_finish(&variances);
	summary_finish(&summary);
	comparison_list_finish(&list);
	return result;
}
