// SPDX-License-Identifier: MIT
//
// One-thread points matched with those of more threads.
#include "contention.h"
#include "lane_facts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The ratio of a cell and variant in the main comparisons; NaN without. */
static double ratio_of(
	const struct report_data *data, const struct trial_point *point)
{
	if (!strcmp(point->variant, data->baseline))
		return 1;
	for (size_t i = 0; i < data->row_count; i++)
		if (!strcmp(data->rows[i].variant, point->variant) &&
			!strcmp(data->rows[i].cell, point->cell))
			return data->rows[i].ratio;
	return NAN;
}

/* Points of a panel stand together, so a look at the neighbours is enough. */
static unsigned most_threads(const struct trial_summary *trials, size_t index)
{
	const struct trial_point *points = trials->points;
	unsigned most = 0;
	size_t i = index;

	while (i > 0 &&
		cell_name_same_panel(&points[i - 1].name, &points[index].name))
		i--;
	for (; i < trials->point_count &&
		cell_name_same_panel(&points[i].name, &points[index].name);
		i++)
		if (points[i].name.threads > most)
			most = points[i].name.threads;
	return most;
}

static void add_point(struct contention *contention,
	const struct report_data *data, size_t index)
{
	const struct trial_point *many = &data->trials.points[index];
	const struct trial_point *one =
		trial_point_find(&data->trials, &many->name, many->variant, 1);

	if (!one || !(one->ns_per_op > 0))
		return;
	contention->rows[contention->count++] =
		(struct contention_row){.one = one,
			.many = many,
			.slowdown = many->ns_per_op / one->ns_per_op,
			.part = ratio_of(data, many) / ratio_of(data, one),
			.most = many->name.threads ==
				most_threads(&data->trials, index)};
}

int contention_init(
	struct contention *contention, const struct report_data *data)
{
	const struct trial_summary *trials = &data->trials;

	memset(contention, 0, sizeof(*contention));
	contention->rows =
		calloc(trials->point_count + 1, sizeof(*contention->rows));
	if (!contention->rows)
		return -1;
	for (size_t i = 0; i < trials->point_count; i++)
		if (trials->points[i].name.threads > 1 &&
			!lane_is_harness(trials->points[i].variant) &&
			report_data_is_headline(data, &trials->points[i].name))
			add_point(contention, data, i);
	return 0;
}

void contention_finish(struct contention *contention)
{
	if (!contention)
		return;
	free(contention->rows);
	memset(contention, 0, sizeof(*contention));
}
