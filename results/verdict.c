// SPDX-License-Identifier: MIT
//
// Adjusted p values, verdicts and order: what a list of estimates needs to
// become comparisons.
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "comparing.h"
#include "statistics.h"

/* Each fact of a verdict stands here and nowhere else. */
static const struct {
	const char *name, *sign;
	bool different;
} verdicts[] = {
	[VERDICT_SLOWER] = {"slower", "▲", true},
	[VERDICT_FASTER] = {"faster", "▼", true},
	[VERDICT_EQUIVALENT] = {"equivalent", "=", false},
	[VERDICT_SIZE_UNRESOLVED] = {"different, size unresolved", "≠", true},
	[VERDICT_INCONCLUSIVE] = {"inconclusive", "?", false},
};

const char *verdict_name(enum verdict verdict)
{
	return verdicts[verdict].name;
}

const char *verdict_sign(enum verdict verdict)
{
	return verdicts[verdict].sign;
}

bool verdict_is_different(enum verdict verdict)
{
	return verdicts[verdict].different;
}

enum verdict verdict_of_name(const char *name)
{
	for (int verdict = 0; verdict < VERDICT_INCONCLUSIVE; verdict++)
		if (strcmp(name, verdicts[verdict].name) == 0)
			return (enum verdict)verdict;
	return VERDICT_INCONCLUSIVE;
}

/* The comparisons that are corrected for together: the headline cells of one
 * variant, or all that are exploratory. */
struct family {
	const char *name, *variant; /* NULL: every variant */
	int (*adjust)(double *adjusted, const double *p, size_t n);
	size_t count;
};

static bool is_member(
	const struct family *family, const struct comparison *comparison)
{
	return strcmp(comparison->family, family->name) == 0 &&
		(family->variant == NULL ||
			strcmp(comparison->variant, family->variant) == 0);
}

/*
 * Whether the row could be called different with the least p that its launches
 * can have, the others being as they are. `values` has room for the family.
 */
static int can_differ(const struct comparison_list *list,
	const struct family *family, const struct comparison *row,
	double *values, double alpha, bool *can)
{
	size_t n = 0, place = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct comparison *item = &list->items[i];

		if (!is_member(family, item))
			continue;
		if (item == row)
			place = n;
		values[n++] = item == row ? row->p_least : item->p_raw;
	}
	if (family->adjust(values, values, n) != 0)
		return -1;
	*can = values[place] < alpha;
	return 0;
}

static int remark_on(struct comparing *comparing, const struct family *family,
	struct comparison *row)
{
	bool can = true;
	size_t least;

	if (row->verdict == VERDICT_INCONCLUSIVE && row->launches > 0 &&
		can_differ(comparing->list, family, row, comparing->values,
			comparing->alpha, &can) != 0)
		return -1;
	least = sign_test_least(comparing->alpha / (double)family->count);
	if (!can)
		snprintf(row->remark, sizeof(row->remark),
			"%zu launches cannot decide among %zu comparisons: it "
			"takes %zu",
			row->launches, family->count, least);
	else if (row->step > 0)
		snprintf(row->remark, sizeof(row->remark),
			"launches differ in steps of %.2g %%, and the interval "
			"is no finer",
			100 * expm1(row->step));
	return 0;
}

static void judge(struct comparing *comparing, const struct family *family,
	struct comparison *row)
{
	const struct needed needed = {
		.effect = log(row->ratio),
		.sigma = row->sigma,
		.launches = row->launches,
		.margin = row->margin,
		.alpha = comparing->alpha,
		.family = family->count,
	};

	row->verdict = verdict_of_interval(row->ci_low, row->ci_high,
		row->margin, row->p_adjusted < comparing->alpha);
	if (row->verdict == VERDICT_INCONCLUSIVE)
		row->launches_needed = launches_needed(&needed);
}

