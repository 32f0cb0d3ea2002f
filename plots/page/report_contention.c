// SPDX-License-Identifier: MIT
//
// Contention slowdown by scheme: the figure and its numbers.
#include <string.h>

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

static bool is_estimated(const struct csv_table *table, size_t row)
{
	return !strcmp(report_field(table, row, "status"), "estimated");
}

/* How many rows say the same as this one, and whether it is the first that
 * says it. */
static size_t count_alike(
	const struct csv_table *table, size_t row, bool *is_first)
{
	const char *status = report_field(table, row, "status");
	size_t count = 0;

	*is_first = true;
	for (size_t i = 0; i < table->rows; i++)
		if (!strcmp(report_field(table, i, "status"), status)) {
			*is_first = *is_first && i >= row;
			count++;
		}
	return count;
}

/* What could not be estimated, once for each reason. */
static void write_reasons(FILE *page, const struct csv_table *table)
{
	for (size_t i = 0; i < table->rows; i++) {
		bool is_first;
		size_t alike = count_alike(table, i, &is_first);

		if (is_estimated(table, i) || !is_first)
			continue;
		fputs("<p class=\"missing\">", page);
		html_text(page, report_field(table, i, "status"));
		fprintf(page,
			" (%zu of %zu rows of <code>scaling.csv</code>).</p>\n",
			alike, table->rows);
	}
}

static void law_table(FILE *page, const struct csv_table *table)
{
	static const struct html_column columns[] = {
		{"cells", "cells", HTML_CODE},
		{"variant", "variant", HTML_TEXT},
		{"thread_counts", "thread counts", 0},
		{"gamma_mops", "γ, million operations/s", 2},
		{"gamma_low", "γ from", 2},
		{"gamma_high", "γ to", 2},
		{"alpha", "α", 4},
		{"alpha_low", "α from", 4},
		{"alpha_high", "α to", 4},
		{"beta", "β", 6},
		{"beta_low", "β from", 6},
		{"beta_high", "β to", 6},
		{"peak_threads", "threads of the peak", 1},
		{"rms_error", "misfit", 3},
	};

	html_table_open(page, "sort", NULL);
	html_head(page, columns, COUNT(columns));
	for (size_t i = 0; i < table->rows; i++) {
		if (!is_estimated(table, i))
			continue;
		fputs("<tr>", page);
		html_csv_cells(page, table, i, columns, COUNT(columns));
		fputs("</tr>\n", page);
	}
	html_table_close(page);
}

/* The law over all thread counts: no picture, its numbers are few. */
static void write_law(FILE *page, const struct report_data *data)
{
	const struct csv_table *table = &data->tables[FILE_SCALING];
	bool any = false;

	if (!data->present[FILE_SCALING])
		html_missing(page, "scaling.csv",
			"holds the scalability law over thread counts");
	if (!table->rows)
		return;
	for (size_t i = 0; i < table->rows; i++)
		any = any || is_estimated(table, i);
	fputs("<h3>Universal Scalability Law</h3>\n<p>Throughput of N threads "
	      "as γN / (1 + α(N−1) + βN(N−1)): γ is that of one, α what "
	      "threads "
	      "lose by waiting for each other, β by exchanging data. Fitted "
	      "over six thread counts or more, with an interval by drawing "
	      "launches anew. The misfit is the root mean square of what the "
	      "law leaves over, relative.</p>\n",
		page);
	write_reasons(page, table);
	if (any)
		law_table(page, table);
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
	write_law(page, data);
	html_section_end(page);
}
