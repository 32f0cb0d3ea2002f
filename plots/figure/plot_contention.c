// SPDX-License-Identifier: MIT
//
// Contention slowdown at the most threads: two panels for each allocator, the
// slowdown itself and the part of it that the serial adds. A workload is a
// strip with one lane for each variant, so that equal values stay apart.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "contention.h"
#include "figure.h"
#include "variant_style.h"

#define LANE_HEIGHT 7
#define SERIES_MAX 24

struct contention_plot {
	struct figure_files files;
	struct figure *figure;
	const struct report_data *data;
	struct contention contention;

	/* Of the panel: */
	const struct cell_name *name; /* allocator, placement, threads */
	bool part;
	const char *series[SERIES_MAX];
	size_t series_count;
	double low, high;
	int lanes;
};

static bool same_strip(const struct cell_name *a, const struct cell_name *b)
{
	return !strcmp(a->allocator, b->allocator) &&
		!strcmp(a->placement, b->placement) && a->threads == b->threads;
}

static double value_of(
	const struct contention_plot *plot, const struct contention_row *row)
{
	return plot->part ? row->part : row->slowdown;
}

static bool shown(
	const struct contention_plot *plot, const struct contention_row *row)
{
	double value = value_of(plot, row);

	return row->most && same_strip(&row->many->name, plot->name) &&
		isfinite(value) && value > 0;
}

static size_t series_of(struct contention_plot *plot, const char *variant)
{
	size_t i = 0;

	while (i < plot->series_count && strcmp(plot->series[i], variant))
		i++;
	if (i == plot->series_count && i < SERIES_MAX)
		plot->series[plot->series_count++] = variant;
	return i;
}

/* A workload's name, three lanes high, and under it the lines at 1 and at the
 * ideal, which would cross the names if they were one for the panel. */
static void begin_strip(
	struct contention_plot *plot, const char *workload, int lanes)
{
	double lines[] = {1, 1.0 / plot->name->threads};
	FILE *out = plot->files.script;

	fputs("set label ", out);
	figure_quote(out, workload, 52);
	fprintf(out,
		" at screen 0.01, first %d left font '" HEADING_FONT
		"' textcolor rgb '" SOFT_COLOUR "'\n",
		-plot->lanes - 1);
	plot->lanes += 3;
	for (int i = 0; i < 2 - plot->part; i++)
		fprintf(out,
			"set arrow from %.6g, first %.1f to %.6g, first %.1f "
			"nohead back lw 1.2 %s lc rgb '" SOFT_COLOUR "'\n",
			lines[i], -plot->lanes + 0.8, lines[i],
			-plot->lanes - lanes + 0.2, i ? "dt (2,4)" : "");
}

/* How many rows of the panel follow from one on with its workload. */
static int strip_lanes(const struct contention_plot *plot, size_t from)
{
	const struct contention_row *rows = plot->contention.rows;
	int lanes = 0;

	for (size_t i = from; i < plot->contention.count &&
		!strcmp(rows[i].many->name.workload,
			rows[from].many->name.workload);
		i++)
		lanes += shown(plot, &rows[i]);
	return lanes;
}

/* Workload names, lanes and numbers; finds the axis on the way. */
static void write_rows(struct contention_plot *plot)
{
	FILE *numbers = plot->files.numbers;
	const char *before = NULL;

	for (size_t i = 0; i < plot->contention.count; i++) {
		const struct contention_row *row = &plot->contention.rows[i];
		const char *workload = row->many->name.workload;
		double value = value_of(plot, row);

		if (!shown(plot, row))
			continue;
		if (!before || strcmp(before, workload))
			begin_strip(plot, workload, strip_lanes(plot, i));
		before = workload;
		plot->low = fmin(plot->low, value);
		plot->high = fmax(plot->high, value);
		fprintf(numbers, "%d\t%.6g\t%zu\t", -plot->lanes++, value,
			series_of(plot, row->many->variant));
		figure_quote(numbers, row->many->variant, 64);
		fputc('\t', numbers);
		figure_quote(numbers, row->many->cell, 192);
		fputc('\n', numbers);
	}
	fputs("\n\n", numbers);
}

