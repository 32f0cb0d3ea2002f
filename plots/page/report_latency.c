// SPDX-License-Identifier: MIT
//
// Latency: the pictures and their numbers.
#include <math.h>
#include <string.h>

#include "latency_rows.h"
#include "report_html.h"
#include "report_sections.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void real_cell(FILE *page, double real, int digits)
{
	fputs("<td class=\"n\">", page);
	html_real(page, real, digits);
	fputs("</td>", page);
}

static void latency_row(FILE *page, const struct latency_row *row)
{
	static const int compared[] = {0, 2, 4}; /* p50, p99, p99.99 */

	fputs("<tr><td>", page);
	html_element(page, "code", row->cell);
	fputs("</td><td>", page);
	html_text(page, row->loop);
	fputs("</td><td>", page);
	html_text(page, row->operation);
	fputs("</td><td>", page);
	html_variant(page, row->variant);
	fputs("</td>", page);
	real_cell(page, row->samples, 0);
	for (int i = 0; i < LATENCY_POINTS; i++)
		real_cell(page, row->ns[i], 1);
	for (size_t i = 0; i < COUNT(compared); i++) {
		real_cell(page, row->ratio[compared[i]], 3);
		real_cell(page, row->ratio_low[compared[i]], 3);
		real_cell(page, row->ratio_high[compared[i]], 3);
	}
	real_cell(page, row->period_ns, 1);
	fputs("</tr>\n", page);
}

static void latency_table(FILE *page, const struct latency_rows *latency)
{
	static const struct html_column columns[] = {
		{"", "cell", HTML_TEXT},
		{"", "loop", HTML_TEXT},
		{"", "operation", HTML_TEXT},
		{"", "variant", HTML_TEXT},
		{"", "samples a launch", 0},
		{"", "p50, ns", 1},
		{"", "p90, ns", 1},
		{"", "p99, ns", 1},
		{"", "p99.9, ns", 1},
		{"", "p99.99, ns", 1},
		{"", "longest, ns", 1},
		{"", "p50 ratio", 3},
		{"", "p50 from", 3},
		{"", "p50 to", 3},
		{"", "p99 ratio", 3},
		{"", "p99 from", 3},
		{"", "p99 to", 3},
		{"", "p99.99 ratio", 3},
		{"", "p99.99 from", 3},
		{"", "p99.99 to", 3},
		{"", "period, ns", 1},
	};

	html_table_open(page, "sort", NULL);
	html_head(page, columns, COUNT(columns));
	for (size_t i = 0; i < latency->count; i++)
		latency_row(page, &latency->rows[i]);
	html_table_close(page);
}

static void write_clock(FILE *page, const struct latency_rows *latency)
{
	double low = INFINITY, high = 0;

	for (size_t i = 0; i < latency->count; i++) {
		low = fmin(low, latency->rows[i].clock_ns);
		high = fmax(high, latency->rows[i].clock_ns);
	}
	if (high > 0)
		fprintf(page,
			"<p>One reading of the clock took between %.1f and "
			"%.1f&nbsp;ns. It is in every time and is not "
			"subtracted: a percentile near it only says that the "
			"call was quicker than the clock.</p>\n",
			low, high);
}

static void write_body(FILE *page, const struct report_data *data,
	const struct figure *figure, const char *directory,
	const struct latency_rows *latency)
{
	bool drawn;

	write_clock(page, latency);
	drawn = report_pictures(page, data, figure, directory,
		"Latency by percentile; its numbers are in the table below.",
		"Medians over launches with the sign test’s interval, where "
		"there are launches enough for one. Closed loop is service "
		"time: single calls, each begun when the one before was done. "
		"Open loop counts an operation from when it was due, so that "
		"a stall also shows in the operations that it held up; all "
		"variants are asked for the same rate, half of what the "
		"slowest can do. Ratios are to the baseline in the same "
		"launch. No verdict is made of them: what the machine itself "
		"takes is in the far percentiles of all variants, "
		"<code>null</code> among them.");
	report_numbers(page, drawn);
	latency_table(page, latency);
	html_details_end(page);
}

void report_latency(FILE *page, const struct report_data *data,
	const struct figure *figure, const char *directory)
{
	struct latency_rows latency;

	html_section(page, "latency", "Latency of single calls");
	if (!data->present[FILE_LATENCY]) {
		html_missing(page, "latency.csv",
			"holds percentiles of calls and operations");
	} else if (!latency_rows_init(&latency, data)) {
		write_body(page, data, figure, directory, &latency);
		latency_rows_finish(&latency);
	}
	html_section_end(page);
}
