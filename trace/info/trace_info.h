// SPDX-License-Identifier: MIT
//
// serialbench trace info: what a trace is made of, as text and as figures.
#ifndef SERIALBENCH_TRACE_INFO_H
#define SERIALBENCH_TRACE_INFO_H

#include <stdio.h>

#include "compare.h"
#include "error_text.h"
#include "trace_summary.h"

/* Prints everything that was found. The caller looks at the stream's errors.
 * 0, or -1 where there is no memory. */
int trace_info_print(const struct trace_reader *reader,
	const struct trace_summary *summary, enum table_format format,
	FILE *out);

/*
 * Makes a folder with live.csv, sizes.csv and lifetimes.csv, and by gnuplot an
 * SVG of each. 0; 1 where there is no gnuplot: the CSVs and the script are
 * there all the same; -1 with error: the folder could not be made; -2 with
 * error: it could not be filled.
 */
int trace_info_plots(const struct trace_summary *summary, const char *folder,
	struct error *error);

#endif /* SERIALBENCH_TRACE_INFO_H */
