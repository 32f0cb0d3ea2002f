// SPDX-License-Identifier: MIT
//
// Time without pauses, and numbers that lie around 0 whatever their cell.
#include "run_chart.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lane_facts.h"
#include "variant_style.h"

/* A machine that slept or a run that was resumed: longer than any launch. */
#define PAUSE_MINUTES 2
#define SHORTENED_MINUTES 0.05

struct item {
	const char *cell; /* one address for one cell */
	double y;
	size_t launch;
};

static int item_order(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	uintptr_t cells[] = {(uintptr_t)x->cell, (uintptr_t)y->cell};

	if (cells[0] != cells[1])
		return cells[0] < cells[1] ? -1 : 1;
	return (x->y > y->y) - (x->y < y->y);
}

static void find_minutes(struct run_chart *chart)
{
	const struct trial_launch *launches = chart->data->trials.launches;
	double now = 0;

	for (size_t i = 0; i < chart->count; i++)
		chart->timed = (chart->timed || !i) &&
			!isnan(launches[i].start_unix_ns);
	for (size_t i = 0; i < chart->count; i++) {
		double step = i && chart->timed
			? (launches[i].start_unix_ns -
				  launches[i - 1].start_unix_ns) /
				6e10
			: i && !chart->timed;

		if (chart->timed && step > PAUSE_MINUTES) {
			chart->pauses[chart->pause_count++] =
				now + SHORTENED_MINUTES / 2;
			step = SHORTENED_MINUTES;
		}
		now += step;
		chart->minutes[i] = now;
	}
}

static void add_variant(struct run_chart *chart, const char *name)
{
	size_t at = 0;

	if (lane_is_control(name) || !strcmp(name, chart->data->baseline) ||
		chart->variant_count == CHART_VARIANTS)
		return;
	while (at < chart->variant_count &&
		variant_order(chart->variants[at], name) < 0)
		at++;
	if (at < chart->variant_count && !strcmp(chart->variants[at], name))
		return;
	memmove(chart->variants + at + 1, chart->variants + at,
		(chart->variant_count - at) * sizeof(*chart->variants));
	chart->variants[at] = name;
	chart->variant_count++;
}

int run_chart_init(struct run_chart *chart, const struct report_data *data)
{
	memset(chart, 0, sizeof(*chart));
	chart->data = data;
	chart->count = data->trials.launch_count;
	chart->minutes = calloc(chart->count + 1, sizeof(*chart->minutes));
	chart->pauses = calloc(chart->count + 1, sizeof(*chart->pauses));
	if (!chart->minutes || !chart->pauses)
		return -1;
	find_minutes(chart);
	for (size_t i = 0; i < data->trials.point_count; i++)
		add_variant(chart, data->trials.points[i].variant);
	return 0;
}

static double logarithm(
	const struct run_chart *chart, size_t launch, const char *variant)
{
	const struct trial_summary *trials = &chart->data->trials;
	const struct trial_value *value =
		trial_launch_value(trials, &trials->launches[launch],
			variant ? variant : chart->data->baseline);

	if (!value)
		return NAN;
	return log(variant ? value->ratio : value->ns_per_op);
}

/* Takes its median from the items of each cell. */
static void centre(struct item *items, size_t count)
{
	qsort(items, count, sizeof(*items), item_order);
	for (size_t i = 0, end; i < count; i = end) {
		double median;

		for (end = i + 1; end < count; end++)
			if (items[end].cell != items[i].cell)
				break;
		median = 0.5 *
			(items[i + (end - 1 - i) / 2].y +
				items[i + (end - i) / 2].y);
		for (size_t j = i; j < end; j++)
			items[j].y -= median;
	}
}

int run_chart_series(const struct run_chart *chart, const char *variant,
	bool centred, double *values)
{
	struct item *items = malloc((chart->count + 1) * sizeof(*items));
	size_t count = 0;

	if (!items)
		return -1;
	for (size_t i = 0; i < chart->count; i++) {
		double y = logarithm(chart, i, variant);

		values[i] = NAN;
		if (isfinite(y))
			items[count++] = (struct item){
				chart->data->trials.launches[i].cell, y, i};
	}
	if (centred)
		centre(items, count);
	for (size_t i = 0; i < count; i++)
		values[items[i].launch] = items[i].y;
	free(items);
	return 0;
}

static int real_order(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double run_chart_running_median(
	const struct run_chart *chart, const double *values, size_t at)
{
	size_t half = CHART_WINDOW / 2, n = 0;
	double window[CHART_WINDOW] = {0};

	for (size_t i = at > half ? at - half : 0;
		i < chart->count && i <= at + half; i++)
		if (!isnan(values[i]))
			window[n++] = values[i];
	qsort(window, n, sizeof(double), real_order);
	return n ? 0.5 * (window[(n - 1) / 2] + window[n / 2]) : NAN;
}

void run_chart_finish(struct run_chart *chart)
{
	if (!chart)
		return;
	free(chart->minutes);
	free(chart->pauses);
	memset(chart, 0, sizeof(*chart));
}
