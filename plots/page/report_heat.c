// SPDX-License-Identifier: MIT
//
// The heat map: one row for each workload at its most threads, one column for
// each variant, in each cell the geometric mean of the ratios over allocators
// (and placements, where there are several). Blue to orange, which the
// colour-blind can tell apart, and the number itself with an arrow; not the
// marks of verdicts, for none is given here.
#include <math.h>
#include <string.h>

#include "lane_facts.h"
#include "report_html.h"
#include "report_sections.h"
#include "variant_style.h"

#define VARIANTS_MAX 32
#define LEVELS 5 /* of each colour */

struct heat {
	const struct report_data *data;
	const char *variants[VARIANTS_MAX];
	size_t count;
};

/* The rows of one workload, and the most threads among them. */
struct workload {
	size_t first, last;
	unsigned threads;
};

static void list_variants(struct heat *heat)
{
	const struct report_data *data = heat->data;

	for (size_t i = 0; i < data->headline_count; i++) {
		const char *name = data->rows[i].variant;
		size_t at = 0;

		while (at < heat->count &&
			variant_order(heat->variants[at], name) < 0)
			at++;
		if (lane_is_control(name) || heat->count == VARIANTS_MAX ||
			(at < heat->count && !strcmp(heat->variants[at], name)))
			continue;
		memmove(heat->variants + at + 1, heat->variants + at,
			(heat->count - at) * sizeof(*heat->variants));
		heat->variants[at] = name;
		heat->count++;
	}
}

static struct workload next_workload(
	const struct report_data *data, size_t first)
{
	const struct comparison_row *rows = data->rows;
	struct workload workload = {first, first, 0};

	while (workload.last < data->headline_count &&
		!strcmp(rows[first].name.workload,
			rows[workload.last].name.workload)) {
		unsigned threads = rows[workload.last++].name.threads;

		if (threads > workload.threads)
			workload.threads = threads;
	}
	return workload;
}

/* Geometric mean of a variant's ratios; NaN where it has none. */
static double mean(const struct report_data *data,
	const struct workload *workload, const char *variant, size_t *cells)
{
	double sum = 0;

	*cells = 0;
	for (size_t i = workload->first; i < workload->last; i++) {
		const struct comparison_row *row = &data->rows[i];

		if (row->name.threads != workload->threads ||
			strcmp(row->variant, variant) || !(row->ratio > 0) ||
			!isfinite(row->ratio))
			continue;
		sum += log(row->ratio);
		++*cells;
	}
	return *cells ? exp(sum / (double)*cells) : NAN;
}

/* 0 inside the margin, then ±1 to ±LEVELS. */
static int level(double ratio, double margin)
{
	static const double bounds[LEVELS - 1] = {1.05, 1.15, 1.4, 2};
	double size = fmax(ratio, 1 / ratio);
	int level = 1;

	if (!(size > 1 + margin))
		return 0;
	while (level < LEVELS && size >= bounds[level - 1])
		level++;
	return ratio > 1 ? level : -level;
}

static void heat_cell(FILE *page, const struct heat *heat,
	const struct workload *workload, const char *variant)
{
	size_t cells;
	double ratio = mean(heat->data, workload, variant, &cells);
	int at = level(ratio, heat->data->margin);

	if (!cells) {
		fputs("<td class=\"none\">–</td>", page);
		return;
	}
	fprintf(page, "<td class=\"n h%c%d\" title=\"%zu cell%s\">",
		at < 0 ? 'f' : 's', at < 0 ? -at : at, cells,
		cells == 1 ? "" : "s");
	html_real(page, ratio, ratio < 10 ? 3 : 2);
	fprintf(page, " <span class=\"mark\">%s</span></td>",
		at > 0           ? "↑"
			: at < 0 ? "↓"
				 : "");
}

static size_t cells_of(
	const struct report_data *data, const struct workload *workload)
{
	const char *before = "";
	size_t cells = 0;

	for (size_t i = workload->first; i < workload->last; i++) {
		if (data->rows[i].name.threads != workload->threads)
			continue;
		cells += !!strcmp(data->rows[i].cell, before);
		before = data->rows[i].cell;
	}
	return cells;
}

static void heat_row(
	FILE *page, const struct heat *heat, const struct workload *workload)
{
	fputs("<tr><th scope=\"row\">", page);
	html_cell(page, heat->data->rows[workload->first].name.workload);
	fputs("</th>", page);
	for (size_t i = 0; i < heat->count; i++)
		heat_cell(page, heat, workload, heat->variants[i]);
	fprintf(page, "<td class=\"n\">%u</td><td class=\"n\">%zu</td></tr>\n",
		workload->threads, cells_of(heat->data, workload));
}

static void heat_table(FILE *page, const struct heat *heat)
{
	const struct report_data *data = heat->data;
	struct workload workload = {0};

	html_table_open(page, "heat sort", NULL);
	fputs("<thead><tr><th scope=\"col\">workload</th>", page);
	for (size_t i = 0; i < heat->count; i++) {
		fputs("<th scope=\"col\" class=\"n\">", page);
		html_variant(page, heat->variants[i]);
		fputs("</th>", page);
	}
	fputs("<th scope=\"col\" class=\"n\">threads</th>"
	      "<th scope=\"col\" class=\"n\">cells</th></tr></thead>\n"
	      "<tbody>",
		page);
	while (workload.last < data->headline_count) {
		workload = next_workload(data, workload.last);
		heat_row(page, heat, &workload);
	}
	html_table_close(page);
}

static void heat_key(FILE *page, double margin)
{
	static const char *const names[] = {
		"2× and more", "1.4", "1.15", "1.05", "beyond the margin"};

	fputs("<ul class=\"key\"><li>above 1 ↑", page);
	for (int i = LEVELS; i > 0; i--)
		fprintf(page, " <span class=\"mark hs%d\">%s</span>", i,
			names[LEVELS - i]);
	fprintf(page,
		"</li><li>within "
		"±%g&nbsp;%% of 1</li><li>below 1 ↓",
		margin * 100);
	for (int i = 1; i <= LEVELS; i++)
		fprintf(page, " <span class=\"mark hf%d\">%s</span>", i,
			names[LEVELS - i]);
	fputs("</li></ul>\n", page);
}

void report_heat(FILE *page, const struct report_data *data)
{
	struct heat heat = {.data = data};

	html_section(page, "heat", "Which workloads pay");
	if (!data->present[FILE_COMPARISONS]) {
		html_missing(page, "comparisons.csv",
			"holds the ratios and verdicts");
		html_section_end(page);
		return;
	}
	list_variants(&heat);
	fputs("<p>Ratio of time to <code>", page);
	html_text(page, data->baseline);
	fputs("</code> at each workload’s most threads: the geometric mean "
	      "over allocators. It says where to look; it has no interval, "
	      "and the verdicts are those of the cells below.</p>\n",
		page);
	heat_table(page, &heat);
	heat_key(page, data->margin);
	fputs("<p class=\"redraw\">The ratios: <code>serialbench compare "
	      "RUN</code></p>\n",
		page);
	html_section_end(page);
}
