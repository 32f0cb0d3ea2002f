// SPDX-License-Identifier: MIT
//
// A figure is NAME.gp, NAME.dat and, once gnuplot has run, one SVG for each
// of its panels: NAME-01.svg, … Panels are small (PANEL_WIDTH units wide with
// 11-unit type), so that one fits a telephone and several fit a desk.
#ifndef SERIALBENCH_FIGURE_H
#define SERIALBENCH_FIGURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "report_data.h"

#define PANEL_WIDTH 384
#define GROUPED_PANELS 1024 /* those beyond have no group */

/* gnuplot's SVG has no weights; the page knows headings by their size. */
#define TITLE_FONT "sans-serif,12.5"
#define HEADING_FONT "sans-serif,11.5"

struct figure {
	const char *name;
	size_t panels; /* 0: nothing to draw, and no files */
	bool drawn; /* the SVG files are there */
	/* Of each panel its workload, a text of the report's data. */
	const char *groups[GROUPED_PANELS];
};

/* The group of a panel, from 1: panels of one stand together. "" where there
 * is none. */
const char *figure_group(const struct figure *figure, size_t panel);

/* Both files of a figure while they are being written. */
struct figure_files {
	FILE *script, *numbers;
};

/* Opens NAME.gp and NAME.dat in a directory; the first lines of each say what
 * it is. columns describes the .dat. 0, or -1 with errno. */
int figure_open(struct figure_files *files, const char *directory,
	const char *name, const char *columns);

/* Begins the next panel: terminal, output, title, margins in units. group may
 * be NULL. */
struct panel_box {
	int height, left, right, top, bottom;
	bool round; /* ends of lines */
};
void figure_panel(struct figure_files *files, struct figure *figure,
	const struct panel_box *box, const char *title, const char *group);

/* Writes a text in gnuplot's single quotes, at most limit characters long;
 * control characters become blanks. */
void figure_quote(FILE *script, const char *text, size_t limit);

/* Ticks of a log axis that stand apart: from 1 outwards over round ratios,
 * leaving out those that would touch the one before. */
void figure_ratio_tics(FILE *script, double low, double high);

/* One of the key's entries at the bottom of a panel, and how high all of them
 * are. style NULL: the ideal line. */
struct variant_style;
void figure_key(FILE *script, int entry, int entries, int height,
	const char *name, const struct variant_style *style);
int figure_key_height(int entries);

/* Closes both. 0, or -1 with errno where anything was not written. */
int figure_close(struct figure_files *files);

/* The figures. Each writes its .gp and .dat into the directory. 0, or -1 with
 * errno. */
int plot_forest(struct figure *figure, const struct report_data *data,
	const char *directory);
int plot_controls(struct figure *figure, const struct report_data *data,
	const char *directory);
int plot_throughput(struct figure *figure, const struct report_data *data,
	const char *directory);
int plot_run(struct figure *figure, const struct report_data *data,
	const char *directory);
int plot_contention(struct figure *figure, const struct report_data *data,
	const char *directory);
int plot_power(struct figure *figure, const struct report_data *data,
	const char *directory);
int plot_ledger(struct figure *figure, const struct report_data *data,
	const char *directory);
int plot_memory(struct figure *figure, const struct report_data *data,
	const char *directory);
int plot_latency(struct figure *figure, const struct report_data *data,
	const char *directory);

#endif /* SERIALBENCH_FIGURE_H */
