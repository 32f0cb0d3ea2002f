// SPDX-License-Identifier: MIT
//
// malloc and its family: each call goes on to the program's allocator as it
// came and leaves one event. An allocation is written down before the program
// has the block, a free before the allocator has it.
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "block_table.h"
#include "recorder.h"

static void raise_peak(uint64_t bytes, uint64_t blocks)
{
	struct recorder_live *live = &recorder->live;
	uint64_t peak =
		atomic_load_explicit(&live->peak_bytes, memory_order_relaxed);

	while (bytes > peak)
		if (atomic_compare_exchange_weak_explicit(&live->peak_bytes,
			    &peak, bytes, memory_order_relaxed,
			    memory_order_relaxed)) {
			atomic_store_explicit(&live->peak_blocks, blocks,
				memory_order_relaxed);
			return;
		}
}

/* With one thread a count is a load and a store. */
ALWAYS_INLINE uint64_t count(_Atomic uint64_t *counter, uint64_t step)
{
	uint64_t sum;

	if (UNLIKELY(recorder->threaded))
		return step +
			atomic_fetch_add_explicit(
				counter, step, memory_order_relaxed);
	sum = atomic_load_explicit(counter, memory_order_relaxed) + step;
	atomic_store_explicit(counter, sum, memory_order_relaxed);
	return sum;
}

ALWAYS_INLINE void count_live(uint64_t blocks, uint64_t bytes)
{
	struct recorder_live *live = &recorder->live;
	uint64_t blocks_now = count(&live->blocks, blocks);
	uint64_t bytes_now = count(&live->bytes, bytes);

	if (bytes_now <= atomic_load_explicit(
				 &live->peak_bytes, memory_order_relaxed) ||
		(int64_t)bytes <= 0)
		return;
	if (UNLIKELY(recorder->threaded)) {
		raise_peak(bytes_now, blocks_now);
		return;
	}
	atomic_store_explicit(
		&live->peak_bytes, bytes_now, memory_order_relaxed);
	atomic_store_explicit(
		&live->peak_blocks, blocks_now, memory_order_relaxed);
}

/* Who owns the address from now on. */
ALWAYS_INLINE bool enter(const void *block, uint64_t id, size_t bytes)
{
	struct block_place *place = block_table_find(block);

	if (UNLIKELY(id == 0))
		return false; /* lost, and counted so */
	if (UNLIKELY(place == NULL))
		place = block_table_make(block);
	if (UNLIKELY(place == NULL)) {
		/* Its free will not be known. */
		atomic_fetch_add(&recorder_writer.lost, 1);
		return false;
	}
	place->id = id;
	place->bytes = bytes;
	return true;
}

/* What the program gets: a block that was not there before. */
ALWAYS_INLINE void *hand_out(void *block, uint64_t id, size_t bytes)
{
	if (LIKELY(block != NULL) && LIKELY(enter(block, id, bytes)))
		count_live(1, bytes);
	return block;
}

/* The block that an address was until now; its id is 0 for one that is not in
 * the trace. */
ALWAYS_INLINE struct block_place leave(const void *block)
{
	struct block_place *place = block_table_find(block);
	struct block_place old = {0, 0};

	if (LIKELY(place != NULL)) {
		old = *place;
		place->id = 0;
	}
	return old;
}

static enum trace_outcome outcome_of(const void *block)
{
	return LIKELY(block != NULL) ? TRACE_DONE : TRACE_FAILED;
}

PUBLIC void *malloc(size_t size)
{
	struct trace_buffer *buffer = recorder_buffer();
	void *block = next_calls.malloc(size);

	if (UNLIKELY(buffer == NULL))
		return block;
	return hand_out(block,
		trace_event_malloc(buffer, size, outcome_of(block)), size);
}

PUBLIC void *calloc(size_t count, size_t size)
{
	struct trace_buffer *buffer = recorder_buffer();
	void *block = next_calls.calloc(count, size);

	if (UNLIKELY(buffer == NULL))
		return block;
	return hand_out(block,
		trace_event_calloc(buffer, count, size, outcome_of(block)),
		count * size);
}

PUBLIC void free(void *block)
{
	struct trace_buffer *buffer = recorder_buffer();
	struct block_place old;

	if (UNLIKELY(block == NULL)) {
		if (buffer != NULL)
			trace_event_free(buffer, 0);
		return;
	}
	old = leave(block);
	if (LIKELY(old.id != 0) && LIKELY(buffer != NULL)) {
		trace_event_free(buffer, old.id);
		count_live((uint64_t)-1, -old.bytes);
	}
	next_calls.free(block);
}

