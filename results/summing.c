// SPDX-License-Identifier: MIT
//
// The launches of all headline cells, and the rows that they belong to.
#include "summing.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cell_name.h"

/* One series in one row. */
struct part {
	enum summary_scope scope;
	const struct cell_name *name; /* what is not of the scope is "" */
	uint32_t rank; /* of the variant */
	size_t series;
};

/* Room for `more` behind `count`, by doubling. */
static int make_room(void **items, size_t *room, size_t count, size_t more,
	size_t item_bytes)
{
	size_t want = *room ? *room : 64;
	void *grown;

	while (want < count + more)
		want *= 2;
	if (want == *room)
		return 0;
	grown = reallocarray(*items, want, item_bytes);
	if (grown == NULL)
		return -1;
	*items = grown;
	*room = want;
	return 0;
}

static int by_value(const void *left, const void *right)
{
	const struct sample *a = left, *b = right;

	if (a->value != b->value)
		return a->value < b->value ? -1 : 1;
	return (a->launch > b->launch) - (a->launch < b->launch);
}

static bool names_cell(const char *cell)
{
	struct cell_name name;

	cell_name_parse(&name, cell);
	return name.threads > 0;
}

int summing_add(struct summing *summing, const char *cell, const char *variant,
	const double *medians, const uint32_t *launches, size_t n)
{
	struct series series = {.count = n};

	if (n == 0 || !names_cell(cell))
		return 0;
	series.cell = names_add(&summing->cells, cell);
	series.variant = names_add(&summing->variants, variant);
	series.from = summing->sample_count;
	if (series.cell == NAMES_NONE || series.variant == NAMES_NONE ||
		make_room((void **)&summing->series, &summing->series_room,
			summing->series_count, 1,
			sizeof(*summing->series)) != 0 ||
		make_room((void **)&summing->samples, &summing->sample_room,
			summing->sample_count, n,
			sizeof(*summing->samples)) != 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		summing->samples[summing->sample_count++] =
			(struct sample){medians[i], launches[i]};
	qsort(summing->samples + series.from, n, sizeof(*summing->samples),
		by_value);
	summing->series[summing->series_count++] = series;
	return 0;
}

/* What rows of each scope have of a cell's name. */
static void divide_name(
	struct cell_name names[SUMMARY_SCOPES], const char *cell)
{
	struct cell_name *workload = &names[SUMMARY_WORKLOAD];

	for (int scope = 0; scope < SUMMARY_SCOPES; scope++) {
		cell_name_parse(&names[scope], cell);
		if (scope != SUMMARY_ALLOCATOR)
			names[scope].allocator[0] = '\0';
		if (scope != SUMMARY_WORKLOAD)
			names[scope].workload[0] = '\0';
	}
	/* Of "pair,size=64" and "trace:FILE": the workload alone. */
	workload->workload[strcspn(workload->workload, ",:")] = '\0';
}

static int part_order(const void *left, const void *right)
{
	const struct part *a = left, *b = right;
	int order;

	if (a->scope != b->scope)
		return a->scope < b->scope ? -1 : 1;
	order = cell_name_order(a->name, b->name);
	if (order != 0)
		return order;
	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	return (a->series > b->series) - (a->series < b->series);
}

static bool is_same_row(const struct part *a, const struct part *b)
{
	return a->scope == b->scope && a->rank == b->rank &&
		cell_name_order(a->name, b->name) == 0;
}

static void start_row(struct summary_row *row, const struct part *part,
	const char *variant, const struct compare_options *options)
{
	const struct cell_name *name = part->name;

	*row = (struct summary_row){.scope = part->scope,
		.threads = name->threads,
		.ratio = 0,
		.ci_low = NAN,
		.ci_high = NAN,
		.ci_level = NAN,
		.verdict = VERDICT_INCONCLUSIVE,
		.margin = options->margin};
	snprintf(row->name, RECORD_TEXT, "%s",
		part->scope == SUMMARY_SUITE               ? "all"
			: part->scope == SUMMARY_ALLOCATOR ? name->allocator
							   : name->workload);
	snprintf(row->placement, RECORD_TEXT, "%s",
		name->placement[0] != '\0' ? name->placement : "cores");
	snprintf(row->metric, RECORD_TEXT, "%s", options->metric);
	snprintf(row->baseline, RECORD_TEXT, "%s", options->baseline);
	snprintf(row->variant, RECORD_TEXT, "%s", variant);
}

/* The logarithms gather in `ratio`. */
static void add_series(struct summary_row *row, const struct series *series,
	const struct sample *sorted)
{
	size_t n = series->count;

	row->ratio += (sorted[(n - 1) / 2].value + sorted[n / 2].value) / 2;
	row->launches += n;
	if (row->cells == 0 || n < row->least_launches)
		row->least_launches = n;
	row->cells++;
}

static void fill_rows(struct summing *summing, struct summary *summary,
	const struct part *parts, size_t count,
	const struct compare_options *options)
{
	for (size_t i = 0; i < count; i++) {
		struct series *series = &summing->series[parts[i].series];

		if (i == 0 || !is_same_row(&parts[i - 1], &parts[i]))
			start_row(&summary->rows[summary->count++], &parts[i],
				summing->variants.texts[series->variant],
				options);
		series->rows[parts[i].scope] = summary->count - 1;
		add_series(&summary->rows[summary->count - 1], series,
			summing->samples + series->from);
	}
	for (size_t i = 0; i < summary->count; i++)
		summary->rows[i].ratio = exp(summary->rows[i].ratio /
			(double)summary->rows[i].cells);
}

static size_t list_parts(const struct summing *summing, struct part *parts,
	struct cell_name *names)
{
	uint32_t again = names_find(&summing->variants, summing->copy);
	size_t count = 0;

	for (uint32_t cell = 0; cell < summing->cells.count; cell++)
		divide_name(names + (size_t)cell * SUMMARY_SCOPES,
			summing->cells.texts[cell]);
	for (size_t i = 0; i < summing->series_count; i++)
		for (int scope = 0; scope < SUMMARY_SCOPES; scope++) {
			const struct series *series = &summing->series[i];

			parts[count++] = (struct part){
				.scope = (enum summary_scope)scope,
				.name = names +
					(size_t)series->cell * SUMMARY_SCOPES +
					scope,
				.rank = series->variant == again
					? 0
					: series->variant + 1,
				.series = i};
		}
	qsort(parts, count, sizeof(*parts), part_order);
	return count;
}

int summing_rows(struct summing *summing, struct summary *summary,
	const struct compare_options *options)
{
	size_t most = summing->series_count * SUMMARY_SCOPES;
	struct part *parts = calloc(most, sizeof(*parts));
	struct cell_name *names = calloc(
		(size_t)summing->cells.count * SUMMARY_SCOPES, sizeof(*names));
	int result = -1;

	if (summing->series_count == 0) {
		result = 0;
		goto out;
	}
	summary->rows = calloc(most, sizeof(*summary->rows));
	if (parts == NULL || names == NULL || summary->rows == NULL)
		goto out;
	fill_rows(summing, summary, parts, list_parts(summing, parts, names),
		options);
	result = 0;
out:
	free(parts);
	free(names);
	return result;
}

void summing_finish(struct summing *summing)
{
	if (summing == NULL)
		return;
	names_finish(&summing->cells);
	names_finish(&summing->variants);
	free(summing->series);
	free(summing->samples);
	*summing = (struct summing){0};
}
