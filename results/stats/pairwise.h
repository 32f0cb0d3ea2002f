// SPDX-License-Identifier: MIT
//
// Order statistics of the sums a_i + b_j of two samples, or of their
// differences a_i − b_j. Inside results/ only. Thread-safe.
#ifndef SERIALBENCH_PAIRWISE_H
#define SERIALBENCH_PAIRWISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pairs {
	const double *a, *b; /* sorted upwards */
	size_t n, m; /* of them */
	bool negate; /* differences a_i − b_j */
	bool half; /* a is b, and only pairs with i ≤ j count */
};

/* The k-th smallest from 0; there are more than k. O(n + m). */
double pairs_select(const struct pairs *pairs, uint64_t k);

/* NaN where there are none. */
double pairs_median(const struct pairs *pairs);

#endif /* SERIALBENCH_PAIRWISE_H */
