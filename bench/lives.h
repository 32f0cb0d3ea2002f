// SPDX-License-Identifier: MIT
//
// Lives of a fixed number of operations: at the end of one the thread dies,
// and a new one goes on.
#ifndef SERIALBENCH_LIVES_H
#define SERIALBENCH_LIVES_H

#include "workload.h"

/* How many of the operations that are asked for are of this life, of which
 * `lived` are over; with a life of 0 there is no end. */
static inline uint64_t life_left(
	uint64_t life, uint64_t lived, uint64_t operations)
{
	return life > 0 && operations > life - lived ? life - lived
						     : operations;
}

/*
 * `now` more operations of this life are done. A thread whose life is over
 * does nothing any more but die: where a life ends with a run, that is in the
 * next run, so that a birth is in one turn and its cost is counted once.
 * Returns what run() returns.
 */
static inline uint64_t life_spend(struct workload_thread *thread,
	uint64_t *lived, uint64_t now, uint64_t operations)
{
	*lived += now;
	if (now < operations) {
		*lived = 0;
		thread->instance->host->end_thread(thread);
	}
	return now;
}

#endif /* SERIALBENCH_LIVES_H */
