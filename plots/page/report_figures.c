// SPDX-License-Identifier: MIT
//
// Figures in the page: the pictures side by side as the screen allows, under
// them the command that redraws them and their numbers.
#include <stdlib.h>
#include <string.h>

#include "lane_facts.h"
#include "report_html.h"
#include "report_sections.h"
#include "variant_style.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Comparisons of the headline cells: the controls, or all but them. */
static void write_ratio_table(
	FILE *page, const struct report_data *data, int controls)
{
	struct comparison_row *rows;
	size_t count = 0;

	rows = calloc(data->headline_count + 1, sizeof(*rows));
	for (size_t i = 0; rows && i < data->headline_count; i++)
		if (lane_is_control(data->rows[i].variant) == controls)
			rows[count++] = data->rows[i];
	if (rows)
		report_comparison_table(page, data, rows, count);
	free(rows);
}

void report_forest(FILE *page, const struct report_data *data,
	const struct figure *forest, const struct figure *controls,
	const char *directory)
{
	bool drawn;

	html_section(page, "forest", "Every ratio and how sure it is");
	if (!data->present[FILE_COMPARISONS]) {
		html_missing(page, "comparisons.csv",
			"holds the ratios and their intervals");
		html_section_end(page);
		return;
	}
	drawn = report_pictures(page, data, forest, directory,
		"Forest plot of the ratios; its numbers are in the table "
		"below.",
		"Time per operation relative to the baseline, with its "
		"interval. Left of 1 is faster, right of 1 slower; the shaded "
		"band is the margin inside which a difference is held to be "
		"of no consequence. A′ comes first in each cell: it shows how "
		"far identical code comes out apart. The axis is that of "
		"the workload, not one for all.");
	report_numbers(page, drawn);
	write_ratio_table(page, data, 0);
	html_details_end(page);
	if (controls->panels) {
		fputs("<h3>Without the wrapper, and without an allocator</h3>",
			page);
		drawn = report_pictures(page, data, controls, directory,
			"Forest plot of the controls; its numbers are in the "
			"table below.",
			"The controls on their own scale: <code>plain</code> "
			"is the underlying allocator without the wrapper, "
			"<code>null</code> the harness without an allocator.");
		report_numbers(page, drawn);
		write_ratio_table(page, data, 1);
		html_details_end(page);
	}
	html_section_end(page);
}

static void point_row(FILE *page, const struct trial_point *point)
{
	fputs("<tr><td>", page);
	html_element(page, "code", point->cell);
	fputs("</td><td>", page);
	html_variant(page, point->variant);
	fprintf(page, "</td><td class=\"n\">%u</td>", point->name.threads);
	fputs("<td class=\"n\">", page);
	html_real(page, 1000 / point->ns_per_op, 2);
	fputs("</td><td class=\"n\">", page);
	html_real(page, point->ns_per_op, 2);
	fputs("</td><td class=\"n\">", page);
	html_real(page, point->ns_low, 2);
	fputs("</td><td class=\"n\">", page);
	html_real(page, point->ns_high, 2);
	fprintf(page, "</td><td class=\"n\">%zu</td></tr>\n", point->launches);
}

static void write_points(FILE *page, const struct trial_summary *trials)
{
	static const struct html_column columns[] = {
		{"", "cell", HTML_TEXT},
		{"", "variant", HTML_TEXT},
		{"", "threads", 0},
		{"", "million operations/s", 2},
		{"", "ns per operation", 2},
		{"", "least launch", 2},
		{"", "greatest launch", 2},
		{"", "launches", 0},
	};

	html_table_open(page, "sort", NULL);
	html_head(page, columns, COUNT(columns));
	for (size_t i = 0; i < trials->point_count; i++)
		point_row(page, &trials->points[i]);
	html_table_close(page);
}

void report_throughput(FILE *page, const struct report_data *data,
	const struct figure *figure, const char *directory)
{
	bool drawn;

	html_section(page, "throughput", "Throughput by threads");
	if (!data->has_trials) {
		html_missing(
			page, "trials.csv", "holds the time of every turn");
		html_section_end(page);
		return;
	}
	drawn = report_pictures(page, data, figure, directory,
		"Throughput by threads; its numbers are in the table below.",
		"All threads together; median over launches. “Ideal” is the "
		"line of the baseline’s one-thread point if threads cost each "
		"other nothing. Compare variants by the ratios above, not by "
		"reading two lines: the ratios are paired, the lines are "
		"not.");
	report_numbers(page, drawn);
	write_points(page, &data->trials);
	html_details_end(page);
	html_section_end(page);
}
