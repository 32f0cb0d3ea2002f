// SPDX-License-Identifier: MIT
#include "observations.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "statistics.h"

struct loading {
	struct observations *observations;
	double (*metric)(const struct trial *trial);
	size_t room;
	const char *path;
	struct error *error;
};

static double wall_metric(const struct trial *trial)
{
	return trial->ns_per_op;
}

static double cpu_metric(const struct trial *trial)
{
	if (trial->ops == RECORD_NO_COUNT || trial->ops == 0)
		return NAN;
	return trial->cpu_ns / (double)trial->ops;
}

/* The last thread's time over the first's: they begin together, each with its
 * own share of the turn. */
static double uneven_metric(const struct trial *trial)
{
	return trial->wall_ns / (trial->wall_ns - trial->finish_skew_ns);
}

static int refuse(struct loading *loading, const struct trial *trial,
	const char *column, const char *what)
{
	return csv_fail(
		loading->error, loading->path, trial->line, column, "%s", what);
}

static int make_room(struct loading *loading)
{
	struct observations *observations = loading->observations;
	struct observation *items;

	if (observations->count < loading->room)
		return 0;
	loading->room = loading->room ? 2 * loading->room : 4096;
	items = reallocarray(
		observations->items, loading->room, sizeof(*items));
	if (!items)
		return -1;
	observations->items = items;
	return 0;
}

static int add_trial(const struct trial *trial, void *context)
{
	struct loading *loading = context;
	struct observations *observations = loading->observations;
	double value = loading->metric(trial);
	bool failed = strcmp(trial->status, "ok") != 0;
	uint32_t cell = names_add(&observations->cells, trial->cell);
	uint32_t variant = names_add(&observations->variants, trial->variant);

	if (cell == NAMES_NONE || variant == NAMES_NONE ||
		make_room(loading) != 0)
		return refuse(loading, trial, "cell", strerror(ENOMEM));
	if (variant > UINT16_MAX)
		return refuse(
			loading, trial, "variant", "more than 65536 variants");
	observations->items[observations->count++] = (struct observation){
		.y = value > 0 && isfinite(value) ? log(value) : NAN,
		.cell = cell,
		.launch = (uint32_t)trial->launch,
		.round = (uint32_t)trial->round,
		.variant = (uint16_t)variant,
		.link_order = (uint8_t)trial->link_order,
		.failed = failed,
		.excluded = trial->excluded == 1,
		.copy = strcmp(trial->role, RECORD_ROLE_COPY) == 0};
	return 0;
}

#define ORDER(a, b) (((a) > (b)) - ((a) < (b)))

static int by_turn(const void *left, const void *right)
{
	const struct observation *a = left, *b = right;

	if (a->cell != b->cell)
		return ORDER(a->cell, b->cell);
	if (a->launch != b->launch)
		return ORDER(a->launch, b->launch);
	if (a->round != b->round)
		return ORDER(a->round, b->round);
	return ORDER(a->variant, b->variant);
}

static int by_variant(const void *left, const void *right)
{
	const struct observation *a = left, *b = right;

	if (a->cell != b->cell)
		return ORDER(a->cell, b->cell);
	if (a->variant != b->variant)
		return ORDER(a->variant, b->variant);
	if (a->launch != b->launch)
		return ORDER(a->launch, b->launch);
	return ORDER(a->round, b->round);
}
#undef ORDER

static int find_metric(struct loading *loading, const char *name)
{
	if (strcmp(name, "ns_per_op") == 0)
		loading->metric = wall_metric;
	else if (strcmp(name, "cpu_ns_per_op") == 0)
		loading->metric = cpu_metric;
	else if (strcmp(name, "unevenness") == 0)
		loading->metric = uneven_metric;
	if (loading->metric)
		return 0;
	return error_set(loading->error,
		"no metric \"%s\"; there are ns_per_op, cpu_ns_per_op and "
		"unevenness",
		name);
}

static void sort_items(struct observations *observations,
	int (*order)(const void *left, const void *right))
{
	if (observations->count > 0)
		qsort(observations->items, observations->count,
			sizeof(*observations->items), order);
}

int observations_read(struct observations *observations, const char *run,
	const char *metric, struct error *error)
{
	struct loading loading = {.observations = observations, .error = error};
	char *path = NULL;
	int result = -1;

	*observations = (struct observations){0};
	if (find_metric(&loading, metric) != 0)
		return -1;
	if (asprintf(&path, "%s/trials.csv", run) < 0) {
		return error_set(error, "%s", strerror(ENOMEM));
	}
	loading.path = path;
	if (trials_read(path, add_trial, &loading, error) != 0)
		goto out;
	sort_items(observations, by_turn);
	observations_exclude(observations);
	sort_items(observations, by_variant);
	result = 0;
out:
	free(path);
	return result;
}

int observations_take(struct observations *observations,
	const struct trial *rows, size_t count, const char *metric,
	struct error *error)
{
	struct loading loading = {.observations = observations,
		.path = "trials.csv",
		.error = error};

	*observations = (struct observations){0};
	if (find_metric(&loading, metric) != 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (add_trial(&rows[i], &loading) != 0)
			return -1;
	sort_items(observations, by_turn);
	observations_exclude(observations);
	sort_items(observations, by_variant);
	return 0;
}

void observations_finish(struct observations *observations)
{
	if (!observations)
		return;
	free(observations->items);
	names_finish(&observations->cells);
	names_finish(&observations->variants);
	*observations = (struct observations){0};
}
