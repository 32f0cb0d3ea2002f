// SPDX-License-Identifier: MIT
//
// What the workload trace keeps: its parameters, what all threads share, what
// each has of its own.
#ifndef SERIALBENCH_REPLAY_SHARED_H
#define SERIALBENCH_REPLAY_SHARED_H

#include "replay_worker.h"
#include "workload.h"

/* Indexes of the parameters. */
enum { REPLAY_FILE, REPLAY_COPIES, REPLAY_THINK, REPLAY_PACE, REPLAY_WINDOW };

/* Behind it in the shared bytes: a table of slots for each copy, then the
 * progress of each thread. */
struct replay_shared {
	struct replay_feed feed;
	unsigned copies, workers; /* of a copy */
	uint32_t slots; /* of each table that are in memory */
	bool failed; /* there is no next window */
	bool weighs; /* a footprint is measured */
	_Alignas(CACHELINE) _Atomic uint64_t arrivals; /* of all threads */
	_Alignas(CACHELINE) _Atomic uint64_t refills; /* in turns */
	struct replay_slot *tables[];
};

/* Behind it: before and seen of the worker. */
struct replay_own {
	struct replay_worker worker;
	uint64_t goal; /* half operations asked for so far */
	uint64_t meetings, refills;
	uint32_t sampled; /* of its slots, where the next verify begins */
	/* Half operations where the thread's blocks are weighed; none, or no
	 * more: UINT64_MAX. Then what they are. */
	uint64_t weigh_at;
	uint64_t live_bytes;
	struct workload_blocks live_blocks;
};

/* All threads come to this point before one goes on. */
void replay_meet(struct workload_thread *thread);

#endif /* SERIALBENCH_REPLAY_SHARED_H */