/* A block of the trace, or NULL. */
static void *realloc_known(struct trace_buffer *buffer, void *block,
	struct block_place old, size_t size)
{
	void *moved = next_calls.realloc(block, size);
	enum trace_outcome outcome = outcome_of(moved);
	uint64_t id;

	if (moved == NULL && size == 0 && block != NULL)
		outcome = TRACE_FREED;
	id = trace_event_realloc(buffer, old.id, size, outcome);
	if (LIKELY(moved != NULL)) {
		enter(moved, id, size);
		count_live(block == NULL, size - old.bytes);
	} else if (outcome == TRACE_FREED) {
		count_live((uint64_t)-1, -old.bytes);
	} else if (block != NULL) {
		enter(block, old.id, old.bytes);
	}
	return moved;
}

PUBLIC void *realloc(void *block, size_t size)
{
	struct trace_buffer *buffer = recorder_buffer();
	struct block_place old = leave(block);
	void *moved;

	if (LIKELY(buffer != NULL) && (block == NULL || old.id != 0))
		return realloc_known(buffer, block, old, size);
	moved = next_calls.realloc(block, size);
	if (buffer == NULL || (moved == NULL && size == 0))
		return moved;
	return hand_out(moved,
		trace_event_malloc(buffer, size, outcome_of(moved)), size);
}

PUBLIC void *reallocarray(void *block, size_t count, size_t size)
{
	struct trace_buffer *buffer;
	struct block_place *place;
	size_t product;

	if (LIKELY(!__builtin_mul_overflow(count, size, &product)))
		return realloc(block, product);
	buffer = recorder_buffer();
	place = block_table_find(block);
	if (buffer != NULL &&
		(block == NULL || (place != NULL && place->id != 0)))
		trace_event_realloc(buffer, block == NULL ? 0 : place->id,
			SIZE_MAX, TRACE_FAILED);
	errno = ENOMEM;
	return NULL;
}

/* memalign() rounds an alignment up to a power of two; one that failed stands
 * as it was asked for. */
static void *hand_out_aligned(struct trace_buffer *buffer, void *block,
	enum trace_kind kind, size_t alignment, size_t size)
{
	size_t power = 1;

	while (power < alignment && power <= SIZE_MAX / 2)
		power *= 2;
	if (UNLIKELY(buffer == NULL))
		return block;
	return hand_out(block,
		trace_event_aligned(buffer, kind,
			block != NULL ? power : alignment, size,
			outcome_of(block)),
		size);
}

PUBLIC int posix_memalign(void **block, size_t alignment, size_t size)
{
	struct trace_buffer *buffer = recorder_buffer();
	int error = next_calls.posix_memalign(block, alignment, size);

	hand_out_aligned(buffer, error == 0 ? *block : NULL,
		TRACE_POSIX_MEMALIGN, alignment, size);
	return error;
}

PUBLIC void *aligned_alloc(size_t alignment, size_t size)
{
	struct trace_buffer *buffer = recorder_buffer();
	void *block = next_calls.aligned_alloc != NULL
		? next_calls.aligned_alloc(alignment, size)
		: next_aligned(alignment, size);

	return hand_out_aligned(
		buffer, block, TRACE_ALIGNED_ALLOC, alignment, size);
}

PUBLIC void *memalign(size_t alignment, size_t size)
{
	struct trace_buffer *buffer = recorder_buffer();

	return hand_out_aligned(buffer, next_aligned(alignment, size),
		TRACE_MEMALIGN, alignment, size);
}

PUBLIC void *valloc(size_t size)
{
	struct trace_buffer *buffer = recorder_buffer();
	size_t page = (size_t)getpagesize();
	void *block = next_calls.valloc != NULL ? next_calls.valloc(size)
						: next_aligned(page, size);

	return hand_out_aligned(buffer, block, TRACE_MEMALIGN, page, size);
}

PUBLIC void *pvalloc(size_t size)
{
	struct trace_buffer *buffer = recorder_buffer();
	size_t page = (size_t)getpagesize();
	size_t whole =
		size > SIZE_MAX - page ? size : (size + page - 1) / page * page;
	void *block = next_calls.pvalloc != NULL ? next_calls.pvalloc(size)
						 : next_aligned(page, whole);

	return hand_out_aligned(buffer, block, TRACE_MEMALIGN, page, whole);
}
