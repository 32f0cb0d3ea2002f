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

int comparing_no_memory(struct comparing *comparing)
{
	snprintf(comparing->error, CSV_ERROR, "%s", strerror(ENOMEM));
	return -1;
}

int comparing_room(struct comparing *comparing, size_t count)
{
	double *values;

	if (count <= comparing->room)
		return 0;
	values = reallocarray(comparing->values, count, sizeof(*values));
	if (!values)
		return comparing_no_memory(comparing);
	comparing->values = values;
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

/* Cells with headline = 1 in RUN/plan.csv; none where there is no plan. */
static int read_headline(
	struct names *headline, const char *path, char error[CSV_ERROR])
{
	struct csv_table plan;
	int cell, flag, result = -1;

	if (access(path, F_OK) != 0 && errno == ENOENT)
		return 0;
	if (csv_table_read(&plan, path, error) != 0)
		return -1;
	cell = csv_table_column(&plan, "cell");
	flag = csv_table_column(&plan, "headline");
	if (cell < 0 || flag < 0) {
		snprintf(error, CSV_ERROR, "%s:1: no column \"%s\"", path,
			cell < 0 ? "cell" : "headline");
		goto out;
	}
	for (size_t row = 0; row < plan.rows; row++)
		if (strcmp(csv_table_text(&plan, row, flag), "1") == 0 &&
			names_add(headline, csv_table_text(&plan, row, cell)) ==
				NAMES_NONE) {
			snprintf(error, CSV_ERROR, "%s: %s", path,
				strerror(ENOMEM));
			goto out;
		}
	result = 0;
out:
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
		snprintf(comparing->error, CSV_ERROR,
			"margin %g, alpha %g: the margin must be above 0, and "
			"alpha between 0 and 1",
			options->margin, options->alpha);
		return -1;
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
