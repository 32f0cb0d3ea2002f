// SPDX-License-Identifier: MIT
//
// Not the interval's own width: its ends are order statistics of the same
// launches, and by chance they lie close together where they lie off-centre. A
// rule that goes by them stops too often at an interval that misses
// (docs/method.md). The outer launches of all hardly know where the middle is.
#include "spread.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "observations.h"
#include "statistics.h"

#define LANES 256 /* of a cell; more have no say */

struct spread_lane {
	uint32_t cell, variant;
	double *values; /* of its launches, upwards */
	size_t count, room;
};

static struct spread_lane *find_lane(
	struct spread *spread, uint32_t cell, uint32_t variant)
{
	struct spread_lane *lanes = spread->lanes;

	for (size_t i = 0; i < spread->count; i++)
		if (lanes[i].cell == cell && lanes[i].variant == variant)
			return &lanes[i];
	lanes = reallocarray(lanes, spread->count + 1, sizeof(*lanes));
	if (lanes == NULL)
		return NULL;
	spread->lanes = lanes;
	lanes[spread->count] =
		(struct spread_lane){.cell = cell, .variant = variant};
	return &lanes[spread->count++];
}

static int insert(struct spread_lane *lane, double value)
{
	size_t at = lane->count;

	if (lane->count == lane->room) {
		size_t room = lane->room == 0 ? 32 : 2 * lane->room;
		double *values =
			reallocarray(lane->values, room, sizeof(*values));

		if (values == NULL)
			return -1;
		lane->values = values;
		lane->room = room;
	}
	for (; at > 0 && lane->values[at - 1] > value; at--)
		lane->values[at] = lane->values[at - 1];
	lane->values[at] = value;
	lane->count++;
	return 0;
}

int spread_add(struct spread *spread, const char *cell, const char *variant,
	double log_ratio)
{
	uint32_t cell_number = names_add(&spread->cells, cell);
	uint32_t variant_number = names_add(&spread->variants, variant);
	struct spread_lane *lane;

	if (cell_number == NAMES_NONE || variant_number == NAMES_NONE)
		return -1;
	lane = find_lane(spread, cell_number, variant_number);
	return lane == NULL ? -1 : insert(lane, log_ratio);
}

/* All launches of one variant in one cell. */
static int add_slice(struct spread *spread,
	const struct observations *observations, struct slice turns,
	const struct slice *baseline, double *values)
{
	const struct observation *first = turns.items;
	size_t n = launch_medians(values, turns, baseline);

	for (size_t i = 0; i < n; i++)
		if (spread_add(spread, observations->cells.texts[first->cell],
			    observations->variants.texts[first->variant],
			    values[i]) != 0)
			return -1;
	return 0;
}

static int add_all(
	struct spread *spread, const struct observations *observations)
{
	uint32_t baseline =
		names_find(&observations->variants, spread->baseline);
	double *values = calloc(observations->count + 1, sizeof(*values));
	int result = values == NULL ? -1 : 0;
	struct slice turns;

	for (size_t from = 0; result == 0 && from < observations->count;
		from += turns.count) {
		struct slice base;

		turns = observations_slice(observations, from);
		base = observations_find(
			observations, turns.items->cell, baseline);
		if (turns.items->variant != baseline && base.count > 0)
			result = add_slice(
				spread, observations, turns, &base, values);
	}
	free(values);
	return result;
}

static int end_taking(struct spread *spread, struct observations *observations,
	int result, struct error *error)
{
	if (result == 0 && add_all(spread, observations) != 0) {
		error_set(error, "%s", strerror(ENOMEM));
		result = -1;
	}
	observations_finish(observations);
	return result;
}

int spread_read(struct spread *spread, const char *run, const char *baseline,
	struct error *error)
{
	struct observations observations;
	int result;

	*spread = (struct spread){.baseline = baseline};
	result = observations_read(&observations, run, "ns_per_op", error);
	return end_taking(spread, &observations, result, error);
}

int spread_take(struct spread *spread, const struct trial *rows, size_t count,
	struct error *error)
{
	struct observations observations;
	int result = observations_take(
		&observations, rows, count, "ns_per_op", error);

	return end_taking(spread, &observations, result, error);
}

/* At least one launch from either end. */
static double spread_of_lane(const struct spread_lane *lane)
{
	size_t n = lane->count, low = n / 10;

	return (lane->values[n - 1 - low] - lane->values[low]) /
		sqrt((double)n);
}

double spread_of(const struct spread *spread, const char *cell)
{
	uint32_t number = names_find(&spread->cells, cell);
	double widths[LANES];
	size_t n = 0;

	for (size_t i = 0; i < spread->count; i++)
		if (spread->lanes[i].cell == number &&
			spread->lanes[i].count >= SPREAD_LEAST && n < LANES)
			widths[n++] = spread_of_lane(&spread->lanes[i]);
	return n > 0 ? median(widths, n) : 0;
}

void spread_finish(struct spread *spread)
{
	for (size_t i = 0; i < spread->count; i++)
		free(spread->lanes[i].values);
	free(spread->lanes);
	names_finish(&spread->cells);
	names_finish(&spread->variants);
	*spread = (struct spread){0};
}
