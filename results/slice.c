// SPDX-License-Identifier: MIT
//
// Parts of the sorted observations, and the medians of their launches.
#include <math.h>

#include "observations.h"
#include "statistics.h"

struct slice observations_slice(
	const struct observations *observations, size_t from)
{
	const struct observation *first = observations->items + from;
	size_t count = 0, most = observations->count - from;

	while (count < most && first[count].cell == first->cell &&
		first[count].variant == first->variant)
		count++;
	return (struct slice){first, count};
}

struct slice observations_find(const struct observations *observations,
	uint32_t cell, uint32_t variant)
{
	const struct observation *items = observations->items;
	size_t low = 0, high = observations->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (items[middle].cell < cell ||
			(items[middle].cell == cell &&
				items[middle].variant < variant))
			low = middle + 1;
		else
			high = middle;
	}
	if (low == observations->count || items[low].cell != cell ||
		items[low].variant != variant)
		return (struct slice){NULL, 0};
	return observations_slice(observations, low);
}

static int compare_place(
	const struct observation *a, const struct observation *b)
{
	if (a->launch != b->launch)
		return a->launch < b->launch ? -1 : 1;
	return (a->round > b->round) - (a->round < b->round);
}

/* y of the baseline in the same launch and round, or NaN. `at` only goes
 * forward: both slices are in order. */
static double matching(const struct slice *baseline, size_t *at,
	const struct observation *observation)
{
	while (*at < baseline->count &&
		compare_place(&baseline->items[*at], observation) < 0)
		++*at;
	if (*at == baseline->count ||
		compare_place(&baseline->items[*at], observation) != 0)
		return NAN;
	return baseline->items[*at].y;
}

size_t launch_medians(
	double *medians, struct slice variant, const struct slice *baseline)
{
	return launch_medians_numbered(medians, NULL, variant, baseline);
}

size_t launch_medians_numbered(double *medians, uint32_t *numbers,
	struct slice variant, const struct slice *baseline)
{
	size_t launches = 0, at = 0;

	for (size_t i = 0; i < variant.count;) {
		uint32_t launch = variant.items[i].launch;
		/* The rounds gather behind the medians: each launch has taken
		 * at least the room of its own median. */
		double *rounds = medians + launches;
		size_t kept = 0;

		for (; i < variant.count && variant.items[i].launch == launch;
			i++) {
			double d = variant.items[i].y;

			if (baseline)
				d -= matching(baseline, &at, &variant.items[i]);
			if (!isnan(d))
				rounds[kept++] = d;
		}
		if (kept == 0)
			continue;
		if (numbers)
			numbers[launches] = launch;
		medians[launches++] = median(rounds, kept);
	}
	return launches;
}
