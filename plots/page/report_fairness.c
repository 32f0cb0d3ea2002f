// SPDX-License-Identifier: MIT
//
// Fairness: how much longer the last thread takes than the first, by variant.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report_html.h"
#include "report_sections.h"
#include "statistics.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The value of a metric of the same cell and variant as a row has. */
static const char *beside(
	const struct csv_table *table, size_t row, const char *metric)
{
	for (size_t i = 0; i < table->rows; i++)
		if (!strcmp(report_field(table, i, "metric"), metric) &&
			!strcmp(report_field(table, i, "cell"),
				report_field(table, row, "cell")) &&
			!strcmp(report_field(table, i, "variant"),
				report_field(table, row, "variant")))
			return report_field(table, i, "value");
	return "";
}

static bool is_unevenness(const struct csv_table *table, size_t row)
{
	return !strcmp(report_field(table, row, "metric"), "unevenness");
}

static void write_row(FILE *page, const struct csv_table *table, size_t row)
{
	const char *values[] = {report_field(table, row, "value"),
		beside(table, row, "unevenness_low"),
		beside(table, row, "unevenness_high")};

	fputs("<tr><td>", page);
	html_cell(page, report_field(table, row, "cell"));
	fputs("</td><td>", page);
	html_variant(page, report_field(table, row, "variant"));
	fputs("</td>", page);
	for (size_t i = 0; i < COUNT(values); i++) {
		fputs("<td class=\"n\">", page);
		html_field(page, values[i], 3);
		fputs("</td>", page);
	}
	fputs("</tr>\n", page);
}

static void write_cells(FILE *page, const struct csv_table *table)
{
	static const struct html_column columns[] = {
		{"", "cell", HTML_TEXT},
		{"", "variant", HTML_TEXT},
		{"", "unevenness", 3},
		{"", "from", 3},
		{"", "to", 3},
	};

	html_details(page, "By cell", false);
	html_table_open(page, "cells sort", NULL);
	html_head(page, columns, COUNT(columns));
	for (size_t i = 0; i < table->rows; i++)
		if (is_unevenness(table, i))
			write_row(page, table, i);
	html_table_close(page);
	html_details_end(page);
}

/* Whether an earlier row was of the same variant. */
static bool seen(const struct csv_table *table, size_t row)
{
	const char *variant = report_field(table, row, "variant");

	for (size_t i = 0; i < row; i++)
		if (is_unevenness(table, i) &&
			!strcmp(report_field(table, i, "variant"), variant))
			return true;
	return false;
}

/* Over the cells; `values` has room for all rows. */
static void write_variant(FILE *page, const struct csv_table *table,
	const char *variant, double *values)
{
	size_t count = 0, most = 0;

	for (size_t i = 0; i < table->rows; i++) {
		double value = report_real(table, i, "value");

		if (!is_unevenness(table, i) || isnan(value) ||
			strcmp(report_field(table, i, "variant"), variant))
			continue;
		if (count == 0 || value > report_real(table, most, "value"))
			most = i;
		values[count++] = value;
	}
	fputs("<tr><td>", page);
	html_variant(page, variant);
	fprintf(page, "</td><td class=\"n\">%zu</td><td class=\"n\">", count);
	html_real(page, median(values, count), 3);
	fputs("</td><td class=\"n\">", page);
	html_field(
		page, count > 0 ? report_field(table, most, "value") : "", 3);
	fputs("</td><td>", page);
	html_cell(page, count > 0 ? report_field(table, most, "cell") : "");
	fputs("</td></tr>\n", page);
}

static void write_variants(FILE *page, const struct csv_table *table)
{
	static const struct html_column columns[] = {
		{"", "variant", HTML_TEXT},
		{"", "cells", 0},
		{"", "median", 3},
		{"", "greatest", 3},
		{"", "in", HTML_TEXT},
	};
	double *values = calloc(table->rows + 1, sizeof(*values));

	fputs("<p>The last thread’s time over the first’s, all threads doing "
	      "the same number of operations: 1 is even. Of each cell the "
	      "median over launches. A variant is held against the baseline "
	      "by <code>serialbench compare RUN --metric unevenness</code>."
	      "</p>\n",
		page);
	if (!values)
		return;
	html_table_open(page, "variants sort", "Unevenness by variant");
	html_head(page, columns, COUNT(columns));
	for (size_t i = 0; i < table->rows; i++)
		if (is_unevenness(table, i) && !seen(table, i))
			write_variant(page, table,
				report_field(table, i, "variant"), values);
	html_table_close(page);
	free(values);
}

void report_fairness(FILE *page, const struct report_data *data)
{
	const struct csv_table *table = &data->tables[FILE_METRICS];
	size_t count = 0;

	html_section(page, "fairness", "Fairness of threads");
	for (size_t i = 0; i < table->rows; i++)
		count += is_unevenness(table, i);
	if (!data->present[FILE_METRICS])
		html_missing(page, "metrics.csv", "holds the unevenness");
	else if (count == 0)
		fputs("<p class=\"missing\">Left out: no cell of this run had "
		      "several threads that end at times of their own.</p>\n",
			page);
	else {
		write_variants(page, table);
		write_cells(page, table);
	}
	html_section_end(page);
}
