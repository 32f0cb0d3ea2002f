// SPDX-License-Identifier: MIT
#include "fairness.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "observations.h"
#include "statistics.h"

/* Sorts the launches' medians, which are logarithms. */
static void estimate(struct fairness_item *item, double *values)
{
	size_t n = item->launches;
	double level;
	size_t rank = sign_interval(n, 0.05, &level);

	item->unevenness = exp(median(values, n));
	item->low = rank > 0 ? exp(values[rank - 1]) : NAN;
	item->high = rank > 0 ? exp(values[n - rank]) : NAN;
}

/* A variant without a launch has no item. */
static void add_slice(struct fairness *fairness,
	const struct observations *observations, struct slice slice,
	double *values)
{
	struct fairness_item *item = &fairness->items[fairness->count];
	const struct observation *first = slice.items;

	item->launches = launch_medians(values, slice, NULL);
	if (item->launches == 0)
		return;
	snprintf(item->cell, RECORD_TEXT, "%s",
		observations->cells.texts[first->cell]);
	snprintf(item->variant, RECORD_TEXT, "%s",
		observations->variants.texts[first->variant]);
	estimate(item, values);
	fairness->count++;
}

static int add_all(
	struct fairness *fairness, const struct observations *observations)
{
	size_t most = (size_t)observations->cells.count *
		observations->variants.count;
	double *values = calloc(observations->count + 1, sizeof(*values));

	fairness->items = calloc(most + 1, sizeof(*fairness->items));
	if (values == NULL || fairness->items == NULL) {
		free(values);
		return -1;
	}
	for (size_t from = 0; from < observations->count;) {
		struct slice slice = observations_slice(observations, from);

		add_slice(fairness, observations, slice, values);
		from += slice.count;
	}
	free(values);
	return 0;
}

int fairness_read(
	struct fairness *fairness, const char *run, struct error *error)
{
	struct observations observations;
	int result;

	memset(fairness, 0, sizeof(*fairness));
	result = observations_read(&observations, run, "unevenness", error);
	if (result == 0 && add_all(fairness, &observations) != 0) {
		error_set(error, "%s", strerror(ENOMEM));
		result = -1;
	}
	observations_finish(&observations);
	return result;
}

void fairness_finish(struct fairness *fairness)
{
	if (fairness == NULL)
		return;
	free(fairness->items);
	memset(fairness, 0, sizeof(*fairness));
}
