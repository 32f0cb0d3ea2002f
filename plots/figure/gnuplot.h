// SPDX-License-Identifier: MIT
//
// Runs gnuplot and takes its pictures into a page.
#ifndef SERIALBENCH_GNUPLOT_H
#define SERIALBENCH_GNUPLOT_H

#include <stdio.h>

#include "csv_table.h"
#include "error_text.h"

/* Seconds until a gnuplot that does not end is killed: 60, and less in
 * tests. */
extern unsigned gnuplot_deadline_s;

/*
 * Runs "gnuplot SCRIPT" in a directory and waits for it. 0; 1 where there is
 * no gnuplot on the PATH; -1 with error where it failed, with its own first
 * line of complaint; -2 with error where it did not end.
 */
int gnuplot_run(const char *directory, const char *script, struct error *error);

/*
 * Copies an SVG file of gnuplot into a page: without the XML prolog and
 * titles, ids and references prefixed (gnuplot gives the same ids in every
 * file), known colours as CSS variables. alt is read aloud instead of it.
 * 0, or -1 with errno.
 */
int svg_embed(
	FILE *page, const char *path, const char *prefix, const char *alt);

#endif /* SERIALBENCH_GNUPLOT_H */
