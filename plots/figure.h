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

/* gnuplot's SVG has no weights; the page knows headings by their size. */
#define TITLE_FONT "sans-serif,12.5"
#define HEADING_FONT "sans-serif,11.5"

struct figure {
	const char *name;
	size_t panels; /* 0: nothing to draw, and no files */
	bool drawn; /* the SVG files are there */
};

/* Both files of a figure while they are being written. */
struct figure_files {
	FILE *script, *numbers;
};

/* Opens NAME.gp and NAME.dat in a directory; the first lines of each say what
 * it is. columns describes the .dat. 0, or -1 with errno. */
int figure_open(struct figure_files *files, const char *directory,
	const char *name, const char *columns);

/* Begins the next panel: terminal, output, title, margins in units. */
struct panel_box {
	int height, left, right, top, bottom;
};
void figure_panel(struct figure_files *files, struct figure *figure,
	const struct panel_box *box, const char *title);

/* Writes a text in gnuplot's single quotes, at most limit characters long;
 * control characters become blanks. */
void figure_quote(FILE *script, const char *text, size_t limit);

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
int plot_memory(struct figure *figure, const struct report_data *data,
	const char *directory);

#endif /* SERIALBENCH_FIGURE_H */