/* Adjusts the p values, then judges each. 0, or -1 with ENOMEM. */
static int judge_family(struct comparing *comparing, struct family *family)
{
	struct comparison_list *list = comparing->list;
	size_t next = 0;

	family->count = 0;
	for (size_t i = 0; i < list->count; i++)
		if (is_member(family, &list->items[i]))
			comparing->values[family->count++] =
				list->items[i].p_raw;
	if (family->adjust(
		    comparing->values, comparing->values, family->count) != 0)
		return -1;
	for (size_t i = 0; i < list->count; i++)
		if (is_member(family, &list->items[i]))
			list->items[i].p_adjusted = comparing->values[next++];
	for (size_t i = 0; i < list->count; i++) {
		if (!is_member(family, &list->items[i]))
			continue;
		judge(comparing, family, &list->items[i]);
		if (remark_on(comparing, family, &list->items[i]) != 0)
			return -1;
	}
	return 0;
}

/* Whether an earlier headline row has the variant. */
static bool was_seen(const struct comparison_list *list, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (strcmp(list->items[i].family, FAMILY_HEADLINE) == 0 &&
			strcmp(list->items[i].variant,
				list->items[at].variant) == 0)
			return true;
	return false;
}

enum verdict verdict_of_interval(
	double low, double high, double margin, bool differs)
{
	double above = 1 + margin, below = 1 / above;

	if (isnan(low))
		return VERDICT_INCONCLUSIVE;
	if (low > below && high < above)
		return VERDICT_EQUIVALENT;
	if (!differs)
		return VERDICT_INCONCLUSIVE;
	if (low > above)
		return VERDICT_SLOWER;
	if (high < below)
		return VERDICT_FASTER;
	return VERDICT_SIZE_UNRESOLVED;
}

/* A' first, then headline, then the rest. */
static int rank_of(const struct comparison *comparison)
{
	if (comparison->is_copy)
		return 0;
	return strcmp(comparison->family, FAMILY_HEADLINE) == 0 ? 1 : 2;
}

static int compare_order(const void *left, const void *right)
{
	const struct comparison *a = *(const struct comparison *const *)left;
	const struct comparison *b = *(const struct comparison *const *)right;
	int order = rank_of(a) - rank_of(b);

	if (order == 0)
		order = strcmp(b->family, a->family); /* headline first */
	if (order == 0)
		order = strcmp(a->cell, b->cell);
	/* Of one array: as they were, which qsort alone does not promise. */
	return order ? order : (a > b) - (a < b);
}

/* 0, or -1 with errno. */
static int sort_list(struct comparison_list *list)
{
	const struct comparison **order = calloc(list->count, sizeof(*order));
	struct comparison *sorted = calloc(list->count, sizeof(*sorted));

	if (!order || !sorted) {
		free(order);
		free(sorted);
		return -1;
	}
	for (size_t i = 0; i < list->count; i++)
		order[i] = &list->items[i];
	qsort(order, list->count, sizeof(*order), compare_order);
	for (size_t i = 0; i < list->count; i++)
		sorted[i] = *order[i];
	free(order);
	free(list->items);
	list->items = sorted;
	return 0;
}

int comparing_judge(struct comparing *comparing)
{
	struct comparison_list *list = comparing->list;
	struct family exploratory = {FAMILY_EXPLORATORY, NULL, adjust_bh, 0};

	if (list->count == 0)
		return 0;
	if (comparing_room(comparing, list->count) != 0)
		return -1;
	for (size_t i = 0; i < list->count; i++) {
		struct family family = {FAMILY_HEADLINE, list->items[i].variant,
			adjust_holm, 0};

		if (strcmp(list->items[i].family, FAMILY_HEADLINE) == 0 &&
			!was_seen(list, i) &&
			judge_family(comparing, &family) != 0)
			return comparing_no_memory(comparing);
	}
	if (judge_family(comparing, &exploratory) != 0)
		return comparing_no_memory(comparing);
	return sort_list(list) == 0 ? 0 : comparing_no_memory(comparing);
}
