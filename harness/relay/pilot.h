// SPDX-License-Identifier: MIT
//
// A short try of a cell before its first launch: how many operations make a
// turn, and how long the untimed warm-up has to be.
#ifndef SERIALBENCH_PILOT_H
#define SERIALBENCH_PILOT_H

#include "relay.h"

/* Turns of a workload that is not uniform are so many times as long. */
#define PILOT_LONG 2

struct pilot_result {
	uint64_t ops, warmup_ops; /* of a thread and turn */
	double alone_ns_per_op; /* baseline lane, turn after turn */
	double relay_ns_per_op; /* the same between the other lanes' turns */
};

/*
 * Sets what of the cell is from the pilot. `relay` has plan, cell, launch,
 * topology and deadline filled in. The rule sees all lanes alike: the
 * geometric mean of their turns is turn_us, or PILOT_LONG times that where the
 * workload is not uniform, and none is above eight times as long; the warm-up
 * grows from a quarter turn until the baseline's turn costs
 * in the relay what it costs alone (within 2 %), a whole turn at most.
 * 0, or -1 with relay->failed_lane.
 */
int pilot_run(struct relay *relay, struct plan_cell *cell,
	struct pilot_result *result);

#endif /* SERIALBENCH_PILOT_H */
