// SPDX-License-Identifier: MIT
//
// The variance components of a run, from its trials to variance.csv.
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "csv_writer.h"
#include "observations.h"
#include "statistics.h"
#include "variance.h"

static int by_place(const void *left, const void *right)
{
	const struct variance_round *a = left, *b = right;

	if (a->link_order != b->link_order)
		return a->link_order < b->link_order ? -1 : 1;
	return (a->launch > b->launch) - (a->launch < b->launch);
}

/* The rounds that both have; how many. Both slices are in order. */
static size_t pair_rounds(struct variance_round *rounds, struct slice turns,
	struct slice baseline)
{
	size_t kept = 0, at = 0;

	for (size_t i = 0; i < turns.count; i++) {
		const struct observation *turn = &turns.items[i];
		const struct observation *base;

		while (at < baseline.count &&
			(baseline.items[at].launch < turn->launch ||
				(baseline.items[at].launch == turn->launch &&
					baseline.items[at].round <
						turn->round)))
			at++;
		if (at == baseline.count)
			break;
		base = &baseline.items[at];
		if (base->launch != turn->launch || base->round != turn->round)
			continue;
		rounds[kept] = (struct variance_round){.y = turn->y - base->y,
			.link_order = turn->link_order,
			.launch = turn->launch};
		kept += !isnan(rounds[kept].y);
	}
	return kept;
}

static void add_item(struct variances *variances,
	const struct observations *observations, struct slice turns,
	struct slice baseline, struct variance_round *rounds, double *room)
{
	struct variance_item *item = &variances->items[variances->count++];
	size_t count = pair_rounds(rounds, turns, baseline);

	variance_draw_in(rounds, room, count);
	qsort(rounds, count, sizeof(*rounds), by_place);
	variance_estimate(&item->parts, rounds, count);
	snprintf(item->cell, RECORD_TEXT, "%s",
		observations->cells.texts[turns.items->cell]);
	snprintf(item->variant, RECORD_TEXT, "%s",
		observations->variants.texts[turns.items->variant]);
}

static int add_all(struct variances *variances,
	const struct observations *observations, const char *baseline)
{
	uint32_t base = names_find(&observations->variants, baseline);
	size_t most = (size_t)observations->cells.count *
		observations->variants.count;
	struct variance_round *rounds =
		calloc(observations->count + 1, sizeof(*rounds));
	double *room = calloc(observations->count + 1, sizeof(*room));
	int result = -1;
	struct slice turns;

	variances->items = calloc(most + 1, sizeof(*variances->items));
	if (rounds == NULL || room == NULL || variances->items == NULL)
		goto out;
	for (size_t from = 0; from < observations->count; from += turns.count) {
		struct slice other;

		turns = observations_slice(observations, from);
		other = observations_find(
			observations, turns.items->cell, base);
		if (turns.items->variant != base && other.count > 0)
			add_item(variances, observations, turns, other, rounds,
				room);
	}
	result = 0;
out:
	free(rounds);
	free(room);
	return result;
}

int variances_read(struct variances *variances, const char *run,
	const char *baseline, struct error *error)
{
	struct observations observations;
	int result;

	*variances = (struct variances){0};
	result = observations_read(&observations, run, "ns_per_op", error);
	if (result == 0 && add_all(variances, &observations, baseline) != 0) {
		error_set(error, "%s", strerror(ENOMEM));
		result = -1;
	}
	observations_finish(&observations);
	return result;
}

int variances_write(const struct variances *variances, const char *path)
{
	struct csv_writer writer;
	int result = csv_writer_create(&writer, path,
		"cell,variant,link_orders,launches,rounds,sd_link_order,"
		"sd_launch,sd_round,share_link_order,share_launch,share_round");

	for (size_t i = 0; result == 0 && i < variances->count; i++) {
		const struct variance_item *item = &variances->items[i];
		const struct variance_parts *parts = &item->parts;
		struct variance_shares shares = variance_share(parts);

		csv_text(&writer, item->cell);
		csv_text(&writer, item->variant);
		csv_count(&writer, parts->link_orders);
		csv_count(&writer, parts->launches);
		csv_count(&writer, parts->rounds);
		csv_real(&writer, parts->link_order);
		csv_real(&writer, parts->launch);
		csv_real(&writer, parts->round);
		csv_real(&writer, shares.link_order);
		csv_real(&writer, shares.launch);
		csv_real(&writer, shares.round);
		result = csv_end_row(&writer);
	}
	if (csv_writer_close(&writer) != 0)
		result = -1;
	return result;
}

static double share_of(const struct variance_shares *shares, int part)
{
	return part == 0    ? shares->link_order
		: part == 1 ? shares->launch
			    : shares->round;
}

/* Percent, over the items that have one; how many those are. */
static size_t median_share(
	const struct variances *variances, int part, double *values)
{
	size_t kept = 0;

	for (size_t i = 0; i < variances->count; i++) {
		struct variance_shares shares =
			variance_share(&variances->items[i].parts);

		values[kept] = 100 * share_of(&shares, part);
		kept += !isnan(values[kept]);
	}
	values[0] = median(values, kept);
	return kept;
}

void variances_print(const struct variances *variances, FILE *out)
{
	double *values = calloc(variances->count + 1, sizeof(*values));
	double medians[3];
	size_t known = 0;

	for (int part = 0; values != NULL && part < 3; part++) {
		known = median_share(variances, part, values);
		medians[part] = values[0];
	}
	free(values);
	if (known == 0)
		return;
	fprintf(out,
		"Variance of a round's log ratio, medians over %zu "
		"comparisons: link order %.0f %%, launch %.0f %%, round %.0f "
		"%%\n",
		known, medians[0], medians[1], medians[2]);
}

void variances_finish(struct variances *variances)
{
	free(variances->items);
	*variances = (struct variances){0};
}
