// SPDX-License-Identifier: MIT
//
// The run chart: every launch in order of time. First the baseline's own time,
// which shows the machine, with the rounds left out and the launches that
// failed; then A′, then every scheme.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "figure.h"
#include "lane_facts.h"
#include "run_chart.h"
#include "variant_style.h"

#define PLOT_HEIGHT 150
#define MOST_MARKS 30000 /* beyond them only the baseline and A′ are drawn */
#define MARK 0.0004 /* length of a mark, of the axis */
#define LINE_POINTS 400 /* of the running median, about */
#define STRIP 1.45 /* lower end of the axis where there is a strip */

struct run_plot {
	struct figure_files files;
	struct figure *figure;
	struct run_chart chart;
	double *values; /* per cent from what is expected */
	double *sorted;
	double most; /* of the axis */
};

static int real_order(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The axis holds 95 of 100 launches; the others stand at its ends. */
static void find_most(struct run_plot *plot)
{
	size_t n = 0;

	for (size_t i = 0; i < plot->chart.count; i++)
		if (!isnan(plot->values[i]))
			plot->sorted[n++] = fabs(plot->values[i]);
	qsort(plot->sorted, n, sizeof(double), real_order);
	plot->most = n ? fmax(0.5, 1.3 * plot->sorted[(n - 1) * 95 / 100]) : 1;
}

static void write_numbers(const struct run_plot *plot)
{
	const struct run_chart *chart = &plot->chart;
	FILE *out = plot->files.numbers;

	for (size_t i = 0; i < chart->count; i++) {
		const struct trial_launch *launch =
			&chart->data->trials.launches[i];
		double value = plot->values[i];

		fprintf(out, "%.5f\t%.4f\t%.4f\t%.3f\t%.4f\t%d\t%llu\t",
			chart->minutes[i], value,
			run_chart_running_median(chart, plot->values, i),
			launch->rounds ? (double)launch->rounds_left_out /
					(double)launch->rounds
				       : 0,
			fmax(-plot->most, fmin(plot->most, value)),
			launch->status != NULL,
			(unsigned long long)launch->launch);
		figure_quote(out, launch->cell, 192);
		fputc('\n', out);
	}
	fputs("\n\n", out);
}

/* The run's length on the axis. */
static double span(const struct run_chart *chart)
{
	double last = chart->count ? chart->minutes[chart->count - 1] : 0;

	return last > 0 ? last : 1;
}

/* The greatest of 1, 2, 5, 10, … times a power of ten below a limit. */
static double round_tick(double limit)
{
	double tick = pow(10, floor(log10(limit)));

	return tick * (tick * 5 <= limit ? 5 : tick * 2 <= limit ? 2 : 1);
}

static void write_axes(const struct run_plot *plot, bool strip)
{
	const struct run_chart *chart = &plot->chart;
	double tick = round_tick(plot->most);
	FILE *out = plot->files.script;

	fprintf(out,
		"set xrange [%.5f:%.5f]\nset yrange [%.4f:%.4f]\n"
		"set xtics autofreq\nset ytics autofreq format '%%g'\n"
		"set grid ytics lc rgb '" GRID_COLOUR "' lt 1 lw 0.6\n"
		"set xlabel '%s' offset 0, 0.6 "
		"textcolor rgb '" SOFT_COLOUR "'\nunset key\n",
		-0.02 * span(chart), 1.02 * span(chart),
		-plot->most * (strip ? STRIP : 1.06), plot->most * 1.06,
		chart->timed ? "minutes of the run" : "launches");
	if (strip)
		fprintf(out, "set ytics (%.3g, 0, %.3g)\n", -tick, tick);
	for (size_t i = 0; i < chart->pause_count; i++)
		fprintf(out,
			"set arrow from %.5f, graph 0 to %.5f, graph 1 nohead "
			"dt (2,4) lc rgb '" SOFT_COLOUR "'\n"
			"set label 'pause' at %.5f, graph 0.95 center "
			"textcolor rgb '" SOFT_COLOUR "'\n",
			chart->pauses[i], chart->pauses[i], chart->pauses[i]);
}

/* How many launches lie beyond an end of the axis. */
static size_t count_beyond(const struct run_plot *plot)
{
	size_t beyond = 0;

	for (size_t i = 0; i < plot->chart.count; i++)
		beyond += fabs(plot->values[i]) > plot->most;
	return beyond;
}

static void write_strip(const struct run_plot *plot, const char *from)
{
	FILE *out = plot->files.script;
	double low = -plot->most * STRIP, high = plot->most * 0.32;

	fprintf(out,
		"set label 'share of rounds left out (bars), failed launches "
		"(×)' at graph 0, first %.4f left offset 0, -0.2 "
		"textcolor rgb '" SOFT_COLOUR "'\n",
		low + high * 1.15);
	fprintf(out,
		"plot %s using 1:(%.4f):(0):(%.4f*$4) with vectors nohead "
		"lw 1 lc rgb '" SOFT_COLOUR "', \\\n\t"
		"%s using ($6 > 0 ? $1 : NaN):(%.4f) with points pt 2 ps 0.6 "
		"lc rgb '%s', \\\n\t",
		from, low, high, from, low + high / 2,
		variant_style("global")->light);
}

/* A mark is a line of next to no length with round ends: a tenth of the bytes
 * of a point. */
static void write_plot(
	const struct run_plot *plot, const char *variant, bool strip)
{
	FILE *out = plot->files.script;
	char from[64];

	snprintf(from, sizeof(from), "'%s.dat' index %zu", plot->figure->name,
		plot->figure->panels - 1);
	if (strip)
		write_strip(plot, from);
	else
		fputs("plot ", out);
	fprintf(out,
		"%s using (abs($2) <= %.4f ? $1 : NaN):2:(%.6f):(0) "
		"with vectors nohead lw 1.9 lc rgb '%s', \\\n\t",
		from, plot->most, MARK * span(&plot->chart),
		variant_style(variant)->light);
	fprintf(out,
		"%s using ($2 > %.4f ? $1 : NaN):5 with points pt 8 ps 0.5 "
		"lc rgb '%s', \\\n\t"
		"%s using ($2 < -%.4f ? $1 : NaN):5 with points pt 10 ps 0.5 "
		"lc rgb '%s', \\\n\t",
		from, plot->most, variant_style(variant)->light, from,
		plot->most, variant_style(variant)->light);
	fprintf(out,
		"%s every %zu using 1:3 with lines lw 1.3 "
		"lc rgb '" INK_COLOUR "'\n",
		from, 1 + plot->chart.count / LINE_POINTS);
}

static int write_panel(struct run_plot *plot, const char *variant)
{
	static const struct panel_box shape = {.left = 46,
		.right = 12,
		.top = 46,
		.bottom = 44,
		.height = 46 + 44 + PLOT_HEIGHT,
		.round = true};
	bool again = variant && lane_is_copy(variant);
	const char *name = variant ? variant : plot->chart.data->baseline;
	char title[RECORD_TEXT + 64];

	if (run_chart_series(&plot->chart, variant, !again, plot->values))
		return -1;
	for (size_t i = 0; i < plot->chart.count; i++)
		plot->values[i] = 100 * expm1(plot->values[i]);
	find_most(plot);
	snprintf(title, sizeof(title), "%s: %s", again ? "A′" : name,
		!variant        ? "time, from its median in the cell"
			: again ? "ratio, from 1"
				: "ratio, from its median in the cell");
	figure_panel(&plot->files, plot->figure, &shape, title, NULL);
	fprintf(plot->files.script,
		"set label 'per cent; %zu launches beyond the axis at its "
		"ends' at screen 0.01, graph 1.08 left "
		"textcolor rgb '" SOFT_COLOUR "'\n",
		count_beyond(plot));
	write_axes(plot, !variant);
	write_numbers(plot);
	write_plot(plot, name, !variant);
	return 0;
}

static int write_panels(struct run_plot *plot)
{
	const struct run_chart *chart = &plot->chart;
	int result = write_panel(plot, NULL);

	for (size_t i = 0; !result && i < chart->variant_count; i++)
		if (lane_is_copy(chart->variants[i]) ||
			chart->count * (chart->variant_count + 1) <= MOST_MARKS)
			result = write_panel(plot, chart->variants[i]);
	return result;
}

int plot_run(struct figure *figure, const struct report_data *data,
	const char *directory)
{
	struct run_plot plot = {.figure = figure};
	int result = -1;

	*figure = (struct figure){.name = "run"};
	if (run_chart_init(&plot.chart, data))
		goto done;
	plot.values = malloc((plot.chart.count + 1) * sizeof(double));
	plot.sorted = malloc((plot.chart.count + 1) * sizeof(double));
	if (!plot.values || !plot.sorted ||
		figure_open(&plot.files, directory, figure->name,
			"minute\tper_cent\trunning_median\tleft_out\tshown\t"
			"failed\tlaunch\tcell"))
		goto done;
	result = plot.chart.variant_count ? write_panels(&plot) : 0;
	if (figure_close(&plot.files))
		result = -1;
done:
	free(plot.values);
	free(plot.sorted);
	run_chart_finish(&plot.chart);
	return result;
}
