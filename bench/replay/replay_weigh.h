// SPDX-License-Identifier: MIT
//
// A replay where a footprint is measured: all threads stop at the moment when
// the recorded program had asked for most bytes. What the replay keeps for
// itself is not resident then.
#ifndef SERIALBENCH_REPLAY_WEIGH_H
#define SERIALBENCH_REPLAY_WEIGH_H

#include "replay_shared.h"

/* Address space for all slots that there may be; NULL where there is none. */
struct replay_slot *replay_map_table(const struct replay_shared *shared);

/* Accepts NULL. */
void replay_unmap_table(struct replay_slot *table);

/* Every thread has come to the moment: counts its blocks and has them
 * weighed. */
void replay_weigh(struct workload_thread *thread);

/* Hooks of the workload: as counted. */
uint64_t replay_live_bytes(const struct workload_thread *thread);
void replay_live_blocks(
	const struct workload_thread *thread, struct workload_blocks *blocks);

#endif /* SERIALBENCH_REPLAY_WEIGH_H */
