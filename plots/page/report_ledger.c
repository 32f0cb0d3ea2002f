// SPDX-License-Identifier: MIT
//
// The cost ledger: what each part of the wrapper costs, in time and bytes.
#include <math.h>
#include <string.h>

#include "report_html.h"
#include "report_sections.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static size_t count_cells(const struct csv_table *table)
{
	size_t cells = 0;

	for (size_t i = 0; i < table->rows; i++)
		cells += i == 0 ||
			strcmp(report_field(table, i, "cell"),
				report_field(table, i - 1, "cell")) != 0;
	return cells;
}

void report_ledger_header(FILE *page, const struct report_data *data)
{
	const struct csv_table *table = &data->tables[FILE_LEDGER];

	fputs("<header><p class=\"kicker\">serialbench report: the cost "
	      "ledger</p>\n<h1>Where the time and the bytes of a debug wrapper "
	      "go, part by part</h1>\n<p class=\"facts\"><span>run ",
		page);
	html_element(page, "b", data->name);
	fprintf(page, "</span> <span>%zu cells</span>", count_cells(table));
	if (data->has_trials)
		fprintf(page, " <span>%zu timed turns</span>",
			data->trials.turns);
	fputs("</p></header>\n", page);
}

/* The row of a cell's total by its name, or the number of rows. */
static size_t find_total(
	const struct csv_table *table, size_t row, const char *part)
{
	const char *cell = report_field(table, row, "cell");
	size_t i = row;

	while (i < table->rows &&
		(strcmp(report_field(table, i, "cell"), cell) != 0 ||
			strcmp(report_field(table, i, "part"), part) != 0))
		i++;
	return i;
}

static void write_total(FILE *page, const struct csv_table *table, size_t row)
{
	static const char *const parts[] = {
		"sum of parts", "three together", "left over", "whole"};
	size_t rest = find_total(table, row, "left over");

	fputs("<tr><td>", page);
	html_cell(page, report_field(table, row, "cell"));
	fputs("</td>", page);
	for (size_t i = 0; i < COUNT(parts); i++) {
		size_t at = find_total(table, row, parts[i]);

		fputs("<td class=\"n\">", page);
		html_field(page,
			at < table->rows ? report_field(table, at, "ns") : "",
			2);
		fputs("</td>", page);
	}
	for (size_t i = 0; i < 2; i++) {
		fputs("<td>", page);
		html_text(page,
			rest < table->rows
				? report_field(table, rest,
					  i == 0 ? "verdict" : "bytes_verdict")
				: "");
		fputs("</td>", page);
	}
	fputs("</tr>\n", page);
}

/* One row for each cell: whether the parts sum to the whole. */
static void write_totals(FILE *page, const struct csv_table *table)
{
	static const struct html_column columns[] = {
		{"", "cell", HTML_TEXT},
		{"", "sum of parts, ns/op", 2},
		{"", "three together", 2},
		{"", "left over", 2},
		{"", "whole", 2},
		{"", "time", HTML_TEXT},
		{"", "bytes", HTML_TEXT},
	};

	html_table_open(page, "totals sort", "Do the parts add up?");
	html_head(page, columns, COUNT(columns));
	for (size_t i = 0; i < table->rows; i++)
		if (i == 0 ||
			strcmp(report_field(table, i, "cell"),
				report_field(table, i - 1, "cell")) != 0)
			write_total(page, table, i);
	html_table_close(page);
}

static void write_rows(FILE *page, const struct csv_table *table, bool drawn)
{
	static const struct html_column columns[] = {
		{"cell", "cell", HTML_CODE},
		{"kind", "kind", HTML_TEXT},
		{"part", "part", HTML_TEXT},
		{"ns", "ns/op", 2},
		{"ci_low", "from", 2},
		{"ci_high", "to", 2},
		{"share", "share of the whole", 3},
		{"asked_bytes", "bytes asked", 2},
		{"slot_bytes", "bytes of slots", 2},
		{"n_launches", "launches", 0},
	};

	report_numbers(page, drawn);
	html_csv_table(page, table, NULL, columns, COUNT(columns));
	html_details_end(page);
}

void report_ledger(FILE *page, const struct report_data *data,
	const struct figure *figure, const char *directory)
{
	const struct csv_table *table = &data->tables[FILE_LEDGER];
	bool drawn;

	if (!data->present[FILE_LEDGER])
		return;
	html_section(page, "ledger", "What each part costs");
	write_totals(page, table);
	drawn = report_pictures(page, data, figure, directory,
		"Shares of each part of the wrapper, stacked; its numbers are "
		"in the table below.",
		"Each part’s share of what the whole wrapper costs: of its "
		"time, of the bytes that it asks for beyond the request, and "
		"of those that the allocator’s slots take. Behind each bar the "
		"whole. A part that chance has made negative has no length. "
		"What "
		"is missing to 100&nbsp;% or stands above it is that, and "
		"what three or more parts cost or save together.");
	write_rows(page, table, drawn);
	html_section_end(page);
}
