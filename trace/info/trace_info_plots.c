// SPDX-License-Identifier: MIT
//
// The plots of trace info: CSVs, one script that reads them, SVGs.
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "csv_writer.h"
#include "gnuplot.h"
#include "trace_info.h"
#include "variant_style.h"

#define SCRIPT "trace.gp"

static char *path_in(const char *folder, const char *name)
{
	char *path;

	return asprintf(&path, "%s/%s", folder, name) < 0 ? NULL : path;
}

static int create(struct csv_writer *writer, const char *folder,
	const char *name, const char *header)
{
	char *path = path_in(folder, name);
	int result =
		path == NULL ? -1 : csv_writer_create(writer, path, header);

	free(path);
	return result;
}

static int write_live(const struct trace_summary *summary, const char *folder)
{
	struct csv_writer writer = {0};
	int result = create(&writer, folder, "live.csv",
		"events,time,live_blocks,live_bytes,most_live_blocks,"
		"most_live_bytes");

	for (unsigned i = 0; result == 0 && i < summary->point_count; i++) {
		const struct trace_point *point = &summary->points[i];

		csv_count(&writer, point->events);
		csv_count(&writer, point->time);
		csv_count(&writer, point->blocks);
		csv_count(&writer, point->bytes);
		csv_count(&writer, point->most_blocks);
		csv_count(&writer, point->most_bytes);
		result = csv_end_row(&writer);
	}
	return csv_writer_close(&writer) == 0 ? result : -1;
}

/* All classes up to the last that has something. */
static unsigned last_class(const uint64_t *counts, unsigned classes)
{
	for (unsigned i = TRACE_CLASSES; i > classes; i--)
		if (counts[i - 1] > 0)
			return i;
	return classes;
}

static int write_sizes(const struct trace_summary *summary, const char *folder)
{
	struct csv_writer writer = {0};
	int result = create(&writer, folder, "sizes.csv",
		"from_bytes,to_bytes,allocations");
	unsigned classes = last_class(summary->sizes, 1);

	for (unsigned i = 0; result == 0 && i < classes; i++) {
		csv_count(&writer, trace_class_least(i));
		csv_count(&writer, trace_class_most(i));
		csv_count(&writer, summary->sizes[i]);
		result = csv_end_row(&writer);
	}
	return csv_writer_close(&writer) == 0 ? result : -1;
}

/* Blocks by both lifetimes, whose classes have the same limits. */
static int write_lifetimes(
	const struct trace_summary *summary, const char *folder)
{
	struct csv_writer writer = {0};
	int result = create(&writer, folder, "lifetimes.csv",
		"from,to,blocks_by_allocations,blocks_by_bytes");
	unsigned classes = last_class(
		summary->lifetimes, last_class(summary->lifetime_bytes, 1));

	for (unsigned i = 0; result == 0 && i < classes; i++) {
		csv_count(&writer, trace_class_least(i));
		csv_count(&writer, trace_class_most(i));
		csv_count(&writer, summary->lifetimes[i]);
		csv_count(&writer, summary->lifetime_bytes[i]);
		result = csv_end_row(&writer);
	}
	return csv_writer_close(&writer) == 0 ? result : -1;
}

static void put_setting(FILE *out)
{
	fputs("# Redraw with \"gnuplot " SCRIPT "\" in this folder.\n"
	      "reset\nset encoding utf8\nset datafile separator comma\n"
	      "set terminal svg size 640,360 dynamic noenhanced "
	      "font 'sans-serif,11' linewidth 1.2\n"
	      "set border 0\nset tics nomirror scale 0\n"
	      "set xtics textcolor rgb '" SOFT_COLOUR "'\n"
	      "set ytics textcolor rgb '" SOFT_COLOUR "'\n"
	      "set grid ytics lc rgb '" GRID_COLOUR "' lt 1 lw 0.6\n"
	      "set key tmargin center horizontal textcolor rgb '" INK_COLOUR
	      "'\n"
	      "set yrange [0:*]\n",
		out);
}

/* gnuplot takes a plot without a point for an error; so is a range of one
 * point, which a single event has. */
