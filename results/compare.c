// SPDX-License-Identifier: MIT
//
// The comparisons of one run, and of two.
#include "compare.h"

#include <stdbool.h>
#include <string.h>

#include "comparing.h"
#include "nearest_name.h"
#include "observations.h"
#include "summary.h"

/* A headline cell's launches go into the summary. */
static int sum_up(const struct comparing *comparing, const char *cell,
	const char *variant, size_t n)
{
	if (comparing->summing == NULL ||
		names_find(&comparing->headline, cell) == NAMES_NONE)
		return 0;
	return summing_add(comparing->summing, cell, variant, comparing->values,
		comparing->launches, n);
}

/* One variant of a cell against the baseline's turns in the same rounds. */
static int compare_paired(struct comparing *comparing, const char *cell,
	const char *variant, struct slice turns, const struct slice *baseline)
{
	struct comparison *comparison;
	size_t n;

	if (comparing_room(comparing, 2 * turns.count) != 0)
		return -1;
	n = launch_medians_numbered(
		comparing->values, comparing->launches, turns, baseline);
	if (sum_up(comparing, cell, variant, n) != 0)
		return comparing_no_memory(comparing);
	comparison = comparing_add(comparing, cell, variant);
	if (!comparison)
		return -1;
	comparison->is_copy = turns.count > 0 && turns.items[0].copy;
	estimate_paired(comparison, comparing->values, n, comparing->alpha);
	return 0;
}

static bool is_wanted(const struct comparing *comparing, const char *variant)
{
	const char *const *name = comparing->variants;

	while (name != NULL && *name != NULL && strcmp(*name, variant) != 0)
		name++;
	return name == NULL || *name != NULL;
}

static int refuse_baseline(
	const struct comparing *comparing, const struct names *variants)
{
	struct nearest_name nearest = {.word = comparing->baseline};

	error_set(comparing->error,
		"no trials of the baseline \"%s\": allowed with --baseline ",
		comparing->baseline);
	for (uint32_t i = 0; i < variants->count; i++) {
		error_add(comparing->error, "%s%s", i > 0 ? ", " : "are ",
			variants->texts[i]);
		nearest_name_try(&nearest, variants->texts[i]);
	}
	if (variants->count == 0)
		error_add(comparing->error, "is a variant of the run");
	return error_add_nearest(comparing->error, &nearest);
}

static int compare_cells(
	struct comparing *comparing, const struct observations *run)
{
	uint32_t baseline = names_find(&run->variants, comparing->baseline);
	struct slice turns;

	if (baseline == NAMES_NONE)
		return refuse_baseline(comparing, &run->variants);
	for (size_t from = 0; from < run->count; from += turns.count) {
		uint32_t cell = run->items[from].cell;
		uint32_t variant = run->items[from].variant;
		struct slice base = observations_find(run, cell, baseline);

		turns = observations_slice(run, from);
		if (variant != baseline && base.count > 0 &&
			is_wanted(comparing, run->variants.texts[variant]) &&
			compare_paired(comparing, run->cells.texts[cell],
				run->variants.texts[variant], turns,
				&base) != 0)
			return -1;
	}
	return 0;
}

/* The summary of what was taken along. */
static int conclude(struct comparing *comparing, struct summary *summary)
{
	const struct compare_options options = {.baseline = comparing->baseline,
		.metric = comparing->metric,
		.margin = comparing->margin};

	if (summing_rows(comparing->summing, summary, &options) == 0 &&
		summing_intervals(
			comparing->summing, summary, comparing->alpha) == 0)
		return 0;
	return comparing_no_memory(comparing);
}

/* The name of A', or "". */
static void copy_name(const struct observations *trials, char name[RECORD_TEXT])
{
	for (size_t i = 0; i < trials->count && name[0] == '\0'; i++)
		if (trials->items[i].copy)
			snprintf(name, RECORD_TEXT, "%s",
				trials->variants
					.texts[trials->items[i].variant]);
}

int compare_and_summarise(struct comparison_list *list, struct summary *summary,
	const char *run, const struct compare_options *options,
	struct error *error)
{
	struct summing summing = {0};
	struct comparing comparing = {.list = list, .error = error};
	struct observations trials = {0};
	int result = comparing_start(&comparing, run, options);

	if (summary != NULL) {
		*summary = (struct summary){0};
		comparing.summing = &summing;
	}
	if (result == 0)
		result = observations_read(
			&trials, run, comparing.metric, error);
	copy_name(&trials, summing.copy);
	if (result == 0)
		result = compare_cells(&comparing, &trials);
	observations_finish(&trials);
	if (result == 0)
		result = comparing_judge(&comparing);
	if (result == 0 && summary != NULL)
		result = conclude(&comparing, summary);
	if (result != 0)
		summary_finish(summary);
	comparing_finish(&comparing, result);
	summing_finish(&summing);
	return result;
}

int compare_run(struct comparison_list *list, const char *run,
	const struct compare_options *options, struct error *error)
{
	return compare_and_summarise(list, NULL, run, options, error);
}

/* One variant of a cell that both runs have. */
static int compare_unpaired(struct comparing *comparing, const char *cell,
	const char *variant, struct slice first, struct slice second)
{
	struct comparison *comparison;
	double *x, *y;
	size_t n, m;

	if (comparing_room(comparing, 2 * (first.count + second.count)) != 0)
		return -1;
	x = comparing->values;
	n = launch_medians(x, first, NULL);
	y = x + n;
	m = launch_medians(y, second, NULL);
	comparison = comparing_add(comparing, cell, variant);
	if (!comparison)
		return -1;
	estimate_unpaired(comparison, x, n, y, m, comparing->alpha);
	return 0;
}

static int compare_shared(struct comparing *comparing,
	const struct observations *first, const struct observations *second)
{
	struct slice turns, other;

	for (size_t from = 0; from < first->count; from += turns.count) {
		const struct observation *at = &first->items[from];
		const char *cell = first->cells.texts[at->cell];
		const char *variant = first->variants.texts[at->variant];

		turns = observations_slice(first, from);
		other = observations_find(second,
			names_find(&second->cells, cell),
			names_find(&second->variants, variant));
		if (other.count > 0 &&
			compare_unpaired(
				comparing, cell, variant, turns, other) != 0)
			return -1;
	}
	if (comparing->list->count > 0)
		return 0;
	return error_set(
		comparing->error, "the runs share no cell and variant");
}

/* The last component of the run's path, as its name. */
static void name_run(char name[RECORD_TEXT], const char *run)
{
	size_t end = strlen(run), first;

	while (end > 1 && run[end - 1] == '/')
		end--;
	for (first = end; first > 0 && run[first - 1] != '/'; first--)
		;
	snprintf(name, RECORD_TEXT, "%.*s", (int)(end - first), run + first);
}

int compare_runs(struct comparison_list *list, const char *run,
	const char *run2, const struct compare_options *options,
	struct error *error)
{
	struct comparing comparing = {.list = list, .error = error};
	struct observations first = {0}, second = {0};
	char name[RECORD_TEXT];
	int result = comparing_start(&comparing, run, options);

	name_run(name, run);
	comparing.baseline = name;
	if (result == 0)
		result =
			observations_read(&first, run, comparing.metric, error);
	if (result == 0)
		result = observations_read(
			&second, run2, comparing.metric, error);
	if (result == 0)
		result = compare_shared(&comparing, &first, &second);
	if (result == 0)
		result = comparing_judge(&comparing);
	comparing_finish(&comparing, result);
	observations_finish(&first);
	observations_finish(&second);
	return result;
}
