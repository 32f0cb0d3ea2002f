// SPDX-License-Identifier: MIT
//
// From turns to launches, by the rule of the comparisons: a round with an
// excluded turn is out whole, and so is a launch in which a lane failed.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "trial_turns.h"

/* A turn of a kept round, and how far it is from the baseline's. */
struct sample {
	uint32_t variant;
	double ns, difference; /* of logarithms; NaN without a baseline */
};

struct making {
	struct trial_summary *summary;
	const char *baseline; /* one of the summary's texts, or NULL */
	struct sample *samples; /* of one launch */
	double *sorted;
	size_t sample_count;
};

int real_order(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double sorted_median(const double *sorted, size_t count)
{
	return count ? 0.5 * (sorted[(count - 1) / 2] + sorted[count / 2])
		     : NAN;
}

static int turn_order(const void *a, const void *b)
{
	const struct turn *x = a, *y = b;

	if (x->cell != y->cell)
		return x->cell < y->cell ? -1 : 1;
	if (x->launch != y->launch)
		return x->launch < y->launch ? -1 : 1;
	if (x->round != y->round)
		return x->round < y->round ? -1 : 1;
	return (x->variant > y->variant) - (x->variant < y->variant);
}

static int sample_order(const void *a, const void *b)
{
	const struct sample *x = a, *y = b;

	return (x->variant > y->variant) - (x->variant < y->variant);
}

static int launch_order(const void *a, const void *b)
{
	const struct trial_launch *x = a, *y = b;
	double starts[] = {x->start_unix_ns, y->start_unix_ns};

	/* Those without a time come last. */
	for (int i = 0; i < 2; i++)
		if (isnan(starts[i]))
			starts[i] = INFINITY;
	if (starts[0] < starts[1] || starts[0] > starts[1])
		return starts[0] < starts[1] ? -1 : 1;
	return (x->first > y->first) - (x->first < y->first);
}

/* The turns of one round become samples, unless it is left out. */
static void add_round(struct making *making, struct trial_launch *launch,
	const struct turn *turns, size_t count)
{
	double baseline = NAN;
	bool excluded = false;

	for (size_t i = 0; i < count; i++) {
		excluded |= turns[i].excluded;
		if (making->summary->texts[turns[i].variant] ==
			making->baseline)
			baseline = turns[i].ns;
	}
	launch->rounds++;
	launch->rounds_left_out += excluded;
	for (size_t i = 0; !excluded && i < count; i++)
		if (turns[i].ns > 0)
			making->samples[making->sample_count++] =
				(struct sample){turns[i].variant, turns[i].ns,
					log(turns[i].ns / baseline)};
}

/* The samples of one variant. */
static struct trial_value make_value(
	const struct making *making, const struct sample *samples, size_t count)
{
	struct trial_value value = {
		.variant = making->summary->texts[samples->variant]};
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		making->sorted[i] = samples[i].ns;
	qsort(making->sorted, count, sizeof(double), real_order);
	value.ns_per_op = sorted_median(making->sorted, count);
	for (size_t i = 0; i < count; i++)
		if (!isnan(samples[i].difference))
			making->sorted[n++] = samples[i].difference;
	qsort(making->sorted, n, sizeof(double), real_order);
	value.ratio = exp(sorted_median(making->sorted, n));
	return value;
}

static void add_values(struct making *making, struct trial_launch *launch)
{
	struct trial_summary *summary = making->summary;
	struct sample *samples = making->samples;
	size_t n = making->sample_count;

	launch->first = summary->value_count;
	if (launch->status)
		return;
	qsort(samples, n, sizeof(*samples), sample_order);
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n; end++)
			if (samples[end].variant != samples[i].variant)
				break;
		summary->values[summary->value_count++] =
			make_value(making, samples + i, end - i);
	}
	launch->count = summary->value_count - launch->first;
}

/* All turns of one launch of one cell, by round. */
static void add_launch(
	struct making *making, const struct turn *turns, size_t count)
{
	struct trial_summary *summary = making->summary;
	struct trial_launch *launch =
		&summary->launches[summary->launch_count++];

	*launch = (struct trial_launch){.cell = summary->texts[turns->cell],
		.launch = turns->launch,
		.start_unix_ns = NAN};
	making->sample_count = 0;
	for (size_t i = 0; i < count; i++) {
		launch->start_unix_ns =
			fmin(launch->start_unix_ns, turns[i].start);
		if (turns[i].status != TURN_OK && !launch->status)
			launch->status = summary->texts[turns[i].status];
	}
	for (size_t i = 0, end; i < count; i = end) {
		for (end = i + 1; end < count; end++)
			if (turns[end].round != turns[i].round)
				break;
		add_round(making, launch, turns + i, end - i);
	}
	add_values(making, launch);
}

static bool same_launch(const struct turn *a, const struct turn *b)
{
	return a->cell == b->cell && a->launch == b->launch;
}

static void walk(struct making *making, const struct turn *turns, size_t count)
{
	for (size_t i = 0, end; i < count; i = end) {
		for (end = i + 1; end < count; end++)
			if (!same_launch(&turns[i], &turns[end]))
				break;
		add_launch(making, turns + i, end - i);
	}
}

/* Room for the launches and for as many values as there are turns: what is
 * never written takes no memory. */
static int make_room(
	struct making *making, const struct turn *turns, size_t count)
{
	struct trial_summary *summary = making->summary;
	size_t launches = 0, most = 0, run = 0;

	for (size_t i = 0; i < count; i++) {
		bool next = !i || !same_launch(&turns[i - 1], &turns[i]);

		launches += next;
		run = next ? 1 : run + 1;
		most = run > most ? run : most;
	}
	summary->launches = calloc(launches + 1, sizeof(*summary->launches));
	summary->values = malloc((count + 1) * sizeof(*summary->values));
	making->samples = malloc((most + 1) * sizeof(*making->samples));
	making->sorted = malloc((most + 1) * sizeof(*making->sorted));
	return summary->launches && summary->values && making->samples &&
			making->sorted
		? 0
		: -1;
}

/* The launches in order of time; values keep their places. */
static void finish_launches(struct trial_summary *summary)
{
	struct trial_value *values = realloc(
		summary->values, (summary->value_count + 1) * sizeof(*values));

	if (values)
		summary->values = values;
	qsort(summary->launches, summary->launch_count,
		sizeof(*summary->launches), launch_order);
}

int trial_launches_make(struct trial_summary *summary, struct turn *turns,
	size_t count, const char *baseline)
{
	struct making making = {.summary = summary};
	int result = 0;

	if (!count)
		return 0;
	for (size_t i = 0; i < summary->text_count; i++)
		if (!strcmp(summary->texts[i], baseline))
			making.baseline = summary->texts[i];
	qsort(turns, count, sizeof(*turns), turn_order);
	result = make_room(&making, turns, count);
	if (!result) {
		walk(&making, turns, count);
		finish_launches(summary);
	}
	free(making.samples);
	free(making.sorted);
	return result;
}
