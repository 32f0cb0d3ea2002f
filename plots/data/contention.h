// SPDX-License-Identifier: MIT
//
// Contention slowdown: what an operation costs at T threads over what it costs
// at one, and the part of it that the serial adds.
#ifndef SERIALBENCH_CONTENTION_H
#define SERIALBENCH_CONTENTION_H

#include "report_data.h"

/* One variant at one number of threads above 1. */
struct contention_row {
	const struct trial_point *one, *many;
	double slowdown; /* ns_per_op at T over ns_per_op at 1 */
	/* Paired ratio to the baseline at T over that at 1: the slowdown over
	 * the baseline's, from ratios within launches. NaN without them. */
	double part;
	bool most; /* the most threads of its workload and allocator */
};

struct contention {
	struct contention_row *rows; /* by panel, variant, threads */
	size_t count;
};

/* Of the headline cells; without null, which has no allocator to contend for.
 * 0, or -1 without memory. */
int contention_init(
	struct contention *contention, const struct report_data *data);

void contention_finish(struct contention *contention);

#endif /* SERIALBENCH_CONTENTION_H */
