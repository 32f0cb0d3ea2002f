// SPDX-License-Identifier: MIT
//
// The power curve of the machine's certificate: one panel for each number of
// threads, how often a planted slowdown was found over its size.
#include "certificate_points.h"
#include "figure.h"
#include "variant_style.h"

/* What counts as found often enough, as certify has it. */
#define OFTEN_ENOUGH 90

struct power {
	struct figure_files files;
	struct figure *figure;
	struct certificate_points points;
};

static void write_points(const struct power *power, size_t first, size_t last)
{
	FILE *numbers = power->files.numbers;

	for (size_t i = first; i < last; i++) {
		const struct certificate_point *point =
			&power->points.points[i];

		fprintf(numbers, "%.6g\t%.6g\t%.6g\t%.6g\t%zu\t%zu\t%u\n",
			100 * point->planted,
			100 * (double)point->found / (double)point->experiments,
			100 * point->low, 100 * point->high, point->found,
			point->experiments, point->threads);
	}
	fputs("\n\n", numbers);
}

static void write_plot(const struct power *power, double most)
{
	FILE *out = power->files.script;

	fprintf(out,
		"set xrange [%.6g:%.6g]\nset yrange [-3:103]\n"
		"set xtics autofreq\nset ytics 0, 20, 100\n"
		"set grid ytics lc rgb '" GRID_COLOUR "' lt 1 lw 0.6\n"
		"set xlabel 'planted slowdown, %%' offset 0, 0.6 "
		"textcolor rgb '" SOFT_COLOUR "'\n",
		-0.04 * most, 1.04 * most);
	fprintf(out,
		"set arrow from graph 0, first %d to graph 1, first %d nohead "
		"back lw 1.2 dt (2,4) lc rgb '" SOFT_COLOUR "'\n",
		OFTEN_ENOUGH, OFTEN_ENOUGH);
	fprintf(out,
		"plot '%s.dat' index %zu using 1:2 with lines lw 1.4 lc rgb "
		"'" PART_HEADER "', \\\n\t"
		"'' index %zu using 1:2:3:4 with yerrorbars pt 7 ps 0.6 "
		"lw 1.2 lc rgb '" PART_HEADER "'\n",
		power->figure->name, power->figure->panels - 1,
		power->figure->panels - 1);
}

static void write_panel(struct power *power, size_t first, size_t last)
{
	const struct panel_box box = {240, 34, 12, 30, 44, false};
	const struct certificate_point *points = power->points.points;
	unsigned threads = points[first].threads;
	double most = 100 * points[last - 1].planted;
	char title[64];

	snprintf(title, sizeof(title), "%u thread%s · found, %% of experiments",
		threads, threads == 1 ? "" : "s");
	figure_panel(&power->files, power->figure, &box, title, NULL);
	write_points(power, first, last);
	write_plot(power, most > 0 ? most : 1);
}

int plot_power(struct figure *figure, const struct report_data *data,
	const char *directory)
{
	struct power power = {.figure = figure};
	const struct certificate_points *points = &power.points;
	int result = -1;

	*figure = (struct figure){.name = "power"};
	if (certificate_points_init(&power.points, data))
		return -1;
	if (!points->count) {
		result = 0;
		goto done;
	}
	if (figure_open(&power.files, directory, figure->name,
		    "planted_percent\tfound_percent\tlow\thigh\tfound\t"
		    "experiments\tthreads"))
		goto done;
	for (size_t first = 0, last; first < points->count; first = last) {
		for (last = first + 1; last < points->count &&
			points->points[last].threads ==
				points->points[first].threads;
			last++)
			;
		write_panel(&power, first, last);
	}
	result = figure_close(&power.files);
done:
	certificate_points_finish(&power.points);
	return result;
}
