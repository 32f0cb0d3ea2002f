// SPDX-License-Identifier: MIT
//
// Comparisons as people read them: aligned columns, and below them how many
// comparisons were made and how sure the intervals are.
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "columns.h"
#include "comparing.h"
#include "comparisons.h"
#include "printable.h"

static const struct columns_line titles = {{"cell", "variant",
	"ratio [interval]", "p adjusted", "launches", "family", "verdict"}};

static void put_ratio(char *text, const struct comparison *comparison)
{
	if (isnan(comparison->ratio))
		snprintf(text, COLUMN_BYTES, "-");
	else if (isnan(comparison->ci_low))
		snprintf(text, COLUMN_BYTES, "%.3f [no interval]",
			comparison->ratio);
	else
		snprintf(text, COLUMN_BYTES, "%.3f [%.3f, %.3f]",
			comparison->ratio, comparison->ci_low,
			comparison->ci_high);
}

/* The two estimates do not agree. */
static bool is_skewed(const struct comparison *comparison)
{
	return comparison->hodges_lehmann < comparison->ci_low ||
		comparison->hodges_lehmann > comparison->ci_high ||
		comparison->ratio < comparison->ci_low ||
		comparison->ratio > comparison->ci_high;
}

static void put_verdict(char *text, const struct comparison *comparison)
{
	const char *skewed = is_skewed(comparison) ? ", skewed" : "";
	const char *name = verdict_name(comparison->verdict);

	if (comparison->remark[0] != '\0')
		snprintf(text, COLUMN_BYTES, "%s%s: %.200s", name, skewed,
			comparison->remark);
	else if (comparison->verdict != VERDICT_INCONCLUSIVE)
		snprintf(text, COLUMN_BYTES, "%s%s", name, skewed);
	else if (comparison->launches == 0)
		snprintf(text, COLUMN_BYTES, "%s: no launch is left", name);
	else if (comparison->launches_needed > comparison->launches)
		snprintf(text, COLUMN_BYTES, "%s: needs %zu launches%s", name,
			comparison->launches_needed, skewed);
	else
		snprintf(text, COLUMN_BYTES, "%s: close to the margin%s", name,
			skewed);
}

static void put_line(
	struct columns_line *line, const struct comparison *comparison)
{
	snprintf(line->texts[0], COLUMN_BYTES, "%s", comparison->cell);
	snprintf(line->texts[1], COLUMN_BYTES, "%s", comparison->variant);
	put_ratio(line->texts[2], comparison);
	snprintf(line->texts[3], COLUMN_BYTES, "%.3g", comparison->p_adjusted);
	snprintf(line->texts[4], COLUMN_BYTES, "%zu", comparison->launches);
	snprintf(line->texts[5], COLUMN_BYTES, "%s", comparison->family);
	put_verdict(line->texts[6], comparison);
	make_printable(line->texts[0]);
	make_printable(line->texts[1]);
}

/* A' is the baseline a second time, so a difference is the instrument's. */
static void print_alarms(const struct comparison_list *list, FILE *out)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct comparison *item = &list->items[i];
		char cell[RECORD_TEXT];

		if (!item->is_copy || !verdict_is_different(item->verdict) ||
			strcmp(item->baseline, COMPARE_BASELINE) != 0)
			continue;
		strcpy(cell, item->cell);
		make_printable(cell);
		fprintf(out,
			"A' WAS CALLED DIFFERENT (%s, %.3f [%.3f, %.3f]) in "
			"%s: it is the baseline, so nothing smaller than this "
			"can be believed here.\n",
			verdict_name(item->verdict), item->ratio, item->ci_low,
			item->ci_high, cell);
	}
}

static void print_levels(const struct comparison_list *list, FILE *out)
{
	double low = INFINITY, high = -INFINITY;

	for (size_t i = 0; i < list->count; i++) {
		low = fmin(low, list->items[i].ci_level);
		high = fmax(high, list->items[i].ci_level);
	}
	if (low > high)
		fprintf(out, "No interval: too few launches.\n");
	else if (high - low < 5e-5)
		fprintf(out, "Coverage of the intervals: %.2f %%.\n",
			100 * low);
	else
		fprintf(out,
			"Coverage of the intervals: %.2f to %.2f %%, by "
			"the number of launches.\n",
			100 * low, 100 * high);
}

static void print_summary(const struct comparison_list *list, FILE *out)
{
	const struct comparison *first = list->items;
	size_t headline = 0;

	for (size_t i = 0; i < list->count; i++)
		headline += strcmp(list->items[i].family, FAMILY_HEADLINE) == 0;
	fprintf(out,
		"%zu comparison%s with %s, %s, margin %g %%: %zu headline "
		"(Holm within each variant), %zu exploratory "
		"(Benjamini-Hochberg).\n",
		list->count, list->count == 1 ? "" : "s", first->baseline,
		first->metric, 100 * first->margin, headline,
		list->count - headline);
	print_levels(list, out);
}

void comparisons_print_table(const struct comparison_list *list, FILE *out)
{
	struct columns columns = {.count = 7};
	struct columns_line line;

	if (list->count == 0) {
		fprintf(out, "0 comparisons: there is only one variant.\n");
		return;
	}
	print_alarms(list, out);
	columns_widen(&columns, &titles);
	for (size_t i = 0; i < list->count; i++) {
		put_line(&line, &list->items[i]);
		columns_widen(&columns, &line);
	}
	columns_print(&columns, &titles, out);
	for (size_t i = 0; i < list->count; i++) {
		put_line(&line, &list->items[i]);
		columns_print(&columns, &line, out);
	}
	print_summary(list, out);
}
