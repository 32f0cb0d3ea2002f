// SPDX-License-Identifier: MIT
//
// The forest: ratios to the baseline with their intervals on a log axis, one
// panel per workload and allocator, A′ first in each cell. The controls plain
// and null, whose ratios are far below 1, have a forest of their own.
#include <math.h>
#include <string.h>

#include "figure.h"
#include "lane_facts.h"
#include "variant_style.h"

#define ROW_HEIGHT 17

struct forest {
	struct figure_files files;
	struct figure *figure;
	const struct report_data *data;
	int controls; /* plain and null, or all the others */
	double low, high; /* of the axis, the same in a workload's panels */
};

static int shown(const struct forest *forest, size_t i)
{
	const struct comparison_row *row = &forest->data->rows[i];

	return lane_is_control(row->variant) == forest->controls &&
		row->ratio > 0 && isfinite(row->ratio);
}

static double least(const struct comparison_row *row)
{
	return row->ci_low > 0 ? fmin(row->ci_low, row->ratio) : row->ratio;
}

static double greatest(const struct comparison_row *row)
{
	return isfinite(row->ci_high) ? fmax(row->ci_high, row->ratio)
				      : row->ratio;
}

/* The axis: all intervals of a workload, 1 and the margin band, and 4 % of
 * air. */
static void find_range(struct forest *forest, const char *workload)
{
	const struct comparison_row *rows = forest->data->rows;
	double air;

	forest->low = 1 / (1 + 1.5 * forest->data->margin);
	forest->high = 1 + 1.5 * forest->data->margin;
	for (size_t i = 0; i < forest->data->headline_count; i++) {
		if (!shown(forest, i) ||
			strcmp(rows[i].name.workload, workload))
			continue;
		forest->low = fmin(forest->low, least(&rows[i]));
		forest->high = fmax(forest->high, greatest(&rows[i]));
	}
	air = pow(forest->high / forest->low, 0.04);
	forest->low /= air;
	forest->high *= air;
}

/* The row's label at the left and its numbers at the right. */
static void write_row_labels(
	const struct forest *forest, const struct comparison_row *row, int y)
{
	double widest = greatest(row);
	/* What the margin holds. */
	int digits = widest < 10 ? 3 : widest < 100 ? 2 : 1;
	FILE *out = forest->files.script;

	fputs("set label ", out);
	figure_quote(out,
		lane_is_copy(row->variant) ? "A′ (again)" : row->variant, 11);
	fprintf(out, " at graph -0.03, first %d right textcolor rgb '%s'\n", -y,
		INK_COLOUR);
	if (isfinite(row->ci_low) && isfinite(row->ci_high))
		fprintf(out, "set label '%.*f [%.*f, %.*f]'", digits,
			row->ratio, digits, row->ci_low, digits, row->ci_high);
	else
		fprintf(out, "set label '%.3f [no interval]'", row->ratio);
	fprintf(out, " at graph 1.03, first %d left textcolor rgb '%s'\n", -y,
		SOFT_COLOUR);
}

static void write_cell_label(
	const struct forest *forest, const struct cell_name *name, int y)
{
	if (!name->threads)
		return;
	fprintf(forest->files.script,
		"set label '%u thread%s' at screen 0.01, first %d left "
		"font '" HEADING_FONT "' textcolor rgb '%s'\n",
		name->threads, name->threads == 1 ? "" : "s", -y, SOFT_COLOUR);
}

/* Rows first..last as a block of numbers and labels. */
static void write_block(const struct forest *forest, size_t first, size_t last)
{
	const struct comparison_row *rows = forest->data->rows;
	const char *before = NULL;
	int y = 0;

	for (size_t i = first; i < last; i++) {
		if (!shown(forest, i))
			continue;
		if (!before || strcmp(rows[i].cell, before))
			write_cell_label(forest, &rows[i].name, y++);
		before = rows[i].cell;
		write_row_labels(forest, &rows[i], y);
		fprintf(forest->files.numbers, "%d\t%.6g\t%.6g\t%.6g\t", -y,
			rows[i].ratio, least(&rows[i]), greatest(&rows[i]));
		figure_quote(forest->files.numbers, rows[i].variant, 64);
		fputc('\t', forest->files.numbers);
		figure_quote(forest->files.numbers, rows[i].cell, 192);
		fputc('\n', forest->files.numbers);
		y++;
	}
	fputs("\n\n", forest->files.numbers);
}

