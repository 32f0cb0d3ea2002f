// SPDX-License-Identifier: MIT
//
// The comparisons: a map of the headline cells, one column per variant, and
// the long tables with all that is known about each ratio.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lane_facts.h"
#include "report_html.h"
#include "report_sections.h"
#include "variant_style.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define MANY_CELLS 40 /* more are folded: the heat map is above */

/* Looks by verdict; the sign of verdict_sign() reads without colour. */
static const struct {
	const char *class, *meaning;
} looks[VERDICT_KINDS] = {
	[SLOWER] = {"slower",
		"slower: the whole interval is beyond the margin"},
	[FASTER] = {"faster",
		"faster: the whole interval is beyond the margin"},
	[EQUIVALENT] = {"equivalent",
		"equivalent: the whole interval is inside the margin"},
	[UNRESOLVED] = {"unresolved",
		"different, size unresolved: the interval crosses the margin"},
	[INCONCLUSIVE] = {"inconclusive", "inconclusive: claims nothing"},
};

static const struct html_column comparison_columns[] = {
	{"cell", "cell", HTML_CODE},
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

/* Of those with another baseline or metric than the page's. */
static const struct html_column other_columns[] = {
	{"cell", "cell", HTML_CODE},
	{"metric", "measure", HTML_CODE},
	{"baseline", "against", HTML_CODE},
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

static void write_rows(FILE *page, const struct report_data *data,
	const struct comparison_row *rows, size_t count,
	const struct html_column *columns, size_t column_count)
{
	html_table_open(page, "sort", NULL);
	html_head(page, columns, column_count);
	for (size_t i = 0; i < count; i++) {
		/* Exploratory rows that are not significant stand back. */
		bool grey = !rows[i].headline && !(rows[i].p_adjusted < 0.05);
		bool first = !i || strcmp(rows[i].cell, rows[i - 1].cell);

		fprintf(page, "<tr class=\"%s%s\">", first ? "first" : "",
			grey ? " grey" : "");
		html_csv_cells(page, &data->tables[FILE_COMPARISONS],
			rows[i].row, columns, column_count);
		fputs("</tr>\n", page);
	}
	html_table_close(page);
}

void report_comparison_table(FILE *page, const struct report_data *data,
	const struct comparison_row *rows, size_t count)
{
	write_rows(page, data, rows, count, comparison_columns,
		COUNT(comparison_columns));
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

static void map_field(
	FILE *page, const struct csv_table *table, size_t row, const char *name)
{
	html_field(page, report_field(table, row, name), 3);
}

/* Controls are no schemes: their verdicts are not coloured. */
void report_map_cell(FILE *page, const struct csv_table *table, size_t row)
{
	enum verdict_kind kind =
		report_verdict_kind(report_field(table, row, "verdict"));
	const char *variant = report_field(table, row, "variant");
	const char *class =
		lane_is_control(variant) ? "control" : looks[kind].class;

	fprintf(page, "<td class=\"%s\" title=\"%s\"><b>", class,
		looks[kind].meaning);
	map_field(page, table, row, "ratio");
	fprintf(page, "</b> <span class=\"mark\">%s</span><br><small>",
		verdict_sign((enum verdict)kind));
	map_field(page, table, row, "ci_low");
	fputs(" – ", page);
	map_field(page, table, row, "ci_high");
	fputs("</small></td>", page);
}

/* The rows of one cell, from first; returns the first of the next cell. */
static size_t map_row(FILE *page, const struct report_data *data, size_t first,
	const char **variants, size_t count)
{
	const struct comparison_row *rows = data->rows;
	size_t at = first;

	fputs("<tr><th scope=\"row\">", page);
	html_cell(page, rows[first].cell);
	fputs("</th>", page);
	for (size_t i = 0; i < count; i++) {
		if (at < data->headline_count &&
			!strcmp(rows[at].cell, rows[first].cell) &&
			!strcmp(rows[at].variant, variants[i]))
			report_map_cell(page, &data->tables[FILE_COMPARISONS],
				rows[at++].row);
		else
			fputs("<td class=\"none\">–</td>", page);
	}
	fputs("</tr>\n", page);
	return at > first ? at : first + 1;
}

static void write_map(FILE *page, const struct report_data *data)
{
	size_t count;
	const char **variants = list_variants(data, &count);

	if (!variants)
		return;
	html_table_open(page, "map sort", NULL);
	map_head(page, variants, count);
	for (size_t i = 0, next; i < data->headline_count; i = next)
		next = map_row(page, data, i, variants, count);
	html_table_close(page);
	free(variants);
	fputs("<ul class=\"key\">", page);
	for (int kind = 0; kind < VERDICT_KINDS; kind++)
		fprintf(page, "<li><span class=\"mark %s\">%s</span> %s</li>",
			looks[kind].class, verdict_sign((enum verdict)kind),
			looks[kind].meaning);
	fputs("</ul>\n", page);
}

void report_headline_table(FILE *page, const struct report_data *data)
{
	size_t cells = data->headline_cells;
	char summary[64];

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
	snprintf(summary, sizeof(summary), "All %zu headline cells", cells);
	html_details(page, summary, cells <= MANY_CELLS);
	write_map(page, data);
	html_details_end(page);
	if (data->row_count > data->headline_count) {
		html_details(page,
			"Exploratory comparisons (greyed where not "
			"significant)",
			false);
		report_comparison_table(page, data,
			data->rows + data->headline_count,
			data->row_count - data->headline_count);
		html_details_end(page);
	}
	if (data->other_count) {
		html_details(page,
			"Comparisons with another baseline or by "
			"another measure",
			false);
		write_rows(page, data, data->others, data->other_count,
			other_columns, COUNT(other_columns));
		html_details_end(page);
	}
	html_section_end(page);
}
