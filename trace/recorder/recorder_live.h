// SPDX-License-Identifier: MIT
//
// What is live, and the most that was. Each thread counts what it allocates
// and frees by itself, so that no operation waits for another thread's cache
// line; when its own bytes rise or fall by a part of the peak, or its buffer is
// full, a thread adds up what all have. The peak is exact as long as the others
// stand still between a thread's two sums; else each thread may have up to that
// part that no sum has seen.
#ifndef SERIALBENCH_RECORDER_LIVE_H
#define SERIALBENCH_RECORDER_LIVE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "compiler.h"

struct recorder_thread;

/* Of one thread, which alone writes it; those of all add up to what is live.
 * One that frees what others allocated goes below zero. */
struct recorder_live {
	_Atomic int64_t bytes, blocks;
	_Atomic int64_t most_bytes; /* since this one added up all */
	_Atomic int64_t blocks_then;
	_Atomic int64_t floor, limit; /* beyond which it is to do so again */
	int64_t others_bytes, others_blocks; /* when it did so last */
};

/* Adds up what all threads have. Of the thread, or of one that sees to its end
 * or to the recording's. */
void recorder_live_add_up(struct recorder_thread *thread);

/* The thread now has more bytes than it had since it added up all. Returns the
 * block. */
void *recorder_live_rises(
	struct recorder_live *live, int64_t bytes, void *block);

/* It has less than the floor. */
void recorder_live_falls(struct recorder_live *live);

/* There is another thread now: this one, which may run, is soon to add up. */
void recorder_live_stand_beside(struct recorder_thread *thread);

ALWAYS_INLINE int64_t recorder_live_add(_Atomic int64_t *number, int64_t step)
{
	step += atomic_load_explicit(number, memory_order_relaxed);
	atomic_store_explicit(number, step, memory_order_relaxed);
	return step;
}

/* Counts what the thread allocated, and raises the most that it had. Returns
 * the block, so that a caller that returns it, too, has nothing to keep
 * meanwhile. */
ALWAYS_INLINE void *recorder_live_raise(
	struct recorder_live *live, int64_t blocks, int64_t bytes, void *block)
{
	add_as_owner(&live->blocks, blocks);
	bytes = recorder_live_add(&live->bytes, bytes);
	if (LIKELY(bytes <= atomic_load_explicit(
				    &live->most_bytes, memory_order_relaxed)))
		return block;
	return recorder_live_rises(live, bytes, block);
}

/* Counts one that it freed. False where recorder_live_falls() is to follow. */
ALWAYS_INLINE bool recorder_live_lower(
	struct recorder_live *live, int64_t bytes)
{
	add_as_owner(&live->blocks, -1);
	bytes = recorder_live_add(&live->bytes, -bytes);
	return LIKELY(bytes >=
		atomic_load_explicit(&live->floor, memory_order_relaxed));
}

#endif /* SERIALBENCH_RECORDER_LIVE_H */
