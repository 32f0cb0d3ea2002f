// SPDX-License-Identifier: MIT
//
// The answer in sentences, written from the verdicts. What was not shown to
// differ is never called the same: it is equivalent within the margin where
// the interval proves that, and open where it does not.
#include <math.h>
#include <string.h>

#include "lane_facts.h"
#include "report_html.h"
#include "report_sections.h"
#include "report_tally.h"
#include "variant_style.h"

static void write_noise_floor(FILE *page, const struct report_data *data)
{
	struct tally tally;

	tally_copy(&tally, data);
	fputs("<p class=\"floor\"><b>Noise floor.</b> ", page);
	if (!tally.count) {
		fputs("This run has no A′ lane, so nothing here says how far "
		      "two builds of one program would have come out "
		      "apart.</p>\n",
			page);
		return;
	}
	fprintf(page,
		"A′ is the baseline built and linked a second time, measured "
		"like any variant; a perfect instrument gives it a ratio "
		"of 1. In %zu headline comparison%s it came out between %.3f "
		"and %.3f, with intervals from %.3f to %.3f: ",
		tally.count, tally.count == 1 ? "" : "s", tally_least(&tally),
		tally_greatest(&tally), tally.interval_low,
		tally.interval_high);
	tally_write(page, &tally, data->margin);
	fputs(".</p>\n", page);
}

static void write_tile(FILE *page, const struct tally *tally, const char *note)
{
	double low = tally_least(tally), high = tally_greatest(tally);

	fputs("<li class=\"tile\"><h3>", page);
	html_variant(page, tally->variant);
	fputs("</h3><p class=\"big\">", page);
	if (lround(low * 100) == lround(high * 100))
		fprintf(page, "%.2f×", low);
	else
		fprintf(page, "%.2f – %.2f×", low, high);
	fprintf(page, "</p><p class=\"note\">%s</p></li>\n", note);
}

static void variant_tile(
	FILE *page, const struct report_data *data, const struct tally *tally)
{
	char note[96];

	snprintf(note, sizeof(note),
		"the baseline’s time, %zu cell%s at %u thread%s", tally->count,
		tally->count == 1 ? "" : "s", data->threads,
		data->threads == 1 ? "" : "s");
	write_tile(page, tally, note);
}

static void variant_sentence(
	FILE *page, const struct report_data *data, const struct tally *tally)
{
	fputs("<li>", page);
	html_variant(page, tally->variant);
	fputs(" against ", page);
	html_element(page, "code", data->baseline);
	fputs(": ", page);
	tally_write(page, tally, data->margin);
	fputs(".</li>\n", page);
}

/* Whether a row of another baseline belongs to the duel of two numbered lanes,
 * or of one with the bytes alone. */
static bool is_duel(
	const struct report_data *data, const struct comparison_row *row)
{
	return lane_numbers_blocks(row->variant) &&
		(lane_numbers_blocks(row->baseline) ||
			lane_has_room_only(row->baseline)) &&
		!strcmp(row->metric, data->metric) &&
		row->name.threads == data->threads;
}

/* The rows from `from` on of its two lanes; the first that names them writes
 * the sentence. */
static void write_duel(FILE *page, const struct report_data *data, size_t from)
{
	const struct comparison_row *first = &data->others[from];
	struct tally tally = {
		.variant = first->variant, .baseline = first->baseline};

	for (size_t i = 0; i < data->other_count; i++) {
		const struct comparison_row *row = &data->others[i];

		if (!is_duel(data, row) ||
			strcmp(row->variant, first->variant) ||
			strcmp(row->baseline, first->baseline))
			continue;
		if (i < from)
			return;
		tally_add(&tally, row);
	}
	fputs("<li>", page);
	html_variant(page, tally.variant);
	fputs(" against ", page);
	html_variant(page, tally.baseline);
	fputs(lane_has_room_only(tally.baseline)
			? " (the cost of the counting alone, without the 8 "
			  "bytes): "
			: ": ",
		page);
	tally_write(page, &tally, data->margin);
	fputs(".</li>\n", page);
}

void report_answer(FILE *page, const struct report_data *data)
{
	struct tally tile = {0}, tally = {0};
	size_t duels = 0;

	html_section(page, "answer", "The answer");
	if (!data->present[FILE_COMPARISONS]) {
		html_missing(page, "comparisons.csv",
			"holds the ratios and verdicts");
		html_section_end(page);
		return;
	}
	fputs("<ul class=\"tiles\">", page);
	while (tally_next(&tile, data))
		variant_tile(page, data, &tile);
	fputs("</ul>\n", page);
	write_noise_floor(page, data);
	fprintf(page,
		"<p>In the headline cells at %u thread%s (wall time per "
		"operation, a ratio of 1 is no cost):</p>\n<ul class=\"says\">",
		data->threads, data->threads == 1 ? "" : "s");
	while (tally_next(&tally, data))
		variant_sentence(page, data, &tally);
	if (!tally.count)
		fputs("<li>no variant was compared.</li>", page);
	for (size_t i = 0; i < data->other_count; i++)
		if (is_duel(data, &data->others[i])) {
			write_duel(page, data, i);
			duels++;
		}
	fputs("</ul>\n", page);
	if (!duels)
		fputs("<p class=\"missing\">This run’s comparisons.csv does "
		      "not hold one numbered lane against another; "
		      "<code>serialbench compare RUN --baseline LANE</code> "
		      "prints it.</p>\n",
			page);
	html_section_end(page);
}
