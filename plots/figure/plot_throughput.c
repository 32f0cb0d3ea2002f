// SPDX-License-Identifier: MIT
//
// Throughput by threads, one panel per headline workload and allocator, one
// line per variant, and the line that the baseline would follow if threads
// cost each other nothing.
#include <math.h>
#include <string.h>

#include "figure.h"
#include "lane_facts.h"
#include "variant_style.h"

#define PLOT_HEIGHT 190

struct throughput {
	struct figure_files files;
	struct figure *figure;
	const struct report_data *data;
	size_t first, last; /* points of the panel */
};

/* Million operations per second. */
static double millions(const struct trial_point *point)
{
	return 1000 / point->ns_per_op;
}

/* The harness alone is ten times as fast as all else and would flatten the
 * picture; its figures stand in the table of the harness cost. */
static bool shown(const struct trial_point *point)
{
	return !lane_is_harness(point->variant) && point->name.threads &&
		point->ns_per_op > 0;
}

static size_t series_end(const struct throughput *plot, size_t from)
{
	const struct trial_point *points = plot->data->trials.points;
	size_t end = from + 1;

	while (end < plot->last &&
		!strcmp(points[end].variant, points[from].variant))
		end++;
	return end;
}

static void write_numbers(const struct throughput *plot)
{
	FILE *out = plot->files.numbers;

	for (size_t i = plot->first; i < plot->last; i++) {
		const struct trial_point *point = &plot->data->trials.points[i];

		fprintf(out, "%u\t%.6g\t%zu\t", point->name.threads,
			millions(point), point->launches);
		figure_quote(out, point->variant, 64);
		fputc('\t', out);
		figure_quote(out, point->cell, 192);
		fputc('\n', out);
	}
	fputs("\n\n", out);
}

/* The baseline's point at one thread, or NULL. */
static const struct trial_point *one_thread(const struct throughput *plot)
{
	for (size_t i = plot->first; i < plot->last; i++) {
		const struct trial_point *point = &plot->data->trials.points[i];

		if (point->name.threads == 1 &&
			!strcmp(point->variant, plot->data->baseline))
			return point;
	}
	return NULL;
}

static void find_threads(
	const struct throughput *plot, unsigned *least, unsigned *most)
{
	*least = UINT32_MAX;
	*most = 0;
	for (size_t i = plot->first; i < plot->last; i++) {
		unsigned threads = plot->data->trials.points[i].name.threads;

		*least = threads < *least ? threads : *least;
		*most = threads > *most ? threads : *most;
	}
}

static void write_axes(const struct throughput *plot)
{
	FILE *out = plot->files.script;
	unsigned least, most;
	double air;

	find_threads(plot, &least, &most);
	air = most > least ? 0.06 * (most - least) : 0.5;
	fprintf(out, "set xrange [%.3f:%.3f]\nset yrange [0:*]\nset xtics (",
		least - air, most + air);
	/* Thread counts that stand too close would print over each other. */
	for (unsigned at = least, last = 0; at <= most; at++) {
		bool measured = false;

		for (size_t i = plot->first; i < plot->last; i++)
			measured = measured ||
				plot->data->trials.points[i].name.threads == at;
		if (!measured || (last && at - last < (most - least) / 12.0))
			continue;
		fprintf(out, "%s%u", last ? ", " : "", at);
		last = at;
	}
	fprintf(out,
		")\nset grid ytics lc rgb '%s' lt 1 lw 0.6\n"
		"set xlabel 'threads' offset 0, 0.6 textcolor rgb '%s'\n"
		"set label 'million operations per second' "
		"at screen 0.01, graph 1.07 left textcolor rgb '%s'\n"
		"unset key\n",
		GRID_COLOUR, SOFT_COLOUR, SOFT_COLOUR);
}

static void write_ideal(const struct throughput *plot)
{
	const struct trial_point *one = one_thread(plot);
	unsigned least, most;

	find_threads(plot, &least, &most);
	if (!one || most < 2)
		return;
	fprintf(plot->files.script,
		"[1:%u] %.6g * x with lines lw 1 dt (2,4) "
		"lc rgb '%s', \\\n\t",
		most, millions(one), SOFT_COLOUR);
}

static void write_plot(const struct throughput *plot)
{
	const struct trial_point *points = plot->data->trials.points;
	FILE *out = plot->files.script;
	size_t end;

	fputs("plot ", out);
	write_ideal(plot);
	for (size_t i = plot->first; i < plot->last; i = end) {
		const struct variant_style *style =
			variant_style(points[i].variant);

		end = series_end(plot, i);
		fprintf(out,
			"'%s.dat' index %zu every ::%zu::%zu using 1:2 "
			"with linespoints pt %d ps 0.8 lw 1.6 dt %s "
			"lc rgb '%s'%s",
			plot->figure->name, plot->figure->panels - 1,
			i - plot->first, end - 1 - plot->first, style->point,
			style->dash, style->light,
			end < plot->last ? ", \\\n\t" : "\n");
	}
}

/* Entries of the key; the ideal line is one. */
static int key_entries(const struct throughput *plot)
{
	int entries = 1;

	for (size_t i = plot->first; i < plot->last; i = series_end(plot, i))
		entries++;
	return entries;
}

static void write_key(const struct throughput *plot, int height)
{
	const struct trial_point *points = plot->data->trials.points;
	int entry = 0;

	for (size_t i = plot->first; i < plot->last; i = series_end(plot, i)) {
		const char *name = points[i].variant;

		figure_key(plot->files.script, entry++, key_entries(plot),
			height, name, variant_style(name));
	}
	if (one_thread(plot))
		figure_key(plot->files.script, entry, key_entries(plot), height,
			"ideal", NULL);
}

static void write_panel(struct throughput *plot)
{
	struct panel_box box = {0, 52, 16, 54, 52};
	char title[3 * RECORD_TEXT + 8];

	cell_name_panel(&plot->data->trials.points[plot->first].name, title,
		sizeof(title));
	box.bottom += figure_key_height(key_entries(plot));
	box.height = box.top + box.bottom + PLOT_HEIGHT;
	figure_panel(&plot->files, plot->figure, &box, title,
		plot->data->trials.points[plot->first].name.workload);
	write_axes(plot);
	write_key(plot, box.height);
	write_numbers(plot);
	write_plot(plot);
}

/* Points are sorted by variant within a panel and null has the last rank, so
 * what is left out stands at the end. */
static void trim(struct throughput *plot)
{
	const struct trial_point *points = plot->data->trials.points;

	while (plot->last > plot->first && !shown(&points[plot->last - 1]))
		plot->last--;
}

static void write_panels(struct throughput *plot)
{
	const struct trial_point *points = plot->data->trials.points;
	size_t count = plot->data->trials.point_count;

	for (size_t first = 0, last; first < count; first = last) {
		for (last = first + 1; last < count; last++)
			if (!cell_name_same_panel(
				    &points[first].name, &points[last].name))
				break;
		plot->first = first;
		plot->last = last;
		trim(plot);
		if (plot->last > plot->first && shown(&points[first]) &&
			report_data_is_headline(
				plot->data, &points[first].name))
			write_panel(plot);
	}
}

int plot_throughput(struct figure *figure, const struct report_data *data,
	const char *directory)
{
	struct throughput plot = {.figure = figure, .data = data};

	*figure = (struct figure){.name = "throughput"};
	if (figure_open(&plot.files, directory, figure->name,
		    "threads\tmillion_ops_per_s\tlaunches\tvariant\tcell"))
		return -1;
	write_panels(&plot);
	return figure_close(&plot.files);
}
