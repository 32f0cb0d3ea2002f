// SPDX-License-Identifier: MIT
//
// A log-linear histogram of times in memory of a fixed size: exact below
// LATENCY_LINEAR ticks, then LATENCY_LINEAR buckets to each doubling, so that
// a bucket is at most 1/LATENCY_LINEAR of its time wide. (As in G. Tene's
// HdrHistogram.) Not thread-safe: a thread counts into its own.
#ifndef SERIALBENCH_LATENCY_HISTOGRAM_H
#define SERIALBENCH_LATENCY_HISTOGRAM_H

#include <stdint.h>

#include "compiler.h"

#define LATENCY_LINEAR_BITS 5
#define LATENCY_LINEAR (1u << LATENCY_LINEAR_BITS)
#define LATENCY_BUCKETS ((64 - LATENCY_LINEAR_BITS + 1) * LATENCY_LINEAR)

struct latency_histogram {
	uint64_t total; /* counts */
	uint64_t max; /* ticks, exact */
	uint64_t counts[LATENCY_BUCKETS];
};

ALWAYS_INLINE unsigned latency_bucket(uint64_t ticks)
{
	unsigned shift;

	if (ticks < LATENCY_LINEAR)
		return (unsigned)ticks;
	shift = 63 - (unsigned)__builtin_clzll(ticks) - LATENCY_LINEAR_BITS;
	return shift * LATENCY_LINEAR + (unsigned)(ticks >> shift);
}

/* Measured code. */
ALWAYS_INLINE void latency_count(
	struct latency_histogram *histogram, uint64_t ticks)
{
	histogram->counts[latency_bucket(ticks)]++;
	histogram->total++;
	if (ticks > histogram->max)
		histogram->max = ticks;
}

/* Adds what another one counted. */
void latency_add(struct latency_histogram *sum,
	const struct latency_histogram *histogram);

/* The least time of a bucket. */
uint64_t latency_bucket_ticks(unsigned bucket);

/*
 * The time that at least one call in `one_in` takes or exceeds, as the least of
 * its bucket: 2 gives the median, 10000 the 99.99th percentile. 0 where nothing
 * was counted.
 */
uint64_t latency_reached_by(
	const struct latency_histogram *histogram, uint64_t one_in);

#endif /* SERIALBENCH_LATENCY_HISTOGRAM_H */
