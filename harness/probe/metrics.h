// SPDX-License-Identifier: MIT
//
// metrics.csv: figures that have no column of their own, in long form.
#ifndef SERIALBENCH_METRICS_H
#define SERIALBENCH_METRICS_H

#include "csv_writer.h"

#define METRICS_HEADER "metric,cell,variant,value,unit,note"

/* Writes one row; `cell`, `variant` and `note` may be NULL. 0, or -1 with
 * errno. */
int metric_write(struct csv_writer *metrics, const char *metric,
	const char *cell, const char *variant, double value, const char *unit,
	const char *note);

#endif /* SERIALBENCH_METRICS_H */
