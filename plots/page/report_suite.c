// SPDX-License-Identifier: MIT
//
// The suite as a whole: for each variant and thread count the geometric mean
// over the headline cells, with its interval; the same of each allocator and
// workload, folded.
#include <stdlib.h>
#include <string.h>

#include "report_html.h"
#include "report_sections.h"
#include "variant_style.h"

#define VARIANTS_MAX 32
#define COLUMNS_MAX 16
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct suite {
	const struct csv_table *table;
	const char *variants[VARIANTS_MAX];
	size_t variant_count;
	size_t columns[COLUMNS_MAX]; /* the first row of each */
	size_t column_count;
};

static bool is_suite(const struct csv_table *table, size_t row)
{
	return !strcmp(report_field(table, row, "scope"), "suite");
}

static bool is_same(const struct csv_table *table, size_t row, size_t other,
	const char *name)
{
	return !strcmp(report_field(table, row, name),
		report_field(table, other, name));
}

static bool is_same_column(
	const struct csv_table *table, size_t row, size_t other)
{
	return is_same(table, row, other, "threads") &&
		is_same(table, row, other, "placement");
}

static void add_column(struct suite *suite, size_t row)
{
	for (size_t i = 0; i < suite->column_count; i++)
		if (is_same_column(suite->table, suite->columns[i], row))
			return;
	if (suite->column_count < COLUMNS_MAX)
		suite->columns[suite->column_count++] = row;
}

static void add_variant(struct suite *suite, const char *name)
{
	size_t at = 0;

	while (at < suite->variant_count &&
		variant_order(suite->variants[at], name) < 0)
		at++;
	if (suite->variant_count == VARIANTS_MAX ||
		(at < suite->variant_count &&
			!strcmp(suite->variants[at], name)))
		return;
	memmove(suite->variants + at + 1, suite->variants + at,
		(suite->variant_count - at) * sizeof(*suite->variants));
	suite->variants[at] = name;
	suite->variant_count++;
}

static void find_suite(struct suite *suite, const struct csv_table *table)
{
	*suite = (struct suite){.table = table};
	for (size_t i = 0; i < table->rows; i++) {
		if (!is_suite(table, i))
			continue;
		add_column(suite, i);
		add_variant(suite, report_field(table, i, "variant"));
	}
}

static void write_count(FILE *page, const struct csv_table *table, size_t row,
	const char *field, const char *noun)
{
	const char *count = report_field(table, row, field);

	html_text(page, count);
	fprintf(page, "&nbsp;%s%s", noun, strcmp(count, "1") ? "s" : "");
}

static void write_head(FILE *page, const struct suite *suite)
{
	fputs("<thead><tr><th scope=\"col\">variant</th>", page);
	for (size_t i = 0; i < suite->column_count; i++) {
		size_t row = suite->columns[i];
		const char *placement =
			report_field(suite->table, row, "placement");

		fputs("<th scope=\"col\">", page);
		write_count(page, suite->table, row, "threads", "thread");
		if (strcmp(placement, "cores")) {
			fputs(", ", page);
			html_text(page, placement);
		}
		fputs("<br>", page);
		write_count(page, suite->table, row, "n_cells", "cell");
		fputs("</th>", page);
	}
	fputs("</tr></thead>\n<tbody>", page);
}

static void write_mean(FILE *page, const struct suite *suite, size_t column,
	const char *variant)
{
	const struct csv_table *table = suite->table;

	for (size_t i = 0; i < table->rows; i++)
		if (is_suite(table, i) &&
			is_same_column(table, suite->columns[column], i) &&
			!strcmp(report_field(table, i, "variant"), variant)) {
			report_map_cell(page, table, i);
			return;
		}
	fputs("<td class=\"none\">–</td>", page);
}

static void write_table(FILE *page, const struct suite *suite)
{
	html_table_open(page, "map suite sort", NULL);
	write_head(page, suite);
	for (size_t i = 0; i < suite->variant_count; i++) {
		fputs("<tr><th scope=\"row\">", page);
		html_variant(page, suite->variants[i]);
		fputs("</th>", page);
		for (size_t k = 0; k < suite->column_count; k++)
			write_mean(page, suite, k, suite->variants[i]);
		fputs("</tr>\n", page);
	}
	html_table_close(page);
}

/* Allocators and workloads, as the file has them. */
static void write_parts(FILE *page, const struct csv_table *table)
{
	static const struct html_column columns[] = {
		{"scope", "over", HTML_TEXT},
		{"name", "name", HTML_CODE},
		{"threads", "threads", 0},
		{"placement", "placement", HTML_TEXT},
		{"variant", "variant", HTML_TEXT},
		{"n_cells", "cells", 0},
		{"n_launches", "launches", 0},
		{"ratio", "geometric mean", 3},
		{"ci_low", "from", 3},
		{"ci_high", "to", 3},
		{"verdict", "verdict", HTML_VERDICT},
	};

	html_details(page, "By allocator and by workload", false);
	html_table_open(page, "sort", NULL);
	html_head(page, columns, COUNT(columns));
	for (size_t i = 0; i < table->rows; i++) {
		if (is_suite(table, i))
			continue;
		fputs(i && is_same(table, i, i - 1, "name") &&
					is_same_column(table, i, i - 1)
				? "<tr>"
				: "<tr class=\"first\">",
			page);
		html_csv_cells(page, table, i, columns, COUNT(columns));
		fputs("</tr>\n", page);
	}
	html_table_close(page);
	html_details_end(page);
}

void report_suite(FILE *page, const struct report_data *data)
{
	const struct csv_table *table = &data->tables[FILE_SUMMARY];
	struct suite suite;

	html_section(page, "suite", "The suite as a whole");
	if (!data->present[FILE_SUMMARY]) {
		html_missing(page, "summary.csv",
			"holds the geometric means over the headline cells");
		html_section_end(page);
		return;
	}
	find_suite(&suite, table);
	if (!suite.column_count) {
		fputs("<p>No headline cell was compared.</p>\n", page);
		html_section_end(page);
		return;
	}
	fputs("<p>Geometric mean over the headline cells of the ratio of time "
	      "to <code>",
		page);
	html_text(page, report_field(table, suite.columns[0], "baseline"));
	fputs("</code>, and under it the middle 95&nbsp;% of means over "
	      "launches that were drawn anew. The cells are a fixed list, each "
	      "with the same weight, and no sample of programs: the interval "
	      "says what other launches would give, not other "
	      "workloads.</p>\n",
		page);
	write_table(page, &suite);
	write_parts(page, table);
	html_section_end(page);
}