static void write_axis(const struct contention_plot *plot)
{
	FILE *out = plot->files.script;
	double air = pow(plot->high / plot->low, 0.05);

	fprintf(out,
		"set logscale x\nset xrange [%.6g:%.6g]\nset yrange [%d:1]\n"
		"unset ytics\nset grid xtics lc rgb '" GRID_COLOUR
		"' lt 1 lw 0.6\n",
		plot->low / air, plot->high * air, -plot->lanes);
	figure_ratio_tics(out, plot->low / air, plot->high * air);
	fprintf(out,
		"set xlabel '%s' offset 0, 0.6 textcolor rgb '" SOFT_COLOUR
		"'\n",
		plot->part ? "slowdown over the baseline’s, log axis"
			   : "time at T over time at 1, log axis");
}

static void write_plot(const struct contention_plot *plot, int height)
{
	int entries = (int)plot->series_count + 1; /* ideal */
	FILE *out = plot->files.script;

	for (size_t i = 0; i < plot->series_count; i++)
		figure_key(out, (int)i, entries, height, plot->series[i],
			variant_style(plot->series[i]));
	if (!plot->part)
		figure_key(out, entries - 1, entries, height, "ideal", NULL);
	fputs("plot ", out);
	for (size_t i = 0; i < plot->series_count; i++) {
		const struct variant_style *style =
			variant_style(plot->series[i]);

		fprintf(out,
			"'%s.dat' index %zu using ($3 == %zu ? $2 : NaN):1 "
			"with points pt %d ps 0.7 lc rgb '%s'%s",
			plot->figure->name, plot->figure->panels - 1, i,
			style->point, style->light,
			i + 1 < plot->series_count ? ", \\\n\t" : "\n");
	}
}

/* The rows are written before their panel's height is known, so the lanes are
 * counted first. */
static int count_lanes(const struct contention_plot *plot, size_t *series)
{
	const char *before = NULL;
	int lanes = 0;

	*series = 0;
	for (size_t i = 0, run = 0; i < plot->contention.count; i++) {
		const struct contention_row *row = &plot->contention.rows[i];
		const char *workload = row->many->name.workload;

		if (!shown(plot, row))
			continue;
		run = before && !strcmp(before, workload) ? run + 1 : 1;
		lanes += run == 1 ? 4 : 1;
		*series = run > *series ? run : *series;
		before = workload;
	}
	return lanes;
}

static void write_panel(struct contention_plot *plot, bool part)
{
	struct panel_box box = {.left = 14, .right = 16, .top = 30};
	char title[2 * RECORD_TEXT + 96];
	size_t series;
	int lanes;

	plot->part = part;
	lanes = count_lanes(plot, &series);
	if (!lanes)
		return;
	plot->series_count = 0;
	plot->lanes = 0;
	plot->low = part ? 0.98 : 0.95 / plot->name->threads;
	plot->high = 1.05;
	box.bottom = 52 + figure_key_height((int)series + 1);
	box.height = box.top + box.bottom + (lanes + 1) * LANE_HEIGHT;
	snprintf(title, sizeof(title), "%s%s%s · %u threads · %s",
		plot->name->allocator, *plot->name->placement ? " · " : "",
		plot->name->placement, plot->name->threads,
		part ? "due to the serial" : "slowdown");
	figure_panel(&plot->files, plot->figure, &box, title, NULL);
	write_rows(plot);
	write_axis(plot);
	write_plot(plot, box.height);
}

/* Whether an earlier row had the same allocator, placement and threads. */
static bool seen(const struct contention_plot *plot, size_t index)
{
	const struct contention_row *rows = plot->contention.rows;

	for (size_t i = 0; i < index; i++)
		if (rows[i].most &&
			same_strip(
				&rows[i].many->name, &rows[index].many->name))
			return true;
	return false;
}

int plot_contention(struct figure *figure, const struct report_data *data,
	const char *directory)
{
	struct contention_plot plot = {.figure = figure, .data = data};
	int result = -1;

	*figure = (struct figure){.name = "contention"};
	if (contention_init(&plot.contention, data) ||
		figure_open(&plot.files, directory, figure->name,
			"lane\tslowdown\tseries\tvariant\tcell"))
		goto done;
	for (size_t i = 0; i < plot.contention.count; i++) {
		if (!plot.contention.rows[i].most || seen(&plot, i))
			continue;
		plot.name = &plot.contention.rows[i].many->name;
		write_panel(&plot, false);
		write_panel(&plot, true);
	}
	result = figure_close(&plot.files);
done:
	contention_finish(&plot.contention);
	return result;
}
