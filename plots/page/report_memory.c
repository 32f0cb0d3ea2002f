// SPDX-License-Identifier: MIT
//
// Bytes per block: what the picture shows in numbers, and what a serial's
// eight bytes come to.
#include <math.h>
#include <string.h>

#include "lane_facts.h"
#include "report_html.h"
#include "report_sections.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A part of a row of memory.csv, per block. */
static double per_block(
	const struct csv_table *table, size_t row, const char *column)
{
	return report_real(table, row, column) /
		report_real(table, row, "live_blocks");
}

/* Bytes that need no resident-set measurement and are exact. */
static double exact_bytes(const struct csv_table *table, size_t row)
{
	return per_block(table, row, "requested_bytes") +
		per_block(table, row, "header_tail_bytes") +
		per_block(table, row, "rounding_bytes");
}

static double baseline_bytes(
	const struct csv_table *table, size_t row, const char *baseline)
{
	for (size_t i = 0; i < table->rows; i++)
		if (!strcmp(report_field(table, i, "variant"), baseline) &&
			!strcmp(report_field(table, i, "allocator"),
				report_field(table, row, "allocator")) &&
			!strcmp(report_field(table, i, "size"),
				report_field(table, row, "size")))
			return exact_bytes(table, i);
	return NAN;
}

/* What the eight bytes of a number come to after the allocator's rounding:
 * from the slot control, which has the bytes and no counter. */
static void write_slot_sentence(FILE *page, const struct report_data *data)
{
	const struct csv_table *table = &data->tables[FILE_MEMORY];
	double low = INFINITY, high = -INFINITY;
	size_t count = 0;

	for (size_t i = 0; i < table->rows; i++) {
		double more;

		if (!lane_has_room_only(report_field(table, i, "variant")))
			continue;
		more = exact_bytes(table, i) -
			baseline_bytes(table, i, data->baseline);
		if (isnan(more))
			continue;
		low = fmin(low, more);
		high = fmax(high, more);
		count++;
	}
	if (count)
		fprintf(page,
			"<p>The 8 bytes of a serial number take between %g and "
			"%g bytes of a live block once the allocator has "
			"rounded (<code>slot</code> against the baseline, %zu "
			"combinations of allocator and size; exact, without "
			"the rest).</p>\n",
			low, high, count);
}

static void memory_row(FILE *page, const struct csv_table *table, size_t row)
{
	static const char *const parts[] = {"requested_bytes",
		"header_tail_bytes", "rounding_bytes", "rest_bytes",
		"total_bytes"};
	double size = report_real(table, row, "size");

	fputs("<tr><td>", page);
	html_text(page, report_field(table, row, "allocator"));
	fputs("</td><td class=\"n\">", page);
	html_field(page, report_field(table, row, "size"), 0);
	fputs("</td><td class=\"n\">", page);
	html_real(page, fmod(size, 16), 0);
	fputs("</td><td>", page);
	html_variant(page, report_field(table, row, "variant"));
	fputs("</td>", page);
	for (size_t i = 0; i < COUNT(parts); i++) {
		fputs("<td class=\"n\">", page);
		html_real(page, per_block(table, row, parts[i]), 2);
		fputs("</td>", page);
	}
	fputs("<td class=\"n\">", page);
	html_field(page, report_field(table, row, "live_blocks"), 0);
	fputs("</td></tr>\n", page);
}

static void write_memory_table(FILE *page, const struct csv_table *table)
{
	static const struct html_column columns[] = {
		{"", "allocator", HTML_TEXT},
		{"", "size", 0},
		{"", "mod 16", 0},
		{"", "variant", HTML_TEXT},
		{"", "requested", 2},
		{"", "header and tail", 2},
		{"", "rounding", 2},
		{"", "rest", 2},
		{"", "total", 2},
		{"", "live blocks", 0},
	};

	html_table_open(page, "sort", "Bytes per live block");
	html_head(page, columns, COUNT(columns));
	for (size_t i = 0; i < table->rows; i++)
		memory_row(page, table, i);
	html_table_close(page);
}

void report_memory(FILE *page, const struct report_data *data,
	const struct figure *figure, const char *directory)
{
	bool drawn;

	html_section(page, "memory", "Bytes per block");
	if (!data->present[FILE_MEMORY]) {
		html_missing(
			page, "memory.csv", "splits the bytes of a live block");
		html_section_end(page);
		return;
	}
	write_slot_sentence(page, data);
	drawn = report_pictures(page, data, figure, directory,
		"Bytes per live block, stacked; its numbers are in the table "
		"below.",
		"What one live block takes: the bytes asked for, the "
		"wrapper’s header and tail, the allocator’s rounding to a "
		"slot, and the rest (allocator metadata and page slack, from "
		"resident memory). Sizes come in both residues modulo 16, "
		"since glibc rounds one half of them differently from the "
		"other.");
	report_numbers(page, drawn);
	write_memory_table(page, &data->tables[FILE_MEMORY]);
	html_details_end(page);
	html_section_end(page);
}
