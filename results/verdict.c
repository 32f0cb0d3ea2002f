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

const char *verdict_name(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_SLOWER:
		return "slower";
	case VERDICT_FASTER:
		return "faster";
	case VERDICT_EQUIVALENT:
		return "equivalent";
	case VERDICT_SIZE_UNRESOLVED:
		return "different, size unresolved";
	case VERDICT_INCONCLUSIVE:
		break;
	}
	return "inconclusive";
}

const char *verdict_sign(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_SLOWER:
		return "▲";
	case VERDICT_FASTER:
		return "▼";
	case VERDICT_EQUIVALENT:
		return "=";
	case VERDICT_SIZE_UNRESOLVED:
		return "≠";
	case VERDICT_INCONCLUSIVE:
		break;
	}
	return "?";
}

/* `values` has room for the whole list. */
static int adjust_family(struct comparison_list *list, double *values,
	const char *family,
	int (*adjust)(double *adjusted, const double *p, size_t n))
{
	size_t n = 0, next = 0;

	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].family, family) == 0)
			values[n++] = list->items[i].p_raw;
	if (adjust(values, values, n) != 0)
		return -1;
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].family, family) == 0)
			list->items[i].p_adjusted = values[next++];
	return 0;
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
	if (strcmp(comparison->variant, COMPARE_AGAIN) == 0)
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

	if (list->count == 0)
		return 0;
	if (comparing_room(comparing, list->count) != 0)
		return -1;
	if (adjust_family(list, comparing->values, FAMILY_HEADLINE,
		    adjust_holm) != 0 ||
		adjust_family(list, comparing->values, FAMILY_EXPLORATORY,
			adjust_bh) != 0)
		return comparing_no_memory(comparing);
	for (size_t i = 0; i < list->count; i++) {
		struct comparison *item = &list->items[i];

		item->verdict = verdict_of_interval(item->ci_low, item->ci_high,
			item->margin, item->p_adjusted < comparing->alpha);
		if (item->verdict == VERDICT_INCONCLUSIVE)
			item->launches_needed = launches_needed(
				item->sigma, item->margin, comparing->alpha);
	}
	return sort_list(list) == 0 ? 0 : comparing_no_memory(comparing);
}
