// SPDX-License-Identifier: MIT
//
// The launches of a run along its time: what the run chart draws and its table
// lists.
#ifndef SERIALBENCH_RUN_CHART_H
#define SERIALBENCH_RUN_CHART_H

#include <stdbool.h>
#include <stddef.h>

#include "report_data.h"

#define CHART_VARIANTS 24
#define CHART_WINDOW 41 /* launches of the running median; odd */

struct run_chart {
	const struct report_data *data;
	size_t count; /* launches, as in data->trials */
	double *minutes; /* of each launch since the first; pauses shortened */
	double *pauses; /* the minutes at which one was */
	size_t pause_count;
	bool timed; /* else minutes[] are places in the file */

	/* A′ first, then the schemes; neither baseline nor controls. */
	const char *variants[CHART_VARIANTS];
	size_t variant_count;
};

/* 0, or -1 without memory; finish it in both cases. */
int run_chart_init(struct run_chart *chart, const struct report_data *data);

/*
 * One number for each launch into values[count]: the logarithm of the
 * baseline's time (variant NULL) or of a variant's paired ratio; with
 * `centred` less its median over the launches of the same cell. NaN where
 * there is none. 0, or -1 without memory.
 */
int run_chart_series(const struct run_chart *chart, const char *variant,
	bool centred, double *values);

/* The median of the values of the launches around one, NaN left aside. */
double run_chart_running_median(
	const struct run_chart *chart, const double *values, size_t at);

void run_chart_finish(struct run_chart *chart);

#endif /* SERIALBENCH_RUN_CHART_H */
