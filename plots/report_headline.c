// SPDX-License-Identifier: MIT
//
// The comparisons: a map of the headline cells, one column per variant, and
// the long tables with all that is known about each ratio.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report_html.h"
#include "report_sections.h"
#include "variant_style.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Looks and marks by verdict; the mark reads without colour. */
static const struct {
	const char *class, *mark, *meaning;
} looks[VERDICT_KINDS] = {
	[SLOWER] = {"slower", "▲",
		"slower: the whole interval is beyond the margin"},
	[FASTER] = {"faster", "▼",
		"faster: the whole interval is beyond the margin"},
	[EQUIVALENT] = {"equivalent", "≈",
		"equivalent: the whole interval is inside the margin"},
	[UNRESOLVED] = {"unresolved", "≠",
		"different, size unresolved: the interval crosses the margin"},
	[INCONCLUSIVE] = {"inconclusive", "?", "inconclusive: claims nothing"},
};

static const struct html_column comparison_columns[] = {
	{"variant", "variant", HTML_TEXT},
	{"ratio", "ratio", 3},
	{"ci_low", "from", 3},
	{"ci_high", "to", 3},
	{"verdict", "verdict", HTML_VERDICT},
	{"ci_level", "level", 4},
	{"p_adj", "p adjusted", 4},
	{"n_launches", "launches", 0},
	{"hodges_lehmann", "Hodges-Lehmann", 3},
	{"launches_needed", "launches needed", 0},
};

static void group_row(FILE *page, const struct comparison_row *row,
	const struct report_data *data)
{
	fprintf(page,
		"<tr class=\"group\"><th scope=\"colgroup\" "
		"colspan=\"%zu\"><code>",
		COUNT(comparison_columns));
	html_text(page, row->cell);
	fputs("</code>", page);
	if (strcmp(row->baseline, data->baseline)) {
		fputs(" against ", page);
		html_text(page, row->baseline);
	}
	if (strcmp(row->metric, data->metric)) {
		fputs(", ", page);
		html_text(page, row->metric);
	}
	fputs("</th></tr>\n", page);
}

static bool same_group(
	const struct comparison_row *a, const struct comparison_row *b)
{
	return !strcmp(a->cell, b->cell) && !strcmp(a->baseline, b->baseline) &&
		!strcmp(a->metric, b->metric) && a->headline == b->headline;
}

void report_comparison_table(FILE *page, const struct report_data *data,
	const struct comparison_row *rows, size_t count)
{
	html_table_open(page, "grouped", NULL);
	html_head(page, comparison_columns, COUNT(comparison_columns));
	for (size_t i = 0; i < count; i++) {
		/* Exploratory rows that are not significant stand back. */
		bool grey = !rows[i].headline && !(rows[i].p_adjusted < 0.05);

		if (!i || !same_group(&rows[i], &rows[i - 1]))
			group_row(page, &rows[i], data);
		fputs(grey ? "<tr class=\"grey\">" : "<tr>", page);
		html_csv_cells(page, &data->tables[FILE_COMPARISONS],
			rows[i].row, comparison_columns,
			COUNT(comparison_columns));
		fputs("</tr>\n", page);
	}
	html_table_close(page);
}

/* The variants of the headline rows, each once, in order; the caller frees. */
static const char **list_variants(const struct report_data *data, size_t *count)
{
	const char **names = calloc(data->headline_count + 1, sizeof(*names));

	*count = 0;
	for (size_t i = 0; names && i < data->headline_count; i++) {
		const char *name = data->rows[i].variant;
		size_t at = 0;

		while (at < *count && variant_order(names[at], name) < 0)
			at++;
		if (at < *count && !strcmp(names[at], name))
			continue;
		memmove(names + at + 1, names + at,
			(*count - at) * sizeof(*names));
		names[at] = name;
		++*count;
	}
	return names;
}

static void map_head(FILE *page, const char **variants, size_t count)
{
	fputs("<thead><tr><th scope=\"col\">cell</th>", page);
	for (size_t i = 0; i < count; i++) {
		fputs("<th scope=\"col\">", page);
		html_variant(page, variants[i]);
		fputs("</th>", page);
	}
	fputs("</tr></thead>\n<tbody>", page);
}

