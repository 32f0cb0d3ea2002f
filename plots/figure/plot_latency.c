// SPDX-License-Identifier: MIT
//
// Latency by percentile: a panel for each cell, loop and operation, a line for
// each variant, its interval where there is one, and the clock's own cost.
#include <math.h>
#include <string.h>

#include "figure.h"
#include "latency_rows.h"
#include "variant_style.h"

#define PLOT_HEIGHT 200

struct latency_plot {
	struct figure_files files;
	struct figure *figure;
	struct latency_rows latency;
	size_t first, last; /* rows of the panel */
};

/* Variants stand beside each other, not on each other. */
static double across(const struct latency_plot *plot, size_t row, int point)
{
	double places = (double)(plot->last - plot->first);

	return point + 0.7 * ((double)(row - plot->first) + 0.5) / places -
		0.35;
}

/* gnuplot's word for a value that is not there. */
static void write_real(FILE *out, double real)
{
	if (isfinite(real))
		fprintf(out, "\t%.6g", real);
	else
		fputs("\tNaN", out);
}

static void write_numbers(const struct latency_plot *plot)
{
	FILE *out = plot->files.numbers;

	for (size_t i = plot->first; i < plot->last; i++) {
		const struct latency_row *row = &plot->latency.rows[i];

		for (int k = 0; k < LATENCY_POINTS; k++) {
			fprintf(out, "%.4f", across(plot, i, k));
			write_real(out, row->ns[k]);
			write_real(out, row->low[k]);
			write_real(out, row->high[k]);
			fprintf(out, "\t%s\t", latency_point_name(k));
			figure_quote(out, row->variant, 64);
			fputc('\t', out);
			figure_quote(out, row->cell, 192);
			fputc('\t', out);
			figure_quote(out, row->loop, 16);
			fputc('\t', out);
			figure_quote(out, row->operation, 16);
			fputc('\n', out);
		}
	}
	fputs("\n\n", out);
}

/* A reading of the clock is in every time: nothing lies below its cost. */
static void write_clock(const struct latency_plot *plot)
{
	double clock = plot->latency.rows[plot->first].clock_ns;

	if (!(clock > 0))
		return;
	fprintf(plot->files.script,
		"set arrow from -0.5, %.6g to 5.5, %.6g nohead back lw 1 "
		"dt (2,4) lc rgb '" SOFT_COLOUR "'\n"
		"set label 'clock' at 5.46, %.6g right offset 0, 0.5 "
		"textcolor rgb '" SOFT_COLOUR "'\n",
		clock, clock, clock);
}

static void write_axes(const struct latency_plot *plot)
{
	FILE *out = plot->files.script;

	fputs("set xrange [-0.5:5.5]\nset logscale y\nset yrange [*:*]\n"
	      "set xtics (",
		out);
	for (int k = 0; k < LATENCY_POINTS; k++)
		fprintf(out, "%s'%s' %d", k ? ", " : "", latency_point_name(k),
			k);
	fputs(")\nset ytics autofreq\nset format y '%.0s%c'\n"
	      "set grid ytics lc rgb '" GRID_COLOUR "' lt 1 lw 0.6\n"
	      "set xlabel 'percentile' offset 0, 0.6 textcolor rgb "
	      "'" SOFT_COLOUR "'\n"
	      "set label 'ns, log axis' at screen 0.01, graph 1.07 left "
	      "textcolor rgb '" SOFT_COLOUR "'\n",
		out);
}

static int has_interval(const struct latency_row *row)
{
	for (int k = 0; k < LATENCY_POINTS; k++)
		if (row->low[k] > 0)
			return 1;
	return 0;
}

static void write_plot(const struct latency_plot *plot)
{
	FILE *out = plot->files.script;

	fputs("plot ", out);
	for (size_t i = plot->first; i < plot->last; i++) {
		const struct latency_row *row = &plot->latency.rows[i];
		const struct variant_style *style = variant_style(row->variant);
		size_t from = (i - plot->first) * LATENCY_POINTS;

		/* Lines and intervals of one variant. */
		for (int bars = 0; bars <= has_interval(row); bars++)
			fprintf(out,
				"%s'%s.dat' index %zu every ::%zu::%zu using "
				"%s with %s pt %d ps 0.7 lw %s dt %s "
				"lc rgb '%s'",
				bars || i > plot->first ? ", \\\n\t" : "",
				plot->figure->name, plot->figure->panels - 1,
				from, from + LATENCY_POINTS - 1,
				bars ? "1:($3 > 0 ? $2 : NaN):3:4" : "1:2",
				bars ? "yerrorbars" : "linespoints",
				style->point, bars ? "1" : "1.4",
				bars ? "1" : style->dash, style->light);
	}
	fputc('\n', out);
}

static void write_panel(struct latency_plot *plot)
{
	const struct latency_row *row = &plot->latency.rows[plot->first];
	struct panel_box box = {0, 58, 12, 54, 52};
	int entries = (int)(plot->last - plot->first);
	char title[3 * RECORD_TEXT + 80];

	/* The cell is what the group is called. */
	snprintf(title, sizeof(title), "%s · %u %s · %s, %s loop",
		row->name.allocator, row->name.threads,
		row->name.threads == 1 ? "thread" : "threads", row->operation,
		row->loop);
	box.bottom += figure_key_height(entries);
	box.height = box.top + box.bottom + PLOT_HEIGHT;
	figure_panel(&plot->files, plot->figure, &box, title, row->cell);
	write_axes(plot);
	write_clock(plot);
	for (int i = 0; i < entries; i++) {
		const char *name = row[i].variant;

		figure_key(plot->files.script, i, entries, box.height, name,
			variant_style(name));
	}
	write_numbers(plot);
	write_plot(plot);
}

/* Too few calls for a 99th percentile are no picture. */
static bool is_drawn(const struct latency_plot *plot)
{
	for (size_t i = plot->first; i < plot->last; i++)
		if (plot->latency.rows[i].ns[2] > 0)
			return true;
	return false;
}

static void write_panels(struct latency_plot *plot)
{
	const struct latency_row *rows = plot->latency.rows;

	for (size_t first = 0, last; first < plot->latency.count;
		first = last) {
		for (last = first + 1; last < plot->latency.count; last++)
			if (!latency_rows_same_panel(&rows[first], &rows[last]))
				break;
		plot->first = first;
		plot->last = last;
		if (is_drawn(plot))
			write_panel(plot);
	}
}

int plot_latency(struct figure *figure, const struct report_data *data,
	const char *directory)
{
	struct latency_plot plot = {.figure = figure};
	int result = -1;

	*figure = (struct figure){.name = "latency"};
	if (latency_rows_init(&plot.latency, data))
		return -1;
	if (!figure_open(&plot.files, directory, figure->name,
		    "place\tns\tci_low\tci_high\tpercentile\tvariant\tcell\t"
		    "loop\toperation")) {
		write_panels(&plot);
		result = figure_close(&plot.files);
	}
	latency_rows_finish(&plot.latency);
	return result;
}
