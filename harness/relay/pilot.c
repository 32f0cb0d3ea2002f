// SPDX-License-Identifier: MIT
#include "pilot.h"

#include <math.h>
#include <string.h>

#include "statistics.h"

/* A first guess is trusted from this length of a turn on. */
#define TRUSTED_NS 50000
/* An operation that takes this long is a turn: 64 of it would take seconds. */
#define LONG_OPERATION_NS 1000000
#define LONGEST_TURNS 8
#define QUICKEST_OF 3
#define TRIES 5
#define AGREEMENT 1.02

/* The quickest of a few turns: what disturbs a turn only ever lengthens it. */
static int quickest_turn(
	struct relay *relay, unsigned lane, uint64_t ops, uint64_t *wall_ns)
{
	struct turn_result turn;

	*wall_ns = UINT64_MAX;
	for (unsigned i = 0; i < QUICKEST_OF; i++) {
		if (relay_turn(relay, lane, ops / 4, ops, &turn) != 0)
			return -1;
		if (turn.wall_ns < *wall_ns)
			*wall_ns = turn.wall_ns;
	}
	return 0;
}

/* As many operations as a turn needs to be trusted, from 64, by doubling. */
static int double_operations(
	struct relay *relay, unsigned lane, uint64_t *ops, uint64_t *wall_ns)
{
	*ops = 32;
	do {
		*ops *= 2;
		if (quickest_turn(relay, lane, *ops, wall_ns) != 0)
			return -1;
	} while (*wall_ns < TRUSTED_NS && *ops < (uint64_t)1 << 32);
	return 0;
}

/* Wall ns of one operation of each thread. */
static int calibrate_lane(
	struct relay *relay, unsigned lane, double *ns_of_step)
{
	uint64_t ops = 1, wall_ns;

	if (quickest_turn(relay, lane, ops, &wall_ns) != 0)
		return -1;
	if (wall_ns < LONG_OPERATION_NS &&
		double_operations(relay, lane, &ops, &wall_ns) != 0)
		return -1;
	*ns_of_step = (double)wall_ns / (double)ops;
	return 0;
}

static double aimed_ns(const struct relay *relay)
{
	const struct workload *workload =
		workload_find(relay->cell->workload_name);
	double turn_ns = relay->plan->request->turn_us * 1000.0;

	return workload->uniform ? turn_ns : PILOT_LONG * turn_ns;
}

static int calibrate(struct relay *relay, struct pilot_result *result)
{
	double turn_ns = aimed_ns(relay);
	double logs = 0, slowest = 0;

	for (unsigned i = 0; i < relay->lane_count; i++) {
		double ns = 0;

		if (calibrate_lane(relay, i, &ns) != 0)
			return -1;
		logs += log(ns);
		slowest = ns > slowest ? ns : slowest;
	}
	result->ops = (uint64_t)fmax(1,
		fmin(turn_ns / exp(logs / relay->lane_count),
			LONGEST_TURNS * turn_ns / slowest));
	return 0;
}

/* Median over a few turns of the first lane, alone or between the others'. */
static int try_baseline(struct relay *relay, const struct pilot_result *pilot,
	uint64_t warmup_ops, bool alone, double *ns_per_op)
{
	double tries[TRIES];
	struct turn_result turn = {0};

	for (unsigned i = 0; i < TRIES; i++) {
		unsigned lanes = alone ? 1 : relay->lane_count;

		for (unsigned lane = lanes; lane > 0; lane--)
			if (relay_turn(relay, lane - 1, warmup_ops, pilot->ops,
				    &turn) != 0)
				return -1;
		tries[i] = turn.ns_per_op;
	}
	*ns_per_op = median(tries, TRIES);
	return 0;
}

static int size_warmup(struct relay *relay, struct pilot_result *pilot)
{
	if (try_baseline(relay, pilot, pilot->ops, true,
		    &pilot->alone_ns_per_op) != 0)
		return -1;
	pilot->warmup_ops = pilot->ops / 4 + 1;
	for (;;) {
		if (try_baseline(relay, pilot, pilot->warmup_ops, false,
			    &pilot->relay_ns_per_op) != 0)
			return -1;
		if (pilot->relay_ns_per_op <=
				AGREEMENT * pilot->alone_ns_per_op ||
			pilot->warmup_ops * 2 > pilot->ops)
			return 0;
		pilot->warmup_ops *= 2;
	}
}

int pilot_run(struct relay *relay, struct plan_cell *cell,
	struct pilot_result *result)
{
	int status = -1;

	memset(result, 0, sizeof(*result));
	if (relay_begin(relay) == 0 && calibrate(relay, result) == 0 &&
		size_warmup(relay, result) == 0)
		status = 0;
	cell->ops = result->ops;
	cell->warmup_ops = result->warmup_ops;
	cell->alone_ns_per_op = result->alone_ns_per_op;
	cell->relay_ns_per_op = result->relay_ns_per_op;
	return status;
}
