// SPDX-License-Identifier: MIT
//
// Escaping, numbers, tables.
#include "report_html.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lane_facts.h"
#include "printable.h"
#include "variant_style.h"

/* What is no character of UTF-8 would make the page none. Returns the last byte
 * of the character. */
static const char *put_character(FILE *page, const char *text)
{
	size_t length = utf8_length(text);

	if (length == 0 || (unsigned char)*text < ' ')
		fputc(length == 0 ? '?' : ' ', page);
	else
		fwrite(text, 1, length, page);
	return length > 0 ? text + length - 1 : text;
}

void html_text(FILE *page, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&':
			fputs("&amp;", page);
			break;
		case '<':
			fputs("&lt;", page);
			break;
		case '>':
			fputs("&gt;", page);
			break;
		case '"':
			fputs("&quot;", page);
			break;
		case '\'':
			fputs("&#39;", page);
			break;
		default:
			text = put_character(page, text);
		}
	}
}

void html_element(FILE *page, const char *tag, const char *text)
{
	fprintf(page, "<%s>", tag);
	html_text(page, text);
	fprintf(page, "</%s>", tag);
}

void html_cell(FILE *page, const char *cell)
{
	char part[RECORD_TEXT];

	fputs("<code>", page);
	while (*cell) {
		size_t bytes = strcspn(cell, "/,");

		bytes += cell[bytes] != '\0';
		bytes = bytes < sizeof(part) ? bytes : sizeof(part) - 1;
		snprintf(part, sizeof(part), "%.*s", (int)bytes, cell);
		html_text(page, part);
		cell += bytes;
		fputs(*cell ? "<wbr>" : "", page);
	}
	fputs("</code>", page);
}

/* Groups of three from 10000 on, parted by narrow no-break spaces. */
static void write_number(FILE *page, double real, int digits)
{
	char text[400];
	size_t whole, sign;

	snprintf(text, sizeof(text), "%.*f", digits, real);
	sign = text[0] == '-';
	whole = strcspn(text + sign, ".");
	for (size_t i = 0; text[i]; i++) {
		size_t left = whole + sign - i;

		if (whole >= 5 && i > sign && i < whole + sign && left % 3 == 0)
			fputs("\u202f", page);
		fputc(text[i], page);
	}
}

void html_field(FILE *page, const char *field, int digits)
{
	char *end;
	double real = strtod(field, &end);

	if (!*field || (!*end && isnan(real))) {
		fputs("<span class=\"none\" title=\"not measured\">–</span>",
			page);
	} else if (*end) {
		html_text(page, field);
	} else {
		fputs("<data value=\"", page);
		html_text(page, field);
		fputs("\">", page);
		write_number(page, real, digits);
		fputs("</data>", page);
	}
}

void html_real(FILE *page, double real, int digits)
{
	char text[64];

	snprintf(text, sizeof(text), "%.9g", real);
	html_field(page, isnan(real) ? "" : text, digits);
}

void html_table_open(FILE *page, const char *class, const char *caption)
{
	fprintf(page,
		"<div class=\"scroll\" tabindex=\"0\"><table class=\"%s\">",
		class);
	if (caption)
		html_element(page, "caption", caption);
}

void html_table_close(FILE *page)
{
	fputs("</tbody></table></div>\n", page);
}

void html_head(FILE *page, const struct html_column *columns, size_t count)
{
	fputs("<thead><tr>", page);
	for (size_t i = 0; i < count; i++) {
		fprintf(page, "<th scope=\"col\"%s>",
			columns[i].digits >= 0 ? " class=\"n\"" : "");
		html_text(page, columns[i].title);
		fputs("</th>", page);
	}
	fputs("</tr></thead>\n<tbody>", page);
}

void html_variant(FILE *page, const char *variant)
{
	unsigned red, green, blue;
	const char *colour = NULL;

	if (sscanf(variant_style(variant)->light, "#%2x%2x%2x", &red, &green,
		    &blue) == 3)
		colour = style_colour_variable(red, green, blue);
	fprintf(page, "<span class=\"v\" style=\"--v:var(%s)\">",
		colour ? colour : "--ink");
	html_text(page, variant);
	fputs(lane_is_copy(variant) ? " (A′)</span>" : "</span>", page);
}

/* The class is chosen here, so that no text of a file becomes one. */
void html_verdict(FILE *page, const char *verdict)
{
	static const char *const known[] = {
		"slower", "faster", "equivalent", "inconclusive"};
	const char *class = strstr(verdict, "unresolved") ? "unresolved" : "";
	bool unresolved = *class;

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (!strcmp(known[i], verdict))
			class = known[i];
	fprintf(page, "<span class=\"badge %s\">", class);
	html_text(page, unresolved ? "different, size unresolved" : verdict);
	fputs("</span>", page);
}

static void csv_cell(FILE *page, const char *field, int digits)
{
	fputs(digits >= 0 ? "<td class=\"n\">" : "<td>", page);
	switch (digits) {
	case HTML_CODE:
		html_element(page, "code", field);
		break;
	case HTML_TEXT:
		html_text(page, field);
		break;
	case HTML_VERDICT:
		html_verdict(page, field);
		break;
	default:
		html_field(page, field, digits);
	}
	fputs("</td>", page);
}

void html_csv_cells(FILE *page, const struct csv_table *table, size_t row,
	const struct html_column *columns, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *field = report_field(table, row, columns[i].column);

		if (!strcmp(columns[i].column, "variant")) {
			fputs("<td>", page);
			html_variant(page, field);
			fputs("</td>", page);
		} else {
			csv_cell(page, field, columns[i].digits);
		}
	}
}

void html_csv_table(FILE *page, const struct csv_table *table,
	const char *caption, const struct html_column *columns, size_t count)
{
	html_table_open(page, "sort", caption);
	html_head(page, columns, count);
	for (size_t row = 0; row < table->rows; row++) {
		fputs("<tr>", page);
		html_csv_cells(page, table, row, columns, count);
		fputs("</tr>\n", page);
	}
	html_table_close(page);
}

void html_section(FILE *page, const char *id, const char *title)
{
	fprintf(page, "<section id=\"%s\"><h2>%s</h2>\n", id, title);
}

void html_section_end(FILE *page)
{
	fputs("</section>\n", page);
}

void html_missing(FILE *page, const char *file, const char *what)
{
	fprintf(page,
		"<p class=\"missing\">Left out: this run has no "
		"<code>%s</code>, which %s.</p>\n",
		file, what);
}

void html_details(FILE *page, const char *summary, bool open)
{
	fputs(open ? "<details open>" : "<details>", page);
	html_element(page, "summary", summary);
}

void html_details_end(FILE *page)
{
	fputs("</details>\n", page);
}
