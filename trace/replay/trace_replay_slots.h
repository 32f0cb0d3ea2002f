// SPDX-License-Identifier: MIT
//
// Slots of one worker of a replay: those it freed itself come back first, the
// last one first, since they are in its cache. What another worker freed waits
// in a queue, since its use has to wait for that worker. Inside trace/ only.
#ifndef SERIALBENCH_TRACE_REPLAY_SLOTS_H
#define SERIALBENCH_TRACE_REPLAY_SLOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A slot with the word of another worker's stream that empties it. */
struct trace_remote_slot {
	uint32_t slot, worker;
	uint64_t word;
};

struct trace_slots {
	uint32_t *own;
	size_t own_count, own_limit;
	struct trace_remote_slot *remote; /* a ring */
	size_t remote_first, remote_count, remote_limit; /* a power of two */
	uint32_t next, end; /* of the numbers that were never used */
};

/* 0, or -1 where there is no memory. */
int trace_slots_give(struct trace_slots *slots, uint32_t slot);
int trace_slots_give_remote(
	struct trace_slots *slots, struct trace_remote_slot slot);

/* False where there is none. */
bool trace_slots_take(struct trace_slots *slots, uint32_t *slot);

/* The oldest of the queue, or NULL. */
const struct trace_remote_slot *trace_slots_oldest(
	const struct trace_slots *slots);

void trace_slots_drop_oldest(struct trace_slots *slots);

/* As it was before its first use; memory stays. */
void trace_slots_clear(struct trace_slots *slots);

/* Accepts NULL and zeroed slots. */
void trace_slots_finish(struct trace_slots *slots);

#endif /* SERIALBENCH_TRACE_REPLAY_SLOTS_H */
