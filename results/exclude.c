// SPDX-License-Identifier: MIT
//
// What is left out of a comparison: a rule that is blind to the variant.
#include <math.h>

#include "observations.h"

/* One round or one launch: what befell one lane befalls all. */
static void leave_out(struct observation *items, size_t count)
{
	for (size_t i = 0; i < count; i++)
		items[i].y = NAN;
}

/* The rounds of one launch of one cell, in order. */
static void apply_exclusions(struct observation *items, size_t count)
{
	bool failed = false;

	for (size_t from = 0, to; from < count; from = to) {
		bool excluded = false;

		for (to = from;
			to < count && items[to].round == items[from].round;
			to++) {
			excluded |= items[to].excluded;
			failed |= items[to].failed;
		}
		if (excluded)
			leave_out(items + from, to - from);
	}
	if (failed)
		leave_out(items, count);
}

void observations_exclude(struct observations *observations)
{
	struct observation *items = observations->items;

	for (size_t from = 0, to; from < observations->count; from = to) {
		for (to = from; to < observations->count &&
			items[to].cell == items[from].cell &&
			items[to].launch == items[from].launch;
			to++)
			;
		apply_exclusions(items + from, to - from);
	}
}
