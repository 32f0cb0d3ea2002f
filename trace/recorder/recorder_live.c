// SPDX-License-Identifier: MIT
#include "recorder_live.h"

#include <stddef.h>

#include "recorder.h"

/* How far a thread's bytes may go before all are added up: a part of the
 * peak, and not each block while that is small. */
#define PARTS 256
#define LEAST_BYTES 4096

static int64_t load(const _Atomic int64_t *number)
{
	return atomic_load_explicit(number, memory_order_relaxed);
}

static void store(_Atomic int64_t *number, int64_t value)
{
	atomic_store_explicit(number, value, memory_order_relaxed);
}

/* Two threads that raise it at once may leave the blocks of the lower one. */
static void raise_peak(int64_t bytes, int64_t blocks)
{
	struct trace_tally *tally = &recorder->store->tally;
	int64_t before = load(&tally->peak_bytes);

	while (bytes > before)
		if (atomic_compare_exchange_weak_explicit(&tally->peak_bytes,
			    &before, bytes, memory_order_relaxed,
			    memory_order_relaxed)) {
			store(&tally->peak_blocks, blocks);
			return;
		}
}

/* The most that the thread had, with what the others had before or have now:
 * the less of both, since it is not known which they had then. */
static void raise_to_most(
	const struct recorder_live *live, int64_t bytes, int64_t blocks)
{
	if (live->others_bytes < bytes) {
		bytes = live->others_bytes;
		blocks = live->others_blocks;
	}
	raise_peak(load(&live->most_bytes) + bytes,
		load(&live->blocks_then) + blocks);
}

/* There was no other thread yet: what it has is what all have. */
static bool is_alone(const struct recorder_thread *thread)
{
	return atomic_load(&recorder->all) == thread && thread->next == NULL;
}

void recorder_live_add_up(struct recorder_thread *thread)
{
	const struct recorder_thread *other = atomic_load(&recorder->all);
	struct recorder_live *live = &thread->live;
	int64_t own_bytes = load(&live->bytes), bytes = 0, blocks = 0, part;
	int64_t own_blocks = load(&live->blocks);

	for (; other != NULL; other = other->next)
		if (other != thread) {
			bytes += load(&other->live.bytes);
			blocks += load(&other->live.blocks);
		}
	raise_to_most(live, bytes, blocks);
	raise_peak(own_bytes + bytes, own_blocks + blocks);
	live->others_bytes = bytes;
	live->others_blocks = blocks;
	store(&live->blocks_then, own_blocks);
	store(&live->most_bytes, own_bytes);
	part = load(&recorder->store->tally.peak_bytes) / PARTS;
	part = part > LEAST_BYTES ? part : LEAST_BYTES;
	store(&live->limit, own_bytes + part);
	store(&live->floor, own_bytes - part);
	if (is_alone(thread))
		store(&live->floor, INT64_MIN);
}

void recorder_live_stand_beside(struct recorder_thread *thread)
{
	store(&thread->live.floor, INT64_MAX);
}

static struct recorder_thread *thread_of(struct recorder_live *live)
{
	return (struct recorder_thread *)(void *)((char *)live -
		offsetof(struct recorder_thread, live));
}

void *recorder_live_rises(
	struct recorder_live *live, int64_t bytes, void *block)
{
	store(&live->most_bytes, bytes);
	store(&live->blocks_then, load(&live->blocks));
	if (bytes > load(&live->limit) && !is_alone(thread_of(live)))
		recorder_live_add_up(thread_of(live));
	return block;
}

void recorder_live_falls(struct recorder_live *live)
{
	recorder_live_add_up(thread_of(live));
}
