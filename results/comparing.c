// SPDX-License-Identifier: MIT
//
// What every comparison starts from: options, the families by plan.csv, room
// for the values, and the list that grows.
#include "comparing.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "run_table.h"

int comparing_no_memory(struct comparing *comparing)
{
	return error_set(comparing->error, "%s", strerror(ENOMEM));
}

int comparing_room(struct comparing *comparing, size_t count)
{
	double *values;
	uint32_t *launches;

	if (count <= comparing->room)
		return 0;
	values = reallocarray(comparing->values, count, sizeof(*values));
	if (!values)
		return comparing_no_memory(comparing);
	comparing->values = values;
	launches = reallocarray(comparing->launches, count, sizeof(*launches));
	if (!launches)
		return comparing_no_memory(comparing);
	comparing->launches = launches;
	comparing->room = count;
	return 0;
}

/* Room for one more: doubles whenever the count is a power of two. */
static bool grow(struct comparison_list *list)
{
	struct comparison *items;

	if ((list->count & (list->count - 1)) != 0)
		return true;
	items = reallocarray(
		list->items, list->count ? 2 * list->count : 1, sizeof(*items));
	if (!items)
		return false;
	list->items = items;
	return true;
}

static void copy_text(char to[RECORD_TEXT], const char *from)
{
	snprintf(to, RECORD_TEXT, "%s", from);
}

struct comparison *comparing_add(
	struct comparing *comparing, const char *cell, const char *variant)
{
	struct comparison_list *list = comparing->list;
	bool headline = names_find(&comparing->headline, cell) != NAMES_NONE;
	struct comparison *comparison;

	if (!grow(list)) {
		comparing_no_memory(comparing);
		return NULL;
	}
	comparison = &list->items[list->count++];
	*comparison =
		(struct comparison){.adjust_method = headline ? "holm" : "bh",
			.verdict = VERDICT_INCONCLUSIVE,
			.margin = comparing->margin};
	copy_text(comparison->family,
		headline ? FAMILY_HEADLINE : FAMILY_EXPLORATORY);
	copy_text(comparison->cell, cell);
	copy_text(comparison->metric, comparing->metric);
	copy_text(comparison->baseline, comparing->baseline);
	copy_text(comparison->variant, variant);
	return comparison;
}

/* One row: its cell where it is a headline. at[]: columns of both. */
static int add_headline(struct names *headline, const struct csv_table *plan,
	size_t row, const int at[2], struct error *error)
{
	const char *cell = csv_table_text(plan, row, at[0]);
	const char *flag = csv_table_text(plan, row, at[1]);

	if (strcmp(flag, "0") == 0)
		return 0;
	if (strcmp(flag, "1") != 0)
		return csv_table_fail(plan, row, "headline", error,
			"\"%.64s\": allowed is 0 or 1", flag);
	if (names_add(headline, cell) == NAMES_NONE)
		return csv_table_fail(
			plan, row, "cell", error, "%s", strerror(ENOMEM));
	return 0;
}

/* Cells with headline = 1 in RUN/plan.csv; none where there is no plan. */
static int read_headline(
	struct names *headline, const char *path, struct error *error)
{
	static const char *const names[] = {"cell", "headline"};
	struct csv_table plan;
	int at[2], result = -1;

	if (access(path, F_OK) != 0 && errno == ENOENT)
		return 0;
	if (run_table_read(&plan, path, "plan.csv", error) != 0)
		return -1;
	result = csv_table_need(&plan, names, 2, at, error);
	for (size_t row = 0; result == 0 && row < plan.rows; row++)
		result = add_headline(headline, &plan, row, at, error);
	csv_table_finish(&plan);
	return result;
}

int comparing_start(struct comparing *comparing, const char *run,
	const struct compare_options *options)
{
	char *path = NULL;
	int result = -1;

	comparing->baseline =
		options->baseline ? options->baseline : COMPARE_BASELINE;
	comparing->metric = options->metric ? options->metric : "ns_per_op";
	comparing->margin = options->margin;
	comparing->alpha = options->alpha;
	comparing->variants = options->variants;
	*comparing->list = (struct comparison_list){0};
	if (!(options->margin > 0 && isfinite(options->margin)) ||
		!(options->alpha > 0 && options->alpha < 1)) {
		return error_set(comparing->error,
			"margin %g, alpha %g: the margin must be above 0, and "
			"alpha between 0 and 1",
			options->margin, options->alpha);
	}
	if (asprintf(&path, "%s/plan.csv", run) < 0)
		return comparing_no_memory(comparing);
	result = read_headline(&comparing->headline, path, comparing->error);
	free(path);
	return result;
}

void comparing_finish(struct comparing *comparing, int result)
{
	names_finish(&comparing->headline);
	free(comparing->values);
	free(comparing->launches);
	if (result != 0)
		comparison_list_finish(comparing->list);
}

void comparison_list_finish(struct comparison_list *list)
{
	if (!list)
		return;
	free(list->items);
	*list = (struct comparison_list){0};
}
