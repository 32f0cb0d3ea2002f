// SPDX-License-Identifier: MIT
//
// Keeps 40 bytes of each turn, however long the file, and sorts them.
#include "trial_summary.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trial_turns.h"

struct reading {
	struct trial_summary *summary;
	struct turn *turns;
	size_t count, room;
	size_t last_cell, last_variant; /* rows come in runs: look here first */
};

/* Grows an array to hold one item more. NULL without memory. */
static void *grown(void *items, size_t count, size_t *room, size_t bytes)
{
	void *more;

	if (count < *room)
		return items;
	more = realloc(items, (*room ? *room * 2 : 64) * bytes);
	if (more)
		*room = *room ? *room * 2 : 64;
	return more;
}

/* The index of a text among the summary's, or -1 without memory. */
static long intern(
	struct trial_summary *summary, size_t *last, const char *text)
{
	size_t i = *last;
	char **texts;

	if (i < summary->text_count && !strcmp(summary->texts[i], text))
		return (long)i;
	for (i = 0; i < summary->text_count; i++)
		if (!strcmp(summary->texts[i], text))
			return (long)(*last = i);
	texts = realloc(summary->texts, (i + 1) * sizeof(*texts));
	if (!texts)
		return -1;
	summary->texts = texts;
	texts[i] = strdup(text);
	if (!texts[i])
		return -1;
	summary->text_count++;
	return (long)(*last = i);
}

static const char *text_at(const struct trial_summary *summary, long index)
{
	return summary->texts[index];
}

static int count_failure(struct trial_summary *summary, const char *cell,
	const char *variant, const struct trial *trial)
{
	struct trial_failure *failure = summary->failures;
	size_t n = summary->failure_count, last = 0;
	long status = intern(summary, &last, trial->status);

	if (status < 0)
		return -1;
	for (size_t i = 0; i < n; i++, failure++) {
		if (failure->cell == cell && failure->variant == variant &&
			failure->status == text_at(summary, status)) {
			failure->turns++;
			return 0;
		}
	}
	failure = realloc(summary->failures, (n + 1) * sizeof(*failure));
	if (!failure)
		return -1;
	summary->failures = failure;
	failure[n] = (struct trial_failure){
		cell, variant, text_at(summary, status), 1, trial->launch};
	summary->failure_count++;
	return 0;
}

static int count_exclusion(struct trial_summary *summary, const char *reason)
{
	struct trial_exclusion *exclusion = summary->exclusions;
	size_t n = summary->exclusion_count, last = 0;
	long text = intern(summary, &last, *reason ? reason : "no reason");

	if (text < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (exclusion[i].reason == text_at(summary, text)) {
			exclusion[i].turns++;
			return 0;
		}
	}
	exclusion = realloc(exclusion, (n + 1) * sizeof(*exclusion));
	if (!exclusion)
		return -1;
	summary->exclusions = exclusion;
	exclusion[n] = (struct trial_exclusion){text_at(summary, text), 1};
	summary->exclusion_count++;
	return 0;
}

static void note_time(struct trial_summary *summary, uint64_t unix_ns)
{
	if (unix_ns == RECORD_NO_COUNT)
		return;
	summary->first_unix_ns = fmin(summary->first_unix_ns, (double)unix_ns);
	summary->last_unix_ns = fmax(summary->last_unix_ns, (double)unix_ns);
}

static int keep_turn(
	struct reading *reading, const struct turn *turn, const char *status)
{
	struct turn *turns = grown(reading->turns, reading->count,
		&reading->room, sizeof(*reading->turns));
	size_t last = 0;
	long text = 0;

	if (!turns)
		return -1;
	reading->turns = turns;
	turns[reading->count] = *turn;
	if (status)
		text = intern(reading->summary, &last, status);
	if (text < 0)
		return -1;
	turns[reading->count++].status = status ? (uint32_t)text : TURN_OK;
	return 0;
}

static double start_of(const struct trial *trial)
{
	return trial->t_start_unix_ns == RECORD_NO_COUNT
		? NAN
		: (double)trial->t_start_unix_ns;
}

/* -1 stops the reading: no memory. */
static int add_trial(const struct trial *trial, void *context)
{
	struct reading *reading = context;
	struct trial_summary *summary = reading->summary;
	long cell = intern(summary, &reading->last_cell, trial->cell);
	long variant = intern(summary, &reading->last_variant, trial->variant);
	bool ok = !strcmp(trial->status, "ok");
	struct turn turn = {.cell = (uint32_t)cell,
		.variant = (uint32_t)variant,
		.round = trial->round & INT32_MAX,
		.excluded = ok && trial->excluded == 1,
		.launch = trial->launch,
		.ns = trial->ns_per_op,
		.start = start_of(trial)};

	if (cell < 0 || variant < 0)
		return -1;
	summary->turns++;
	note_time(summary, trial->t_start_unix_ns);
	if (!ok &&
		count_failure(summary, text_at(summary, cell),
			text_at(summary, variant), trial))
		return -1;
	if (turn.excluded && count_exclusion(summary, trial->exclude_reason))
		return -1;
	return keep_turn(reading, &turn, ok ? NULL : trial->status);
}

int trial_summary_read(struct trial_summary *summary, const char *path,
	const char *baseline, struct error *error)
{
	struct reading reading = {.summary = summary};
	int result;

	memset(summary, 0, sizeof(*summary));
	summary->first_unix_ns = summary->last_unix_ns = NAN;
	error->text[0] = '\0';
	result = trials_read(path, add_trial, &reading, error);
	if (!result)
		result = trial_launches_make(
			summary, reading.turns, reading.count, baseline);
	if (!result)
		result = trial_points_make(summary);
	if (result && !error->text[0])
		error_set(error, "%s: %s", path, strerror(ENOMEM));
	free(reading.turns);
	return result ? -1 : 0;
}

const struct trial_value *trial_launch_value(
	const struct trial_summary *summary, const struct trial_launch *launch,
	const char *variant)
{
	const struct trial_value *value = summary->values + launch->first;

	for (size_t i = 0; i < launch->count; i++)
		if (!strcmp(value[i].variant, variant))
			return &value[i];
	return NULL;
}

void trial_summary_finish(struct trial_summary *summary)
{
	if (!summary)
		return;
	for (size_t i = 0; i < summary->text_count; i++)
		free(summary->texts[i]);
	free(summary->texts);
	free(summary->launches);
	free(summary->values);
	free(summary->points);
	free(summary->failures);
	free(summary->exclusions);
	memset(summary, 0, sizeof(*summary));
}
