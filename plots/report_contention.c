// SPDX-License-Identifier: MIT
//
// Contention slowdown by scheme: the figure and its numbers.
#include "contention.h"
#include "report_html.h"
#include "report_sections.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void slowdown_row(FILE *page, const struct contention_row *row)
{
	const double reals[] = {row->one->ns_per_op, row->many->ns_per_op,
		row->slowdown, row->part, 1.0 / row->many->name.threads};

	fputs("<tr><td>", page);
	html_element(page, "code", row->many->cell);
	fputs("</td><td>", page);
	html_variant(page, row->many->variant);
	fprintf(page, "</td><td class=\"n\">%u</td>", row->many->name.threads);
	for (size_t i = 0; i < COUNT(reals); i++) {
		fputs("<td class=\"n\">", page);
		html_real(page, reals[i], 3);
		fputs("</td>", page);
	}
	fputs("</tr>\n", page);
}

static void slowdown_table(FILE *page, const struct contention *contention)
{
	static const struct html_column columns[] = {
		{"", "cell", HTML_TEXT},
		{"", "variant", HTML_TEXT},
		{"", "threads", 0},
		{"", "ns/op at 1", 3},
		{"", "ns/op at T", 3},
		{"", "slowdown", 3},
		{"", "due to the serial", 3},
		{"", "ideal slowdown", 3},
	};

	html_table_open(page, "sort", NULL);
	html_head(page, columns, COUNT(columns));
	for (size_t i = 0; i < contention->count; i++)
		slowdown_row(page, &contention->rows[i]);
	html_table_close(page);
}

static void write_body(FILE *page, const struct report_data *data,
	const struct figure *figure, const char *directory,
	const struct contention *contention)
{
	bool drawn;

	if (!contention->count) {
		fputs("<p class=\"missing\">Left out: no headline workload of "
		      "this run was measured both at one thread and at "
		      "more.</p>\n",
			page);
		return;
	}
	drawn = report_pictures(page, data, figure, directory,
		"Contention slowdown by scheme; its numbers are in the table "
		"below.",
		"Slowdown: wall time per operation of all threads together at "
		"T threads over that at one. 1/T (dashed) is what threads "
		"give that never wait; at 1 they get no more done than one. "
		"Due to the serial: the slowdown over the baseline’s, from "
		"the ratios within launches. Both are descriptive: one thread "
		"and T are different launches, so there is no interval, and "
		"how far A′ is from 1 shows how far chance takes it.");
	report_numbers(page, drawn);
	slowdown_table(page, contention);
	html_details_end(page);
}

void report_contention(FILE *page, const struct report_data *data,
	const struct figure *figure, const char *directory)
{
	struct contention contention;

	html_section(page, "contention", "Contention slowdown by scheme");
	if (!data->has_trials)
		html_missing(
			page, "trials.csv", "holds the time of every turn");
	else if (!contention_init(&contention, data)) {
		write_body(page, data, figure, directory, &contention);
		contention_finish(&contention);
	}
	html_section_end(page);
}
