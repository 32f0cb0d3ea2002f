// SPDX-License-Identifier: MIT
//
// latency.csv by variant: its percentiles side by side.
#ifndef SERIALBENCH_LATENCY_ROWS_H
#define SERIALBENCH_LATENCY_ROWS_H

#include "report_data.h"

/* 50, 90, 99, 99.9, 99.99, 100. */
#define LATENCY_POINTS 6

/* NaN where the file has none. The texts are the table's. */
struct latency_row {
	const char *cell, *loop, *operation, *variant;
	struct cell_name name;
	double samples, clock_ns, period_ns;
	double ns[LATENCY_POINTS], low[LATENCY_POINTS], high[LATENCY_POINTS];
	double ratio[LATENCY_POINTS]; /* over the baseline */
	double ratio_low[LATENCY_POINTS], ratio_high[LATENCY_POINTS];
};

struct latency_rows {
	struct latency_row *rows; /* by cell, loop, operation, variant */
	size_t count;
};

/* 0, or -1 without memory. */
int latency_rows_init(
	struct latency_rows *rows, const struct report_data *data);

/* Whether two rows are of one panel: all but the variant is the same. */
bool latency_rows_same_panel(
	const struct latency_row *a, const struct latency_row *b);

/* "50", …, "max". */
const char *latency_point_name(int point);

void latency_rows_finish(struct latency_rows *rows);

#endif /* SERIALBENCH_LATENCY_ROWS_H */
