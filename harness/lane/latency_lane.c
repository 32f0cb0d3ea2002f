// SPDX-License-Identifier: MIT
#include "latency_lane.h"

#include <string.h>

#include "clock.h"
#include "prng.h"
#include "tsc.h"

#define CLOCK_LOOK_NS 20000000

double latency_ticks_per_ns(void)
{
	uint64_t ns = clock_now(), ticks = tsc_read();

	while (clock_now() - ns < CLOCK_LOOK_NS)
		;
	ticks = tsc_read() - ticks;
	return (double)ticks / (double)(clock_now() - ns);
}

/* In open loop no call is timed: that would be part of the operation. */
static void clear(struct latency_place *place, uint64_t seed, bool closed)
{
	memset(place->seen, 0, sizeof(place->seen));
	place->due = 0;
	place->random = prng_mix(seed);
	place->calls_left = closed ? 1 : UINT64_MAX;
}

int latency_turn(struct lane *lane, uint64_t seed, uint64_t period_ticks,
	uint64_t ops, uint64_t deadline_ns)
{
	for (unsigned i = 0; i < lane->shared->setup.threads; i++)
		clear(lane_latency(lane->shared, i), seed + i + 1,
			period_ticks == 0);
	lane->shared->period_ticks = period_ticks;
	lane_order(lane, ACTION_TURN, 0, ops);
	return lane_wait(lane, deadline_ns);
}

void latency_sum(struct latency_histogram *sum, struct lane *lane,
	enum latency_operation operation)
{
	memset(sum, 0, sizeof(*sum));
	for (unsigned i = 0; i < lane->shared->setup.threads; i++)
		latency_add(
			sum, &lane_latency(lane->shared, i)->seen[operation]);
}

const char *latency_operation_name(enum latency_operation operation)
{
	static const char *const names[LATENCY_OPERATIONS] = {
		"alloc", "realloc", "free", "operation"};

	return names[operation];
}
