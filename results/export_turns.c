// SPDX-License-Identifier: MIT
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "export_turns.h"
#include "json_values.h"
#include "observations.h"

static int keep_turn(const struct trial *trial, void *context)
{
	struct export_turns *turns = context;
	struct export_turn *turn;
	uint32_t cell = names_add(&turns->cells, trial->cell);
	uint32_t variant = names_add(&turns->variants, trial->variant);

	if (cell == NAMES_NONE || variant == NAMES_NONE)
		return ENOMEM;
	/* Doubles whenever the count is a power of two. */
	if ((turns->count & (turns->count - 1)) == 0) {
		turn = reallocarray(turns->items,
			turns->count ? 2 * turns->count : 1, sizeof(*turn));
		if (turn == NULL)
			return ENOMEM;
		turns->items = turn;
	}
	turn = &turns->items[turns->count++];
	*turn = (struct export_turn){
		.ns_per_op = trial->ns_per_op,
		.cpu_ns_per_op = trial->ops == 0 || isnan(trial->cpu_ns)
			? NAN
			: trial->cpu_ns / (double)trial->ops,
		.wall_ns = trial->wall_ns,
		.ops = trial->ops,
		.threads = trial->threads,
		.start_unix_ns = trial->t_start_unix_ns,
		.cell = cell,
		.variant = (uint16_t)variant,
		.launch = (uint32_t)trial->launch,
		.round = (uint32_t)trial->round,
		.failed = strcmp(trial->status, "ok") != 0,
		.excluded = trial->excluded != 0,
	};
	return 0;
}

#define ORDER(field)                                                           \
	if (a->field != b->field)                                              \
	return a->field < b->field ? -1 : 1

static int by_round(const void *left, const void *right)
{
	const struct export_turn *a = left, *b = right;

	ORDER(cell);
	ORDER(launch);
	ORDER(round);
	ORDER(variant);
	return 0;
}

static int by_variant(const void *left, const void *right)
{
	const struct export_turn *a = left, *b = right;

	ORDER(cell);
	ORDER(variant);
	ORDER(launch);
	ORDER(round);
	return 0;
}

/* The rule of the comparisons; turns stand by launch and round. 0, or -1. */
static int leave_out(struct export_turns *turns)
{
	struct observations seen = {.count = turns->count};
	size_t kept = 0;

	seen.items = calloc(seen.count + 1, sizeof(*seen.items));
	if (seen.items == NULL)
		return -1;
	for (size_t i = 0; i < seen.count; i++) {
		const struct export_turn *turn = &turns->items[i];

		seen.items[i] = (struct observation){
			.y = turn->ns_per_op > 0 ? turn->ns_per_op : NAN,
			.cell = turn->cell,
			.launch = turn->launch,
			.round = turn->round,
			.variant = turn->variant,
			.failed = turn->failed,
			.excluded = turn->excluded,
		};
	}
	observations_exclude(&seen);
	for (size_t i = 0; i < seen.count; i++)
		if (isfinite(seen.items[i].y))
			turns->items[kept++] = turns->items[i];
	turns->count = kept;
	free(seen.items);
	return 0;
}

static void sort(struct export_turns *turns,
	int (*compare)(const void *left, const void *right))
{
	if (turns->count > 0)
		qsort(turns->items, turns->count, sizeof(*turns->items),
			compare);
}

int export_turns_read(
	struct export_turns *turns, const char *run, struct error *error)
{
	char *path = NULL;
	int result = ENOMEM;

	*turns = (struct export_turns){0};
	if (asprintf(&path, "%s/trials.csv", run) < 0)
		path = NULL;
	else
		result = trials_read(path, keep_turn, turns, error);
	if (result == 0) {
		sort(turns, by_round);
		result = leave_out(turns) == 0 ? 0 : ENOMEM;
		sort(turns, by_variant);
	}
	if (result == ENOMEM)
		error_set(error, "%s", strerror(ENOMEM));
	free(path);
	return result == 0 ? 0 : -1;
}

void export_turns_finish(struct export_turns *turns)
{
	free(turns->items);
	names_finish(&turns->cells);
	names_finish(&turns->variants);
	*turns = (struct export_turns){0};
}

size_t export_turns_of_variant(const struct export_turns *turns, size_t from)
{
	const struct export_turn *first = &turns->items[from];
	size_t count = 0;

	while (from + count < turns->count &&
		first[count].cell == first->cell &&
		first[count].variant == first->variant)
		count++;
	return count;
}

size_t export_turns_of_launch(const struct export_turns *turns, size_t from)
{
	const struct export_turn *first = &turns->items[from];
	size_t count = 0, most = export_turns_of_variant(turns, from);

	while (count < most && first[count].launch == first->launch)
		count++;
	return count;
}

json_t *export_name(
	const struct export_turns *turns, const struct export_turn *turn)
{
	char name[2 * RECORD_TEXT + 16];

	snprintf(name, sizeof(name), "%s/variant:%s",
		turns->cells.texts[turn->cell],
		turns->variants.texts[turn->variant]);
	return json_text_or_question(name);
}

const char *export_date(
	char *text, size_t size, const char *format, uint64_t unix_ns)
{
	time_t seconds = (time_t)(unix_ns / 1000000000u);
	struct tm utc;

	gmtime_r(&seconds, &utc);
	if (strftime(text, size, format, &utc) == 0)
		text[0] = '\0';
	return text;
}