static void map_field(FILE *page, const struct report_data *data, size_t row,
	const char *name)
{
	html_field(page,
		report_field(&data->tables[FILE_COMPARISONS], row, name), 3);
}

/* Controls are no schemes: their verdicts are not coloured. */
static void map_cell(FILE *page, const struct report_data *data,
	const struct comparison_row *row)
{
	const char *class = variant_is_control(row->variant)
		? "control"
		: looks[row->kind].class;

	fprintf(page, "<td class=\"%s\" title=\"%s\"><b>", class,
		looks[row->kind].meaning);
	map_field(page, data, row->row, "ratio");
	fprintf(page, "</b> <span class=\"mark\">%s</span><br><small>",
		looks[row->kind].mark);
	map_field(page, data, row->row, "ci_low");
	fputs(" – ", page);
	map_field(page, data, row->row, "ci_high");
	fputs("</small></td>", page);
}

static void map_group(FILE *page, const struct cell_name *name, size_t variants)
{
	char title[3 * RECORD_TEXT + 8];

	cell_name_panel(name, title, sizeof(title));
	fprintf(page,
		"<tr class=\"group\"><th scope=\"colgroup\" colspan=\"%zu\">"
		"<span>",
		variants + 1);
	html_text(page, title);
	fputs("</span></th></tr>\n", page);
}

/* The rows of one cell, from first; returns the first of the next cell. */
static size_t map_row(FILE *page, const struct report_data *data, size_t first,
	const char **variants, size_t count)
{
	const struct comparison_row *rows = data->rows;
	size_t at = first;

	fputs("<tr><th scope=\"row\">", page);
	if (rows[first].name.threads)
		fprintf(page, "%u thread%s", rows[first].name.threads,
			rows[first].name.threads == 1 ? "" : "s");
	fputs("</th>", page);
	for (size_t i = 0; i < count; i++) {
		if (at < data->headline_count &&
			!strcmp(rows[at].cell, rows[first].cell) &&
			!strcmp(rows[at].variant, variants[i]))
			map_cell(page, data, &rows[at++]);
		else
			fputs("<td class=\"none\">–</td>", page);
	}
	fputs("</tr>\n", page);
	return at > first ? at : first + 1;
}

static void write_map(FILE *page, const struct report_data *data)
{
	const struct comparison_row *rows = data->rows;
	size_t count;
	const char **variants = list_variants(data, &count);

	if (!variants)
		return;
	html_table_open(page, "map", NULL);
	map_head(page, variants, count);
	for (size_t i = 0, next; i < data->headline_count; i = next) {
		if (!i ||
			!cell_name_same_panel(&rows[i].name, &rows[i - 1].name))
			map_group(page, &rows[i].name, count);
		next = map_row(page, data, i, variants, count);
	}
	html_table_close(page);
	free(variants);
	fputs("<ul class=\"key\">", page);
	for (int kind = 0; kind < VERDICT_KINDS; kind++)
		fprintf(page, "<li><span class=\"mark %s\">%s</span> %s</li>",
			looks[kind].class, looks[kind].mark,
			looks[kind].meaning);
	fputs("</ul>\n", page);
}

void report_headline_table(FILE *page, const struct report_data *data)
{
	html_section(page, "headline", "Headline comparisons");
	if (!data->present[FILE_COMPARISONS]) {
		html_missing(page, "comparisons.csv",
			"holds the ratios and verdicts");
		html_section_end(page);
		return;
	}
	fputs("<p>Ratio of wall time per operation to that of <code>", page);
	html_text(page, data->baseline);
	fprintf(page,
		"</code>, and under it the distribution-free interval over "
		"launches. The margin is ±%g&nbsp;%%; differences smaller than "
		"that are held to be of no consequence.</p>\n",
		data->margin * 100);
	write_map(page, data);
	if (data->row_count > data->headline_count) {
		html_details(page,
			"Exploratory comparisons (greyed where not "
			"significant)");
		report_comparison_table(page, data,
			data->rows + data->headline_count,
			data->row_count - data->headline_count);
		html_details_end(page);
	}
	if (data->other_count) {
		html_details(page,
			"Comparisons with another baseline or by "
			"another measure");
		report_comparison_table(
			page, data, data->others, data->other_count);
		html_details_end(page);
	}
	html_section_end(page);
}
