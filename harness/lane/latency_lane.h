// SPDX-License-Identifier: MIT
//
// The runner's side of a worker that times single calls (LANE_LATENCY).
#ifndef SERIALBENCH_LATENCY_LANE_H
#define SERIALBENCH_LATENCY_LANE_H

#include "lane.h"

/* Ticks of tsc_read() in a nanosecond of clock_now(); takes 20 ms. */
double latency_ticks_per_ns(void);

/*
 * One turn of `ops` operations of each thread, which alone is what the
 * histograms then hold: in closed loop calls, where `period_ticks` is 0, else
 * whole operations in open loop. `seed` draws the calls that are timed. 0, or
 * -1 with the lane's status and message.
 */
int latency_turn(struct lane *lane, uint64_t seed, uint64_t period_ticks,
	uint64_t ops, uint64_t deadline_ns);

/* What all threads of the lane saw of an operation, added up. */
void latency_sum(struct latency_histogram *sum, struct lane *lane,
	enum latency_operation operation);

/* "alloc", "realloc", "free", "operation". */
const char *latency_operation_name(enum latency_operation operation);

#endif /* SERIALBENCH_LATENCY_LANE_H */
