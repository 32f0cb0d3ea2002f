// SPDX-License-Identifier: MIT
//
// Intervals of geometric means over cells, by drawing passes. A pass is the
// launches of one number in all cells, one of each: it is drawn as a whole,
// so that what a pass does to all cells alike stays in the interval, and so
// that a launch takes the ratios of all its variants along.
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "comparing.h"
#include "draw.h"
#include "statistics.h"
#include "summing.h"

/* Bounds of what the draws of one summary may take, which the standard run
 * stays far below: launches looked at, and means kept. */
#define STEPS_MOST 2e9
#define MEANS_MOST 1.6e7

struct drawing {
	const struct summing *summing;
	struct summary *summary;
	size_t passes;
	uint32_t *times; /* that each was drawn */
	size_t resamples;
	double *means; /* resamples × rows, of logarithms */
	double *of_row; /* the means of one row */
	uint64_t state;
};

static int launch_order(const void *left, const void *right)
{
	const uint32_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

/* The launches' numbers, each once, upwards; NULL without memory. */
static uint32_t *list_launches(const struct summing *summing, size_t *count)
{
	uint32_t *launches = calloc(summing->sample_count, sizeof(*launches));

	*count = 0;
	if (launches == NULL)
		return NULL;
	for (size_t i = 0; i < summing->sample_count; i++)
		launches[i] = summing->samples[i].launch;
	qsort(launches, summing->sample_count, sizeof(*launches), launch_order);
	for (size_t i = 0; i < summing->sample_count; i++)
		if (i == 0 || launches[i] != launches[*count - 1])
			launches[(*count)++] = launches[i];
	return launches;
}

static int number_passes(struct summing *summing, size_t *passes)
{
	uint32_t *launches = list_launches(summing, passes);

	if (launches == NULL)
		return -1;
	for (size_t i = 0; i < summing->sample_count; i++) {
		const uint32_t *at = bsearch(&summing->samples[i].launch,
			launches, *passes, sizeof(*launches), launch_order);

		summing->samples[i].launch = (uint32_t)(at - launches);
	}
	free(launches);
	return 0;
}

static size_t choose_resamples(const struct drawing *drawing)
{
	double steps = (double)drawing->passes +
		(double)drawing->summing->sample_count;
	double most = fmin(STEPS_MOST / steps,
		MEANS_MOST / (double)drawing->summary->count);

	if (most < SUMMARY_RESAMPLES_LEAST)
		return 0;
	return (size_t)fmin(most, SUMMARY_RESAMPLES);
}

static void draw_passes(struct drawing *drawing)
{
	for (size_t i = 0; i < drawing->passes; i++)
		drawing->times[i] = 0;
	for (size_t i = 0; i < drawing->passes; i++)
		drawing->times[draw_below(&drawing->state, drawing->passes)]++;
}

/* Median of the launches, each as often as its pass was drawn. Where passes
 * are many and the cell has few of them, none may have been: then it is one of
 * its launches. */
static double drawn_median(
	struct drawing *drawing, const struct sample *sorted, size_t n)
{
	const uint32_t *times = drawing->times;
	uint64_t total = 0, up_to = 0;
	size_t i = 0;
	double low;

	if (n == drawing->passes) /* each once */
		total = n;
	for (size_t k = 0; n < drawing->passes && k < n; k++)
		total += times[sorted[k].launch];
	if (total == 0)
		return sorted[draw_below(&drawing->state, n)].value;
	while (2 * up_to < total)
		up_to += times[sorted[i++].launch];
	low = sorted[i - 1].value;
	if (2 * up_to > total)
		return low;
	while (times[sorted[i].launch] == 0)
		i++;
	return (low + sorted[i].value) / 2;
}

static void draw_once(struct drawing *drawing, size_t resample)
{
	const struct summing *summing = drawing->summing;

	const struct summary_row *rows = drawing->summary->rows;
	double *means = drawing->means + resample * drawing->summary->count;

	draw_passes(drawing);
	for (size_t i = 0; i < summing->series_count; i++) {
		const struct series *series = &summing->series[i];
		double value = drawn_median(drawing,
			summing->samples + series->from, series->count);

		for (int scope = 0; scope < SUMMARY_SCOPES; scope++) {
			size_t row = series->rows[scope];

			means[row] += value / (double)rows[row].cells;
		}
	}
}

/* Percentiles of the means, and the verdict: a difference is what leaves out
 * no difference. */
static void take_interval(
	struct summary_row *row, double *means, size_t resamples, double alpha)
{
	size_t beyond = (size_t)((double)resamples * alpha / 2);

	sort_reals(means, resamples);
	row->ci_low = exp(means[beyond]);
	row->ci_high = exp(means[resamples - 1 - beyond]);
	row->ci_level = 1 - alpha;
	row->resamples = resamples;
	row->verdict = verdict_of_interval(row->ci_low, row->ci_high,
		row->margin, row->ci_low > 1 || row->ci_high < 1);
}

static void take_intervals(struct drawing *drawing, double alpha)
{
	size_t least = sign_interval_least(alpha);
	size_t rows = drawing->summary->count;

	for (size_t i = 0; i < rows; i++) {
		if (drawing->summary->rows[i].least_launches < least)
			continue;
		for (size_t k = 0; k < drawing->resamples; k++)
			drawing->of_row[k] = drawing->means[k * rows + i];
		take_interval(&drawing->summary->rows[i], drawing->of_row,
			drawing->resamples, alpha);
	}
}

int summing_intervals(
	struct summing *summing, struct summary *summary, double alpha)
{
	struct drawing drawing = {
		.summing = summing, .summary = summary, .state = SUMMARY_SEED};
	int result = -1;

	if (summary->count == 0)
		return 0;
	if (number_passes(summing, &drawing.passes) != 0)
		return -1;
	drawing.resamples = choose_resamples(&drawing);
	if (drawing.resamples == 0)
		return 0;
	drawing.times = calloc(drawing.passes, sizeof(*drawing.times));
	drawing.means = calloc(
		summary->count * drawing.resamples, sizeof(*drawing.means));
	drawing.of_row = calloc(drawing.resamples, sizeof(*drawing.of_row));
	if (drawing.times == NULL || drawing.means == NULL ||
		drawing.of_row == NULL)
		goto out;
	for (size_t i = 0; i < drawing.resamples; i++)
		draw_once(&drawing, i);
	take_intervals(&drawing, alpha);
	result = 0;
out:
	free(drawing.times);
	free(drawing.means);
	free(drawing.of_row);
	return result;
}
