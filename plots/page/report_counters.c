// SPDX-License-Identifier: MIT
//
// What the hardware counted per operation, or why nothing.
#include <string.h>

#include "report_html.h"
#include "report_sections.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool is_counted(const struct csv_table *table, size_t row)
{
	return !strcmp(report_field(table, row, "status"), "counted");
}

static void counters_row(FILE *page, const struct csv_table *table, size_t row)
{
	static const char *const names[] = {
		"cycles", "instructions", "cache_misses", "l1d_load_misses"};
	double ops = report_real(table, row, "ops");

	fputs("<tr><td>", page);
	html_element(page, "code", report_field(table, row, "cell"));
	fputs("</td><td>", page);
	html_variant(page, report_field(table, row, "variant"));
	fputs("</td>", page);
	for (size_t i = 0; i < COUNT(names); i++) {
		fputs("<td class=\"n\">", page);
		html_real(page, report_real(table, row, names[i]) / ops, 3);
		fputs("</td>", page);
	}
	fputs("</tr>\n", page);
}

static void counters_table(FILE *page, const struct csv_table *table)
{
	static const struct html_column columns[] = {
		{"", "cell", HTML_TEXT},
		{"", "variant", HTML_TEXT},
		{"", "cycles/op", 3},
		{"", "instructions/op", 3},
		{"", "cache misses/op", 3},
		{"", "L1 load misses/op", 3},
	};

	html_table_open(page, "sort", NULL);
	html_head(page, columns, COUNT(columns));
	for (size_t i = 0; i < table->rows; i++)
		if (is_counted(table, i))
			counters_row(page, table, i);
	html_table_close(page);
}

/* The first reason stands for all: it is the machine's, or the workload's. */
static void write_missing(
	FILE *page, const struct csv_table *table, size_t missing, size_t first)
{
	fprintf(page,
		"<p class=\"missing\">%zu of %zu rows are empty: ", missing,
		table->rows);
	html_text(page, report_field(table, first, "status"));
	fputs(".</p>\n", page);
}

void report_counters(FILE *page, const struct report_data *data)
{
	const struct csv_table *table = &data->tables[FILE_COUNTERS];
	size_t missing = 0, first = 0;

	html_section(page, "counters", "What the hardware counted");
	if (!data->present[FILE_COUNTERS])
		html_missing(page, "counters.csv",
			"holds cycles, instructions and cache misses");
	for (size_t i = 0; i < table->rows; i++)
		if (!is_counted(table, i) && !missing++)
			first = i;
	if (missing)
		write_missing(page, table, missing, first);
	if (table->rows > missing) {
		fputs("<p>Per operation, all threads together, user mode, in "
		      "turns apart from those that are timed.</p>\n",
			page);
		counters_table(page, table);
	}
	html_section_end(page);
}
