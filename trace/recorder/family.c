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

#include "family.h"
#include "recorder.h"
#include "trace_put.h"

/* The place of an address, or NULL. Remembers its leaf. */
static struct block_place *find(struct recorder_thread *own, const void *block)
{
	struct block_place *place = block_table_find(block);

	if (own != NULL && place != NULL)
		block_near_keep(&own->near, block, place);
	return place;
}

/* The calling thread, or NULL. Before its buffer is written, which is now and
 * then. */
static struct recorder_thread *recording(void)
{
	struct recorder_thread *own = recorder_thread();

	if (own != NULL && !trace_put_fits(trace_put_fill(own->buffer)))
		recorder_live_add_up(own);
	return own;
}

/* Who owns the address from now on. */
static bool enter(struct recorder_thread *own, const void *block, uint64_t id,
	size_t bytes)
{
	struct block_place *place;

	if (id == 0)
		return false; /* lost, and counted so */
	place = find(own, block);
	if (UNLIKELY(place == NULL))
		place = block_table_make(block);
	if (UNLIKELY(place == NULL)) {
		/* Its free will not be known. */
		atomic_fetch_add(&recorder_writer.tally->lost, 1);
		return false;
	}
	place->id = id;
	place->bytes = bytes;
	return true;
}

/* What the program gets: a block that was not there before. */
static void *hand_out(
	struct recorder_thread *own, void *block, uint64_t id, size_t bytes)
{
	if (LIKELY(block != NULL) && LIKELY(enter(own, block, id, bytes)))
		recorder_live_raise(&own->live, 1, (int64_t)bytes, block);
	return block;
}

/* The block that an address was until now; its id is 0 for one that is not in
 * the trace. */
static struct block_place leave(struct recorder_thread *own, const void *block)
{
	struct block_place *place = find(own, block);
	struct block_place old = {0, 0};

	if (LIKELY(place != NULL)) {
		old = *place;
		place->id = 0;
	}
	return old;
}

/* Its free went past the recorder: the allocator has given its address out
 * again. It ends now, in front of the block that is there instead. */
static NOINLINE COLD void end_unseen(
	struct recorder_thread *own, struct block_place *place)
{
	uint64_t id = place->id;

	place->id = 0;
	trace_event_free(own->buffer, id);
	if (!recorder_live_lower(&own->live, (int64_t)place->bytes))
		recorder_live_falls(&own->live);
	atomic_fetch_add(&recorder_writer.tally->unseen, 1);
}

/* Of every address that the allocator gives out, before the event. Returns
 * it. */
ALWAYS_INLINE void *settle(struct recorder_thread *own, void *block)
{
	struct block_place *place = find(own, block);

	if (UNLIKELY(place != NULL && place->id != 0))
		end_unseen(own, place);
	return block;
}

static enum trace_outcome outcome_of(const void *block)
{
	return LIKELY(block != NULL) ? TRACE_DONE : TRACE_FAILED;
}

NOINLINE void *family_malloc(void *block, size_t size)
{
	struct recorder_thread *own = recording();

	if (UNLIKELY(own == NULL))
		return block;
	settle(own, block);
	return hand_out(own, block,
		trace_event_malloc(own->buffer, size, outcome_of(block)), size);
}

/* Nearly always a block of a leaf that is known, and an event that fits. */
PUBLIC void *malloc(size_t size)
{
	void *block = next_calls.malloc(size);
	struct recorder_thread *own = recorder_own_thread;
	struct block_place *place;
	uint64_t id;

	if (UNLIKELY(own == NULL ||
		    !block_near_find(&own->near, block, &place) ||
		    place->id != 0 ||
		    !trace_put_malloc(own->buffer, size, &id)))
		return family_malloc(block, size);
	place->id = id;
	place->bytes = size;
	return recorder_live_raise(&own->live, 1, (int64_t)size, block);
}

void *family_calloc(void *block, size_t count, size_t size)
{
	struct recorder_thread *own = recording();

	if (UNLIKELY(own == NULL))
		return block;
	settle(own, block);
	return hand_out(own, block,
		trace_event_calloc(own->buffer, count, size, outcome_of(block)),
		count * size);
}

PUBLIC void *calloc(size_t count, size_t size)
{
	recorder_thread(); /* finds the allocator */
	return family_calloc(next_calls.calloc(count, size), count, size);
}

/* A call that free() ends in, so that it has nothing to keep meanwhile. */
static NOINLINE COLD void fall_and_free(
	struct recorder_thread *own, void *block, void (*release)(void *block))
{
	recorder_live_falls(&own->live);
	release(block);
}

ALWAYS_INLINE void lower_and_free(struct recorder_thread *own, uint64_t bytes,
	void *block, void (*release)(void *block))
{
	if (LIKELY(recorder_live_lower(&own->live, (int64_t)bytes)))
		release(block);
	else
		fall_and_free(own, block, release);
}

NOINLINE void family_free(void *block, void (*release)(void *block))
{
	struct recorder_thread *own = recording();
	struct block_place old;

	if (block == NULL) {
		if (own != NULL)
			trace_event_free(own->buffer, 0);
		return;
	}
	old = leave(own, block);
	if (old.id == 0 || own == NULL) {
		release(block);
		return;
	}
	trace_event_free(own->buffer, old.id);
	lower_and_free(own, old.bytes, block, release);
}

