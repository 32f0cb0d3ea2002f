// SPDX-License-Identifier: MIT
//
// The top of the page: the answer in one sentence, the facts of the run, and
// the warning where A′ was called different.
#include <string.h>

#include "lane_facts.h"
#include "report_html.h"
#include "report_sections.h"
#include "report_tally.h"

static bool called_different(const struct comparison_row *row)
{
	return row->kind == SLOWER || row->kind == FASTER ||
		row->kind == UNRESOLVED;
}

/* A′ rows of the headline family that were called different. */
static size_t noisy_cells(const struct report_data *data, size_t *cells)
{
	size_t noisy = 0;

	*cells = 0;
	for (size_t i = 0; i < data->headline_count; i++) {
		if (!lane_is_copy(data->rows[i].variant))
			continue;
		++*cells;
		noisy += called_different(&data->rows[i]);
	}
	return noisy;
}

static void write_alarm(FILE *page, const struct report_data *data)
{
	size_t cells, noisy = noisy_cells(data, &cells);

	if (!noisy)
		return;
	fprintf(page,
		"<div class=\"alarm\" role=\"alert\"><strong>The instrument "
		"called identical code different.</strong> A′, the baseline "
		"built a second time, was called different in %zu of %zu "
		"headline cells: ",
		noisy, cells);
	for (size_t i = 0, shown = 0; i < data->headline_count; i++) {
		if (!lane_is_copy(data->rows[i].variant) ||
			!called_different(&data->rows[i]))
			continue;
		fputs(shown++ ? ", " : "", page);
		html_element(page, "code", data->rows[i].cell);
		fprintf(page, " (ratio %.3f)", data->rows[i].ratio);
	}
	fputs(". Differences of that size elsewhere in this report may be the "
	      "instrument’s own. Run again on a quieter machine, or with more "
	      "launches, before relying on them.</div>\n",
		page);
}

/* "in all 4 cells": only where the verdict is slower, which is beyond the
 * margin whatever the point estimate. */
static void write_scheme(FILE *page, const struct tally *tally, bool first)
{
	size_t slower = tally->kinds[SLOWER], n = tally->count;

	if (!slower)
		fprintf(page, "in none of %zu", n);
	else if (slower == n && n > 1)
		fprintf(page, "in all %zu", n);
	else
		fprintf(page, "in %zu of %zu", slower, n);
	if (first)
		fputs(n == 1 ? " cell" : " cells", page);
	fputs(" from ", page);
	html_element(page, "b", tally->variant);
	if (slower)
		fprintf(page, " (up to %.2f×)", tally->high[SLOWER]);
}

/* Only what has a number is in a sentence about numbers. */
static bool next_scheme(struct tally *tally, const struct report_data *data)
{
	while (tally_next(tally, data))
		if (lane_numbers_blocks(tally->variant))
			return true;
	return false;
}

static void write_sentence(FILE *page, const struct report_data *data)
{
	struct tally tally = {0};
	size_t count = 0, at = 0, open = 0, all = 0;

	while (next_scheme(&tally, data)) {
		count++;
		open += tally.kinds[INCONCLUSIVE] + tally.kinds[UNRESOLVED];
		all += tally.count;
	}
	if (!count) {
		fputs("What a block’s serial number costs", page);
		return;
	}
	fprintf(page,
		"At %u thread%s a serial number costs more than %g&nbsp;%% ",
		data->threads, data->threads == 1 ? "" : "s",
		data->margin * 100);
	memset(&tally, 0, sizeof(tally));
	while (next_scheme(&tally, data)) {
		if (at)
			fputs(at + 1 == count ? " and " : ", ", page);
		write_scheme(page, &tally, !at++);
	}
	if (open)
		fprintf(page,
			"; in %zu of these %zu comparisons whether it "
			"does is open",
			open, all);
	fputs(".", page);
}

static void write_facts(FILE *page, const struct report_data *data)
{
	fputs("<p class=\"facts\"><span>run ", page);
	html_element(page, "b", data->name);
	fputs("</span>", page);
	fprintf(page,
		" <span>%zu headline cells</span> "
		"<span>%zu comparisons in all</span> ",
		data->headline_cells, data->row_count + data->other_count);
	if (data->has_trials)
		fprintf(page, "<span>%zu timed turns</span> ",
			data->trials.turns);
	fprintf(page, "<span>margin ±%g&nbsp;%%</span></p>\n",
		data->margin * 100);
}

/* By the record; a run that was killed has none of its end. */
static void write_partial(FILE *page, const struct report_data *data)
{
	const json_t *plan = json_object_get(data->meta, "plan");
	const char *partial =
		json_string_value(json_object_get(plan, "partial"));
	const json_t *end = json_object_get(data->meta, "end_unix_ns");

	if (!partial && json_is_null(end))
		partial = "Partial run: it has not ended; serialbench run "
			  "--resume finishes one that was killed";
	if (!partial)
		return;
	fputs("<p class=\"alarm\" role=\"alert\"><strong>", page);
	html_text(page, partial);
	fputs(".</strong></p>\n", page);
}

void report_header(FILE *page, const struct report_data *data)
{
	fputs("<header><p class=\"kicker\">serialbench report: what a block’s "
	      "serial number costs</p>\n",
		page);
	write_partial(page, data);
	fputs("<h1>", page);
	write_sentence(page, data);
	fputs("</h1>\n", page);
	write_facts(page, data);
	fputs("</header>\n", page);
	write_alarm(page, data);
}
