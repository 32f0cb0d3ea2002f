// SPDX-License-Identifier: MIT
#include "latency_histogram.h"

uint64_t latency_bucket_ticks(unsigned bucket)
{
	unsigned shift = bucket / LATENCY_LINEAR;

	if (shift <= 1)
		return bucket;
	shift--;
	return (uint64_t)(bucket - shift * LATENCY_LINEAR) << shift;
}

void latency_add(struct latency_histogram *sum,
	const struct latency_histogram *histogram)
{
	sum->total += histogram->total;
	if (histogram->max > sum->max)
		sum->max = histogram->max;
	for (unsigned i = 0; i < LATENCY_BUCKETS; i++)
		sum->counts[i] += histogram->counts[i];
}

uint64_t latency_reached_by(
	const struct latency_histogram *histogram, uint64_t one_in)
{
	/* The least count that is one in so many, rounded up. */
	uint64_t wanted =
		histogram->total / one_in + (histogram->total % one_in != 0);
	uint64_t reached = 0;

	if (histogram->total == 0)
		return 0;
	for (unsigned bucket = LATENCY_BUCKETS; bucket > 0; bucket--) {
		reached += histogram->counts[bucket - 1];
		if (reached >= wanted)
			return latency_bucket_ticks(bucket - 1);
	}
	return 0;
}
