// SPDX-License-Identifier: MIT
//
// One launch of one cell: a lane for every variant, all alive at once on the
// same PUs, taking short turns in an order drawn afresh for each round.
#ifndef SERIALBENCH_RELAY_H
#define SERIALBENCH_RELAY_H

#include "lane.h"
#include "plan.h"

struct relay {
	const struct plan *plan;
	const struct plan_cell *cell;
	const struct plan_launch *launch;
	const struct topology *topology;
	uint64_t deadline_ns; /* of any single answer */
	enum lane_job job; /* LANE_TURNS (0), or another that takes turns */
	uint64_t one_in; /* LANE_LATENCY */
	unsigned pus[TOPOLOGY_MAX_THREADS];
	char pus_text[RECORD_TEXT];
	bool all_lanes; /* also those that do not ride in this launch */
	struct lane lanes[LATIN_MAX];
	const struct alloc_backend *variants[LATIN_MAX]; /* of the lanes */
	const struct allocator *runs_on[LATIN_MAX]; /* as each has to prove */
	unsigned lane_count;
	uint64_t steal_seen; /* ticks, when the last turn ended */
	int failed_lane; /* whose status ended the launch, or -1 */
};

/* Starts all lanes and waits until they stand ready. 0, or -1 with
 * failed_lane. */
int relay_begin(struct relay *relay);

/* One turn of one lane. 0, or -1 with failed_lane. */
int relay_turn(struct relay *relay, unsigned lane, uint64_t warmup_ops,
	uint64_t ops, struct turn_result *turn);

/* Lets every lane verify its blocks and free them all, which checks their
 * guards; no turn can follow. 0, or -1 with failed_lane. */
int relay_verify(struct relay *relay);

/* Ends all lanes. Accepts a zeroed relay. */
void relay_end(struct relay *relay);

/* Fills a row that says how the relay's failed lane failed. */
void relay_failure(const struct relay *relay, struct trial *row);

/*
 * Runs a whole launch of the cell's rounds and gives one trial per lane and
 * round in `rows` (room for one more than rounds × lanes), in the order in
 * which they ran, with the exclusion rule applied; run_id and what else is the
 * run's is left to the caller. A lane that fails ends the launch: one row
 * carries its status, the last or, where it miscounted, its own of the last
 * round. Returns the number of rows; 0 where a stop was asked for.
 */
size_t relay_run(struct relay *relay, struct trial *rows);

#endif /* SERIALBENCH_RELAY_H */
