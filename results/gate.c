// SPDX-License-Identifier: MIT
#include "gate.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[GATE_FINDINGS] = {
	[GATE_OVER] = "over",
	[GATE_UNMEASURED] = "unmeasured",
	[GATE_SUSPECTED] = "suspected",
	[GATE_INCONCLUSIVE] = "inconclusive",
	[GATE_WITHIN] = "within",
};

const char *gate_finding_name(enum gate_finding finding)
{
	return names[finding];
}

static struct gate_item *add_item(struct gate *gate)
{
	struct gate_item *items =
		reallocarray(gate->items, gate->count + 1, sizeof(*items));

	if (items == NULL)
		return NULL;
	gate->items = items;
	return &items[gate->count++];
}

struct gate_item *gate_find(struct gate *gate, const char *cell,
	const char *variant, const char *metric)
{
	struct gate_item *item;

	for (size_t i = 0; i < gate->count; i++) {
		item = &gate->items[i];
		if (strcmp(item->cell, cell) == 0 &&
			strcmp(item->variant, variant) == 0 &&
			strcmp(item->metric, metric) == 0)
			return item;
	}
	item = add_item(gate);
	if (item == NULL)
		return NULL;
	*item = (struct gate_item){0};
	snprintf(item->cell, RECORD_TEXT, "%s", cell);
	snprintf(item->variant, RECORD_TEXT, "%s", variant);
	snprintf(item->metric, RECORD_TEXT, "%s", metric);
	for (size_t i = 0; i < GATE_RUNS; i++)
		item->looks[i] =
			(struct gate_look){GATE_UNMEASURED, NAN, NAN, NAN, 0};
	return item;
}

/* The comparison's margin is the limit, so its verdict says `slower` where the
 * interval lies above the limit whole. Within needs one side of it only. */
static enum gate_finding judge_time(const struct comparison *comparison)
{
	if (comparison->launches == 0)
		return GATE_UNMEASURED;
	if (comparison->verdict == VERDICT_SLOWER)
		return GATE_OVER;
	if (comparison->ci_high <= 1 + comparison->margin)
		return GATE_WITHIN;
	return GATE_INCONCLUSIVE;
}

static int look_at_times(struct gate *gate, const struct gate_options *options,
	size_t index, struct error *error)
{
	struct compare_options compare = {
		.baseline = options->baseline,
		.metric = options->metric,
		.margin = options->max_slowdown,
		.alpha = options->alpha,
		.variants = options->variants,
	};
	struct comparison_list list = {0};
	int result = compare_run(&list, options->runs[index], &compare, error);

	for (size_t i = 0; result == 0 && i < list.count; i++) {
		const struct comparison *seen = &list.items[i];
		struct gate_item *item = gate_find(
			gate, seen->cell, seen->variant, seen->metric);

		if (item == NULL) {
			error_set(error, "%s", strerror(ENOMEM));
			result = -1;
			break;
		}
		item->limit = 1 + seen->margin;
		item->looks[index] = (struct gate_look){judge_time(seen),
			seen->ratio, seen->ci_low, seen->ci_high,
			seen->launches_needed > seen->launches
				? seen->launches_needed
				: 0};
	}
	comparison_list_finish(&list);
	return result;
}

/* A time that is over in one run alone may be chance: another has to agree.
 * Bytes are counted, and one count is enough. */
static enum gate_finding agree(
	const struct gate_item *item, const struct gate_options *options)
{
	enum gate_finding first = item->looks[0].finding, second;

	bool exact = strcmp(item->metric, GATE_BYTES) == 0;

	if (options->run_count == 1)
		return first == GATE_OVER && !options->single && !exact
			? GATE_SUSPECTED
			: first;
	second = item->looks[1].finding;
	if (first == second)
		return first;
	if (first == GATE_UNMEASURED || second == GATE_UNMEASURED)
		return GATE_UNMEASURED;
	if (first == GATE_OVER || second == GATE_OVER)
		return GATE_SUSPECTED;
	return GATE_INCONCLUSIVE;
}

static void conclude(struct gate *gate, const struct gate_options *options)
{
	for (size_t i = 0; i < gate->count; i++) {
		struct gate_item *item = &gate->items[i];

		item->finding = agree(item, options);
		item->failed = item->finding == GATE_OVER ||
			item->finding == GATE_UNMEASURED ||
			(options->strict && item->finding != GATE_WITHIN);
		gate->found[item->finding]++;
		gate->failed += item->failed;
	}
}

/* A name that nothing was measured of would be a gate that always holds. */
static int check_variants(const struct gate *gate,
	const struct gate_options *options, struct error *error)
{
	const char *const *name = options->variants;

	for (; *name != NULL; name++) {
		size_t i = 0;

		while (i < gate->count &&
			strcmp(gate->items[i].variant, *name) != 0)
			i++;
		if (i < gate->count)
			continue;
		return error_set(error,
			"%s: nothing was measured of '%s' beside "
			"'%s'",
			options->runs[0], *name, options->baseline);
	}
	return 0;
}

int gate_check(struct gate *gate, const struct gate_options *options,
	struct error *error)
{
	*gate = (struct gate){.run_count = options->run_count};
	for (size_t i = 0; i < options->run_count; i++) {
		if (!isnan(options->max_slowdown) &&
			look_at_times(gate, options, i, error) != 0)
			return -1;
		if (!isnan(options->max_bytes) &&
			gate_look_at_bytes(gate, options, i, error) != 0)
			return -1;
	}
	if (check_variants(gate, options, error) != 0)
		return -1;
	conclude(gate, options);
	return 0;
}

void gate_finish(struct gate *gate)
{
	free(gate->items);
	*gate = (struct gate){0};
}
