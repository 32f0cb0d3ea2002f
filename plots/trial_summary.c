// SPDX-License-Identifier: MIT
//
// Keeps 24 bytes of each turn, however long the file, and sorts them.
#include "trial_summary.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "variant_style.h"

/* A turn that counts: texts are indexes, so that equal means equal. */
struct turn {
	uint32_t cell, variant;
	uint64_t launch;
	double ns;
};

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

/* -1 stops the reading: no memory. */
static int add_trial(const struct trial *trial, void *context)
{
	struct reading *reading = context;
	struct trial_summary *summary = reading->summary;
	long cell = intern(summary, &reading->last_cell, trial->cell);
	long variant = intern(summary, &reading->last_variant, trial->variant);
	void *turns;

	if (cell < 0 || variant < 0)
		return -1;
	summary->turns++;
	note_time(summary, trial->t_start_unix_ns);
	if (strcmp(trial->status, "ok"))
		return count_failure(summary, text_at(summary, cell),
			text_at(summary, variant), trial);
	if (trial->excluded == 1)
		return count_exclusion(summary, trial->exclude_reason);
	if (isnan(trial->ns_per_op))
		return 0;
	turns = grown(reading->turns, reading->count, &reading->room,
		sizeof(*reading->turns));
	if (!turns)
		return -1;
	reading->turns = turns;
	reading->turns[reading->count++] = (struct turn){(uint32_t)cell,
		(uint32_t)variant, trial->launch, trial->ns_per_op};
	return 0;
}

static int turn_order(const void *a, const void *b)
{
	const struct turn *x = a, *y = b;

	if (x->cell != y->cell)
		return x->cell < y->cell ? -1 : 1;
	if (x->variant != y->variant)
		return x->variant < y->variant ? -1 : 1;
	if (x->launch != y->launch)
		return x->launch < y->launch ? -1 : 1;
	return (x->ns > y->ns) - (x->ns < y->ns);
}

static int real_order(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static int point_order(const void *a, const void *b)
{
	const struct trial_point *x = a, *y = b;
	int order;

	if (!cell_name_same_panel(&x->name, &y->name))
		return cell_name_order(&x->name, &y->name);
	order = variant_order(x->variant, y->variant);
	return order ? order : cell_name_order(&x->name, &y->name);
}

/* The launch medians of turns[0..count) of one cell and variant, ascending,
 * into medians. Returns how many. */
static size_t launch_medians(
	const struct turn *turns, size_t count, double *medians)
{
	size_t launches = 0;

	for (size_t i = 0, end; i < count; i = end) {
		size_t last;

		for (end = i + 1; end < count; end++)
			if (turns[end].launch != turns[i].launch)
				break;
		last = end - 1;
		medians[launches++] = 0.5 *
			(turns[i + (last - i) / 2].ns +
				turns[last - (last - i) / 2].ns);
	}
	qsort(medians, launches, sizeof(*medians), real_order);
	return launches;
}

static void make_point(struct trial_summary *summary, const struct turn *turns,
	size_t count, double *medians)
{
	struct trial_point *point = &summary->points[summary->point_count++];
	size_t n = launch_medians(turns, count, medians);

	memset(point, 0, sizeof(*point));
	point->cell = summary->texts[turns->cell];
	point->variant = summary->texts[turns->variant];
	cell_name_parse(&point->name, point->cell);
	point->launches = n;
	point->ns_per_op = 0.5 * (medians[(n - 1) / 2] + medians[n / 2]);
	point->ns_low = medians[0];
	point->ns_high = medians[n - 1];
}

static int same_point(const struct turn *a, const struct turn *b)
{
	return a->cell == b->cell && a->variant == b->variant;
}

static int make_points(struct reading *reading)
{
	struct trial_summary *summary = reading->summary;
	struct turn *turns = reading->turns;
	size_t n = reading->count, points = 0;
	double *medians;

	if (!n)
		return 0;
	qsort(turns, n, sizeof(*turns), turn_order);
	for (size_t i = 0; i < n; i++)
		points += !i || !same_point(&turns[i - 1], &turns[i]);
	medians = malloc(n * sizeof(*medians));
	summary->points = malloc(points * sizeof(*summary->points));
	if (!medians || !summary->points) {
		free(medians);
		return -1;
	}
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n; end++)
			if (!same_point(&turns[i], &turns[end]))
				break;
		make_point(summary, turns + i, end - i, medians);
	}
	free(medians);
	qsort(summary->points, points, sizeof(*summary->points), point_order);
	return 0;
}

int trial_summary_read(
	struct trial_summary *summary, const char *path, char error[CSV_ERROR])
{
	struct reading reading = {.summary = summary};
	int result;

	memset(summary, 0, sizeof(*summary));
	summary->first_unix_ns = summary->last_unix_ns = NAN;
	error[0] = '\0';
	result = trials_read(path, add_trial, &reading, error);
	if (!result)
		result = make_points(&reading);
	if (result && !error[0])
		snprintf(error, CSV_ERROR, "%s: %s", path, strerror(ENOMEM));
	free(reading.turns);
	return result ? -1 : 0;
}

void trial_summary_finish(struct trial_summary *summary)
{
	if (!summary)
		return;
	for (size_t i = 0; i < summary->text_count; i++)
		free(summary->texts[i]);
	free(summary->texts);
	free(summary->points);
	free(summary->failures);
	free(summary->exclusions);
	memset(summary, 0, sizeof(*summary));
}