/* The first call of all may be one: recording() finds the allocator. */
static void next_free(void *block)
{
	next_calls.free(block);
}

/* Of a block that is in the trace; its free is. */
ALWAYS_INLINE void forget_and_free(
	struct recorder_thread *own, struct block_place *place, void *block)
{
	place->id = 0;
	lower_and_free(own, place->bytes, block, next_calls.free);
}

/* Also another thread's. */
static NOINLINE void free_any(
	struct recorder_thread *own, struct block_place *place, void *block)
{
	trace_put_free_rest(own->buffer, place->id);
	forget_and_free(own, place, block);
}

/* Apart from the young ones, which it would cost registers. */
static NOINLINE void free_old(
	struct recorder_thread *own, struct block_place *place, void *block)
{
	if (LIKELY(trace_put_free_near(own->buffer, place->id)))
		forget_and_free(own, place, block);
	else
		free_any(own, place, block);
}

PUBLIC void free(void *block)
{
	struct recorder_thread *own = recorder_own_thread;
	enum trace_put_outcome outcome = TRACE_PUT_REFUSED;
	struct block_place *place;

	if (LIKELY(own != NULL && block_near_find(&own->near, block, &place) &&
		    place->id != 0))
		outcome = trace_put_free_young(own->buffer, place->id);
	if (LIKELY(outcome == TRACE_PUT_DONE))
		forget_and_free(own, place, block);
	else if (outcome == TRACE_PUT_BEGUN)
		free_old(own, place, block);
	else
		family_free(block, next_free);
}

/* A block of the trace, or NULL. */
static void *realloc_known(struct recorder_thread *own, void *block,
	struct block_place old, size_t size,
	void *(*resize)(void *block, size_t size))
{
	void *moved = resize(block, size);
	enum trace_outcome outcome = outcome_of(moved);
	uint64_t id;

	if (moved == NULL && size == 0 && block != NULL)
		outcome = TRACE_FREED;
	settle(own, moved);
	id = trace_event_realloc(own->buffer, old.id, size, outcome);
	if (LIKELY(moved != NULL)) {
		enter(own, moved, id, size);
		recorder_live_raise(&own->live, block == NULL,
			(int64_t)(size - old.bytes), moved);
	} else if (outcome == TRACE_FREED) {
		if (!recorder_live_lower(&own->live, (int64_t)old.bytes))
			recorder_live_falls(&own->live);
	} else if (block != NULL) {
		enter(own, block, old.id, old.bytes);
	}
	return moved;
}

void *family_realloc(
	void *block, size_t size, void *(*resize)(void *block, size_t size))
{
	struct recorder_thread *own = recording();
	struct block_place old = leave(own, block);
	void *moved;

	if (LIKELY(own != NULL) && (block == NULL || old.id != 0))
		return realloc_known(own, block, old, size, resize);
	moved = resize(block, size);
	if (own == NULL || (moved == NULL && size == 0))
		return moved;
	settle(own, moved);
	return hand_out(own, moved,
		trace_event_malloc(own->buffer, size, outcome_of(moved)), size);
}

static void *next_realloc(void *block, size_t size)
{
	return next_calls.realloc(block, size);
}

PUBLIC void *realloc(void *block, size_t size)
{
	return family_realloc(block, size, next_realloc);
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
void *family_aligned(
	void *block, enum trace_kind kind, size_t alignment, size_t size)
{
	struct recorder_thread *own = recording();
	size_t power = 1;

	while (power < alignment && power <= SIZE_MAX / 2)
		power *= 2;
	if (UNLIKELY(own == NULL))
		return block;
	settle(own, block);
	return hand_out(own, block,
		trace_event_aligned(own->buffer, kind,
			block != NULL ? power : alignment, size,
			outcome_of(block)),
		size);
}

/* Each begins the recording before it calls an allocator. */
PUBLIC int posix_memalign(void **block, size_t alignment, size_t size)
{
	int error;

	recorder_thread();
	error = next_calls.posix_memalign(block, alignment, size);
	family_aligned(error == 0 ? *block : NULL, TRACE_POSIX_MEMALIGN,
		alignment, size);
	return error;
}

PUBLIC void *aligned_alloc(size_t alignment, size_t size)
{
	recorder_thread();
	return family_aligned(next_calls.aligned_alloc != NULL
			? next_calls.aligned_alloc(alignment, size)
			: next_aligned(alignment, size),
		TRACE_ALIGNED_ALLOC, alignment, size);
}

PUBLIC void *memalign(size_t alignment, size_t size)
{
	recorder_thread();
	return family_aligned(
		next_aligned(alignment, size), TRACE_MEMALIGN, alignment, size);
}

PUBLIC void *valloc(size_t size)
{
	size_t page = (size_t)getpagesize();

	recorder_thread();
	return family_aligned(next_calls.valloc != NULL
			? next_calls.valloc(size)
			: next_aligned(page, size),
		TRACE_MEMALIGN, page, size);
}

PUBLIC void *pvalloc(size_t size)
{
	size_t page = (size_t)getpagesize();
	size_t whole =
		size > SIZE_MAX - page ? size : (size + page - 1) / page * page;

	recorder_thread();
	return family_aligned(next_calls.pvalloc != NULL
			? next_calls.pvalloc(size)
			: next_aligned(page, whole),
		TRACE_MEMALIGN, page, whole);
}
