// SPDX-License-Identifier: MIT
//
// Pieces of HTML. Every text that comes from a file goes through html_text.
#ifndef SERIALBENCH_REPORT_HTML_H
#define SERIALBENCH_REPORT_HTML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "report_data.h"

/* Writes a text with & < > " ' escaped; control characters become blanks. */
void html_text(FILE *page, const char *text);

/* "<tag>text</tag>" with the text escaped. */
void html_element(FILE *page, const char *tag, const char *text);

/* A number as the file has it, kept in <data value>, shown with `digits`
 * after the point; "–" where the field is empty. Fields that are no number
 * are shown as text. */
void html_field(FILE *page, const char *field, int digits);

/* The same for a number that was computed here. */
void html_real(FILE *page, double real, int digits);

/* A column of a table made straight from a CSV file. */
struct html_column {
	const char *column; /* in the file */
	const char *title;
	int digits; /* after the point; HTML_TEXT: a text */
};
#define HTML_TEXT (-1)
#define HTML_CODE (-2) /* a text in type of one width */
#define HTML_VERDICT (-3) /* a verdict, with its badge */

/* Opens a table inside its own scrolling container; the caption may be NULL.
 * The page's script makes tables of the class "sort" sortable. */
void html_table_open(FILE *page, const char *class, const char *caption);
void html_table_close(FILE *page);

/* The head of a table; numbers are aligned right. */
void html_head(FILE *page, const struct html_column *columns, size_t count);

/* A row's cells, from a CSV table. A column that the file has not is "–". */
void html_csv_cells(FILE *page, const struct csv_table *table, size_t row,
	const struct html_column *columns, size_t count);

/* Head and all rows of a CSV table. */
void html_csv_table(FILE *page, const struct csv_table *table,
	const char *caption, const struct html_column *columns, size_t count);

/* "<section id=…><h2>title</h2>" and its end. */
void html_section(FILE *page, const char *id, const char *title);
void html_section_end(FILE *page);

/* The sentence of a section whose file is missing. */
void html_missing(FILE *page, const char *file, const char *what);

/* <details> with a summary, open or folded; close with html_details_end. */
void html_details(FILE *page, const char *summary, bool open);
void html_details_end(FILE *page);

/* A cell's or workload's name, which may break after slashes and commas. */
void html_cell(FILE *page, const char *cell);

/* A variant's name with its colour beside it. */
void html_variant(FILE *page, const char *variant);

/* A verdict with its badge. */
void html_verdict(FILE *page, const char *verdict);

#endif /* SERIALBENCH_REPORT_HTML_H */
