// SPDX-License-Identifier: MIT
//
// The power curve: how often each planted slowdown was found, counted from the
// certificate's experiments.
#ifndef SERIALBENCH_CERTIFICATE_POINTS_H
#define SERIALBENCH_CERTIFICATE_POINTS_H

#include "report_data.h"

/* Experiments on one number of threads with one planted slowdown. With none,
 * found is called different. */
struct certificate_point {
	unsigned threads;
	double planted; /* share; 0 is identical code */
	size_t experiments, found;
	double low, high; /* Wilson's 95 % interval of found / experiments */
};

struct certificate_points {
	struct certificate_point *points; /* by threads, then planted */
	size_t count;
};

/* Of a quiet machine. None where there is no certificate. 0, or -1 without
 * memory. */
int certificate_points_init(
	struct certificate_points *points, const struct report_data *data);

void certificate_points_finish(struct certificate_points *points);

#endif /* SERIALBENCH_CERTIFICATE_POINTS_H */