/* One plot element for each row: its variant decides colour and marker. */
static void write_plot(const struct forest *forest, size_t first, size_t last)
{
	FILE *out = forest->files.script;
	const char *comma = "";
	int row = 0;

	fputs("plot ", out);
	for (size_t i = first; i < last; i++) {
		const struct variant_style *style;

		if (!shown(forest, i))
			continue;
		style = variant_style(forest->data->rows[i].variant);
		fprintf(out,
			"%s'%s.dat' index %zu every ::%d::%d "
			"using 2:1:3:4 with xerrorbars notitle pt %d ps 0.75 "
			"lw 1.3 lc rgb '%s'",
			comma, forest->figure->name, forest->figure->panels - 1,
			row, row, style->point, style->light);
		comma = ", \\\n\t";
		row++;
	}
	fputs("\n", out);
}

/* Margin band, line at 1, faint lines at the ticks. */
static void write_axis(const struct forest *forest, int lines)
{
	FILE *out = forest->files.script;
	double margin = forest->data->margin;

	fprintf(out,
		"set logscale x\nset xrange [%.6g:%.6g]\n"
		"set yrange [%.1f:0.5]\nunset ytics\n",
		forest->low, forest->high, -lines + 0.3);
	fprintf(out,
		"set object 1 rectangle from %.6g, graph 0 to %.6g, graph 1 "
		"fillcolor rgb '%s' fillstyle solid noborder behind\n",
		1 / (1 + margin), 1 + margin, BAND_COLOUR);
	fprintf(out,
		"set arrow from 1, graph 0 to 1, graph 1 nohead back lw 1.2 "
		"lc rgb '%s'\nset grid xtics lc rgb '%s' lt 1 lw 0.6\n",
		SOFT_COLOUR, GRID_COLOUR);
	figure_ratio_tics(out, forest->low, forest->high);
	fputs("set label 'ratio of time to the baseline, log axis' "
	      "at graph 0.5, screen 0 center offset 0, 0.6 "
	      "textcolor rgb '" SOFT_COLOUR "'\n",
		out);
}

static int count_lines(const struct forest *forest, size_t first, size_t last)
{
	const struct comparison_row *rows = forest->data->rows;
	const char *before = NULL;
	int lines = 0;

	for (size_t i = first; i < last; i++) {
		if (!shown(forest, i))
			continue;
		lines += 1 + (!before || strcmp(rows[i].cell, before));
		before = rows[i].cell;
	}
	return lines;
}

static void write_panel(struct forest *forest, size_t first, size_t last)
{
	struct panel_box box = {0, 78, 132, 28, 44};
	int lines = count_lines(forest, first, last);
	char title[3 * RECORD_TEXT + 8];

	if (!lines)
		return;
	box.height = box.top + box.bottom + lines * ROW_HEIGHT;
	cell_name_panel(&forest->data->rows[first].name, title, sizeof(title));
	find_range(forest, forest->data->rows[first].name.workload);
	figure_panel(&forest->files, forest->figure, &box, title,
		forest->data->rows[first].name.workload);
	write_axis(forest, lines);
	write_block(forest, first, last);
	write_plot(forest, first, last);
}

static int plot(struct forest *forest, const char *directory)
{
	const struct comparison_row *rows = forest->data->rows;
	size_t count = forest->data->headline_count;

	if (figure_open(&forest->files, directory, forest->figure->name,
		    "row\tratio\tci_low\tci_high\tvariant\tcell"))
		return -1;
	for (size_t first = 0, last; first < count; first = last) {
		for (last = first + 1; last < count; last++)
			if (!cell_name_same_panel(
				    &rows[first].name, &rows[last].name))
				break;
		write_panel(forest, first, last);
	}
	return figure_close(&forest->files);
}

int plot_forest(struct figure *figure, const struct report_data *data,
	const char *directory)
{
	struct forest forest = {.figure = figure, .data = data};

	*figure = (struct figure){.name = "forest"};
	return plot(&forest, directory);
}

int plot_controls(struct figure *figure, const struct report_data *data,
	const char *directory)
{
	struct forest forest = {.figure = figure, .data = data, .controls = 1};

	*figure = (struct figure){.name = "controls"};
	return plot(&forest, directory);
}