static void put_live(FILE *out)
{
	fputs("\nset output 'live.svg'\n"
	      "set title 'Live over the events of all threads' "
	      "textcolor rgb '" INK_COLOUR "'\n"
	      "set xlabel 'events' textcolor rgb '" SOFT_COLOUR "'\n"
	      "set ylabel 'bytes requested and live' textcolor rgb "
	      "'" PART_HEADER "'\n"
	      "set y2label 'blocks live' textcolor rgb '" PART_ROUNDING "'\n"
	      "set y2tics nomirror textcolor rgb '" SOFT_COLOUR "'\n"
	      "set format y '%.1s%c'\nset format y2 '%.1s%c'\n"
	      "set format x '%.0s%c'\nset xrange [0:*]\nset y2range [0:*]\n"
	      "plot 'live.csv' skip 1 using 1:4 with lines lw 1.6 "
	      "lc rgb '" PART_HEADER "' title 'bytes', \\\n"
	      "\t'' skip 1 using 1:6 with lines lw 1 dt (4,3) "
	      "lc rgb '" PART_HEADER "' title 'most bytes between points', \\\n"
	      "\t'' skip 1 using 1:3 axes x1y2 with lines lw 1.6 "
	      "lc rgb '" PART_ROUNDING "' title 'blocks'\n"
	      "unset y2label\nunset y2tics\nset format y '%.0s%c'\n"
	      "unset xrange\nset xrange [*:*]\n",
		out);
}

static void put_histograms(FILE *out)
{
	fputs("set style data histograms\nset style fill solid noborder\n"
	      "set style histogram clustered gap 0.3\n"
	      "set xtics rotate by -45\nset ylabel ''\n"
	      "from(column) = gprintf('%.0b%B', column)\n"
	      "\nset output 'sizes.svg'\n"
	      "set title 'Allocations by bytes requested' "
	      "textcolor rgb '" INK_COLOUR "'\n"
	      "set xlabel 'bytes: from here to below the next' "
	      "textcolor rgb '" SOFT_COLOUR "'\n"
	      "plot 'sizes.csv' skip 1 using 3:xtic(from($1)) "
	      "lc rgb '" PART_HEADER "' title 'allocations'\n"
	      "\nset output 'lifetimes.svg'\n"
	      "set title 'Blocks by what was allocated between their birth and "
	      "their end' textcolor rgb '" INK_COLOUR "'\n"
	      "set xlabel 'allocations, or bytes: from here to below the next' "
	      "textcolor rgb '" SOFT_COLOUR "'\n"
	      "plot 'lifetimes.csv' skip 1 using 3:xtic(from($1)) "
	      "lc rgb '" PART_HEADER "' title 'by allocations', \\\n"
	      "\t'' skip 1 using 4 lc rgb '" PART_ROUNDING "' "
	      "title 'by bytes'\n",
		out);
}

static int write_script(const struct trace_summary *summary, const char *folder)
{
	char *path = path_in(folder, SCRIPT);
	FILE *out = path != NULL ? fopen(path, "we") : NULL;
	int failed;

	free(path);
	if (out == NULL)
		return -1;
	put_setting(out);
	if (summary->point_count > 0)
		put_live(out);
	put_histograms(out);
	failed = ferror(out);
	return fclose(out) == 0 && !failed ? 0 : -1;
}

int trace_info_plots(const struct trace_summary *summary, const char *folder,
	struct error *error)
{
	struct error complaint;
	int result;

	if (mkdir(folder, 0777) != 0) {
		return error_set(error,
			"--plots %s: %s: allowed is a new folder", folder,
			strerror(errno));
	}
	if (write_live(summary, folder) != 0 ||
		write_sizes(summary, folder) != 0 ||
		write_lifetimes(summary, folder) != 0 ||
		write_script(summary, folder) != 0) {
		error_set(error, "--plots %s: %s", folder, strerror(errno));
		return -2;
	}
	result = gnuplot_run(folder, SCRIPT, &complaint);
	if (result >= 0)
		return result;
	error_set(error, "--plots %s: %s", folder, complaint.text);
	return -2;
}
