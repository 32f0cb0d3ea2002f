// SPDX-License-Identifier: MIT
//
// The answer in sentences, written from the verdicts. What was not shown to
// differ is never called the same: it is equivalent within the margin where
// the interval proves that, and open where it does not.
#include <math.h>
#include <string.h>

#include "report_html.h"
#include "report_sections.h"
#include "report_tally.h"
#include "variant_style.h"

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
		if (strcmp(data->rows[i].variant, "again"))
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
		if (strcmp(data->rows[i].variant, "again") ||
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

static void write_noise_floor(FILE *page, const struct report_data *data)
{
	struct tally tally;

	tally_variant(&tally, data, "again", 0);
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

/* Calls write with each variant's tally in the order of the report. */
static size_t each_variant(FILE *page, const struct report_data *data,
	void (*write)(FILE *, const struct report_data *, struct tally *))
{
	const char *before = "";
	size_t count = 0;

	for (;;) {
		const char *next = NULL;
		struct tally tally;

		for (size_t i = 0; i < data->headline_count; i++) {
			const char *name = data->rows[i].variant;

			if ((!*before || variant_order(name, before) > 0) &&
				(!next || variant_order(name, next) < 0))
				next = name;
		}
		if (!next)
			return count;
		before = next;
		if (!strcmp(next, "again") || variant_is_control(next))
			continue;
		tally_variant(&tally, data, next, data->threads);
		if (!tally.count)
			continue;
		write(page, data, &tally);
		count++;
	}
}

static void variant_tile(
	FILE *page, const struct report_data *data, struct tally *tally)
{
	char note[96];

	snprintf(note, sizeof(note),
		"the baseline’s time, %zu cell%s at %u thread%s", tally->count,
		tally->count == 1 ? "" : "s", data->threads,
		data->threads == 1 ? "" : "s");
	write_tile(page, tally, note);
}

static void variant_sentence(
	FILE *page, const struct report_data *data, struct tally *tally)
{
	fputs("<li>", page);
	html_variant(page, tally->variant);
	fputs(" against ", page);
	html_element(page, "code", data->baseline);
	fputs(": ", page);
	tally_write(page, tally, data->margin);
	fputs(".</li>\n", page);
}

/* tls against another scheme, from the rows that have it as the baseline. */
static size_t write_duel(
	FILE *page, const struct report_data *data, const char *baseline)
{
	struct tally tally = {.variant = "tls", .baseline = baseline};

	for (size_t i = 0; i < data->other_count; i++) {
		const struct comparison_row *row = &data->others[i];

		if (!strcmp(row->variant, "tls") &&
			!strcmp(row->baseline, baseline) &&
			!strcmp(row->metric, data->metric) &&
			row->name.threads == data->threads)
			tally_add(&tally, row);
	}
	if (!tally.count)
		return 0;
	fputs("<li>", page);
	html_variant(page, "tls");
	fputs(" against ", page);
	html_variant(page, baseline);
	fputs(!strcmp(baseline, "slot") ? " (the cost of the counting alone, "
					  "without the 8 bytes): "
					: ": ",
		page);
	tally_write(page, &tally, data->margin);
	fputs(".</li>\n", page);
	return tally.count;
}

void report_answer(FILE *page, const struct report_data *data)
{
	size_t duels;

	html_section(page, "answer", "The answer");
	if (!data->present[FILE_COMPARISONS]) {
		html_missing(page, "comparisons.csv",
			"holds the ratios and verdicts");
		html_section_end(page);
		return;
	}
	write_noise_floor(page, data);
	fputs("<ul class=\"tiles\">", page);
	each_variant(page, data, variant_tile);
	fprintf(page,
		"</ul>\n<p>In the headline cells at %u thread%s (wall time per "
		"operation, a ratio of 1 is no cost):</p>\n<ul class=\"says\">",
		data->threads, data->threads == 1 ? "" : "s");
	if (!each_variant(page, data, variant_sentence))
		fputs("<li>no variant was compared.</li>", page);
	duels = write_duel(page, data, "slot");
	duels += write_duel(page, data, "atomic");
	fputs("</ul>\n", page);
	if (!duels)
		fputs("<p class=\"missing\">This run’s comparisons.csv does "
		      "not hold tls against slot or atomic directly; "
		      "<code>serialbench compare RUN --baseline slot</code> "
		      "prints it.</p>\n",
			page);
	html_section_end(page);
}

static void write_facts(FILE *page, const struct report_data *data)
{
	size_t cells = 0;

	for (size_t i = 0; i < data->headline_count; i++)
		cells += !i ||
			strcmp(data->rows[i].cell, data->rows[i - 1].cell);
	fputs("<p class=\"facts\"><span>run ", page);
	html_element(page, "b", data->name);
	fputs("</span>", page);
	fprintf(page,
		" <span>%zu headline cells</span> "
		"<span>%zu comparisons in all</span> ",
		cells, data->row_count + data->other_count);
	if (data->has_trials)
		fprintf(page, "<span>%zu timed turns</span> ",
			data->trials.turns);
	fprintf(page, "<span>margin ±%g&nbsp;%%</span></p>\n",
		data->margin * 100);
}

void report_header(FILE *page, const struct report_data *data)
{
	fputs("<header><p class=\"kicker\">serialbench report</p>"
	      "<h1>What a block’s serial number costs</h1>\n",
		page);
	write_facts(page, data);
	fputs("</header>\n", page);
	write_alarm(page, data);
}
