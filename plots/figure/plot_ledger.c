// SPDX-License-Identifier: MIT
//
// The cost ledger, stacked: one panel for each cell, in it the share that each
// part of the wrapper has in the time and in the bytes of the whole.
#include <math.h>
#include <string.h>

#include "figure.h"
#include "variant_style.h"

#define ROW_HEIGHT 26
#define PARTS_MAX 12
#define MEASURES 3
#define KEY_HEIGHT 16
#define KEY_COLUMNS 2

struct ledger_plot {
	struct figure_files files;
	struct figure *figure;
	const struct csv_table *table;
	const char *parts[PARTS_MAX]; /* in the order of the file */
	size_t part_count;
};

/* What is stacked, and the unit of the whole. */
static const struct {
	const char *column, *name, *unit;
} measures[MEASURES] = {
	{"ns", "time", "ns"},
	{"asked_bytes", "asked", "B"},
	{"slot_bytes", "slot", "B"},
};

static const char *colour(size_t part)
{
	const char *const colours[] = {PART_REQUESTED, PART_HEADER,
		PART_ROUNDING, PART_REST, variant_style("tls")->light,
		variant_style("plain")->light, variant_style("global")->light};

	return colours[part % (sizeof(colours) / sizeof(*colours))];
}

static bool is_of(const struct ledger_plot *plot, size_t row, const char *cell,
	const char *kind)
{
	return !strcmp(report_field(plot->table, row, "cell"), cell) &&
		!strcmp(report_field(plot->table, row, "kind"), kind);
}

static double value_of(const struct ledger_plot *plot, const char *cell,
	const char *kind, const char *part, const char *column)
{
	for (size_t i = 0; i < plot->table->rows; i++)
		if (is_of(plot, i, cell, kind) &&
			!strcmp(report_field(plot->table, i, "part"), part))
			return report_real(plot->table, i, column);
	return NAN;
}

static void find_parts(struct ledger_plot *plot)
{
	const struct csv_table *table = plot->table;
	const char *cell = table->rows ? report_field(table, 0, "cell") : "";

	for (size_t i = 0; i < table->rows && plot->part_count < PARTS_MAX; i++)
		if (is_of(plot, i, cell, "part"))
			plot->parts[plot->part_count++] =
				report_field(table, i, "part");
}

/* A part that chance has made negative has no length. The row's end, %. */
static double write_row(
	const struct ledger_plot *plot, const char *cell, size_t measure)
{
	FILE *out = plot->files.script, *numbers = plot->files.numbers;
	const char *column = measures[measure].column;
	double whole = value_of(plot, cell, "total", "whole", column);
	double end = 0;

	fprintf(numbers, "%d\t0", -(int)measure);
	for (size_t i = 0; i < plot->part_count; i++) {
		double part =
			value_of(plot, cell, "part", plot->parts[i], column);

		end += part > 0 && whole > 0 ? 100 * part / whole : 0;
		fprintf(numbers, "\t%.6g", end);
	}
	fputc('\t', numbers);
	figure_quote(numbers, column, 16);
	fputc('\t', numbers);
	figure_quote(numbers, cell, 192);
	fputc('\n', numbers);
	fputs("set label ", out);
	figure_quote(out, measures[measure].name, 11);
	fprintf(out, " at graph -0.03, first %d right textcolor rgb '%s'\n",
		-(int)measure, INK_COLOUR);
	if (isnan(whole))
		return end;
	fprintf(out,
		"set label '%.3g %s' at %.6g, first %d left offset 0.5, 0 "
		"textcolor rgb '%s'\n",
		whole, measures[measure].unit, end, -(int)measure, SOFT_COLOUR);
	return end;
}

static void write_key(const struct ledger_plot *plot, int height, int lines)
{
	FILE *out = plot->files.script;

	for (size_t i = 0; i < plot->part_count; i++) {
		int line = lines - 1 - (int)i / KEY_COLUMNS;
		double x =
			(26.0 + (double)(i % KEY_COLUMNS) * 170) / PANEL_WIDTH;
		double y = (14.0 + line * KEY_HEIGHT) / height;

		fprintf(out,
			"set object %zu rectangle from screen %.4f, screen "
			"%.4f to screen %.4f, screen %.4f fillcolor rgb '%s' "
			"fillstyle solid noborder\n",
			10 + i, x, y - 5.0 / height, x + 0.025,
			y + 5.0 / height, colour(i));
		fputs("set label ", out);
		figure_quote(out, plot->parts[i], 25);
		fprintf(out,
			" at screen %.4f, screen %.4f left textcolor rgb "
			"'%s'\n",
			x + 0.037, y, INK_COLOUR);
	}
}

static void write_plot(const struct ledger_plot *plot, double most)
{
	FILE *out = plot->files.script;

	fprintf(out,
		"set xrange [0:%.6g]\nset yrange [%.1f:0.5]\nunset ytics\n"
		"set xtics autofreq\nset grid xtics lc rgb '%s' lt 1 lw 0.6\n"
		"set xlabel 'share of the whole, %%' offset 0, 0.6 "
		"textcolor rgb '%s'\n"
		"unset key\nset style fill solid 1 noborder\nplot ",
		fmax(most, 100) * 1.02, -MEASURES + 0.5, GRID_COLOUR,
		SOFT_COLOUR);
	for (size_t i = 0; i < plot->part_count; i++)
		fprintf(out,
			"'%s.dat' index %zu using %zu:1:%zu:%zu:($1-0.36):"
			"($1+0.36) with boxxyerror lc rgb '%s'%s",
			plot->figure->name, plot->figure->panels - 1, i + 2,
			i + 2, i + 3, colour(i),
			i + 1 < plot->part_count ? ", \\\n\t" : "\n");
}

static void write_panel(struct ledger_plot *plot, const char *cell)
{
	int lines = ((int)plot->part_count + KEY_COLUMNS - 1) / KEY_COLUMNS;
	struct panel_box box = {.left = 48, .right = 62, .top = 34};
	double most = 0;

	box.bottom = 46 + lines * KEY_HEIGHT;
	box.height = box.top + box.bottom + MEASURES * ROW_HEIGHT;
	figure_panel(&plot->files, plot->figure, &box, cell, NULL);
	write_key(plot, box.height, lines);
	for (size_t i = 0; i < MEASURES; i++)
		most = fmax(most, write_row(plot, cell, i));
	fputs("\n\n", plot->files.numbers);
	write_plot(plot, most);
}

int plot_ledger(struct figure *figure, const struct report_data *data,
	const char *directory)
{
	const struct csv_table *table = &data->tables[FILE_LEDGER];
	struct ledger_plot plot = {.figure = figure, .table = table};
	const char *before = NULL;

	*figure = (struct figure){.name = "ledger"};
	find_parts(&plot);
	if (!plot.part_count)
		return 0;
	if (figure_open(&plot.files, directory, figure->name,
		    "row\tzero\t+share of each part, %\tmeasure\tcell"))
		return -1;
	for (size_t i = 0; i < table->rows; i++) {
		const char *cell = report_field(table, i, "cell");

		if (!before || strcmp(before, cell))
			write_panel(&plot, cell);
		before = cell;
	}
	return figure_close(&plot.files);
}
