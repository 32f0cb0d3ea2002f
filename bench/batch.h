// SPDX-License-Identifier: MIT
//
// Blocks of one size that are allocated one after another and then freed one
// after another. A call is half an operation: n operations are 2n calls, and
// where a turn ends in the middle of a batch the next one goes on from there.
#ifndef SERIALBENCH_BATCH_H
#define SERIALBENCH_BATCH_H

#include "touch.h"

struct batch {
	uint64_t count; /* blocks in a full batch */
	uint64_t next; /* call: below count allocates, below 2 count frees */
	size_t size;
	void **blocks; /* by index of allocation */
	const uint32_t *order; /* of freeing, by index; NULL: as allocated */
};

ALWAYS_INLINE unsigned char batch_mark(uint64_t index)
{
	return (unsigned char)(index * 31 + 1);
}

/* The block that the step-th free of a batch frees. */
ALWAYS_INLINE uint64_t batch_index(const uint32_t *order, uint64_t step)
{
	return order != NULL ? order[step] : step;
}

ALWAYS_INLINE uint64_t batch_allocate(struct batch *batch,
	void *(*alloc)(size_t), uint64_t calls, unsigned work)
{
	uint64_t first = batch->next, end = batch->count;
	void **blocks = batch->blocks;
	size_t size = batch->size;

	end = calls < end - first ? first + calls : end;
	for (uint64_t i = first; i < end; i++) {
		blocks[i] = touch(alloc(size), size, batch_mark(i));
		private_work(work);
	}
	batch->next = end;
	return end - first;
}

ALWAYS_INLINE uint64_t batch_free(struct batch *batch, const uint32_t *order,
	void (*release)(void *), uint64_t calls, unsigned work)
{
	uint64_t first = batch->next - batch->count, end = batch->count;
	void **blocks = batch->blocks;

	end = calls < end - first ? first + calls : end;
	for (uint64_t i = first; i < end; i++) {
		release(blocks[batch_index(order, i)]);
		private_work(work);
	}
	batch->next = end < batch->count ? batch->count + end : 0;
	return end - first;
}

/* `order` is batch->order: where it is known to be NULL, no table is read.
 * `work` cycles of private work follow each call. */
ALWAYS_INLINE void batch_run(struct batch *batch, const uint32_t *order,
	const struct alloc_backend *backend, uint64_t calls, unsigned work)
{
	void *(*alloc)(size_t) = backend->alloc;
	void (*release)(void *) = backend->free;

	while (calls > 0)
		calls -= batch->next < batch->count
			? batch_allocate(batch, alloc, calls, work)
			: batch_free(batch, order, release, calls, work);
}

/* How many blocks are held. */
static inline uint64_t batch_held(const struct batch *batch)
{
	return batch->next < batch->count ? batch->next
					  : 2 * batch->count - batch->next;
}

/* The i-th of the blocks that are held, as an index into blocks. */
static inline uint64_t batch_held_index(const struct batch *batch, uint64_t i)
{
	return batch->next < batch->count
		? i
		: batch_index(batch->order, batch->next - batch->count + i);
}

/*
 * Does the first `calls` calls with an allocator that may have no memory.
 * Turns are shorter than a large batch and a launch has few of them: where
 * all launches began at the first call, none would see the last. 0, or -1.
 */
static inline int batch_begin(struct batch *batch,
	const struct alloc_backend *backend, uint64_t calls)
{
	uint64_t fill = calls < batch->count ? calls : batch->count;

	for (uint64_t i = 0; i < fill; i++) {
		batch->blocks[i] = touch_if_any(backend->alloc(batch->size),
			batch->size, batch_mark(i));
		if (batch->blocks[i] == NULL)
			return -1;
		batch->next++;
	}
	batch_run(batch, batch->order, backend, calls - fill, 0);
	return 0;
}

/* 0, or -1 where a block changed. */
static inline int batch_verify(
	const struct batch *batch, const struct alloc_backend *backend)
{
	for (uint64_t i = 0; i < batch_held(batch); i++) {
		uint64_t index = batch_held_index(batch, i);

		if (!touched_intact(backend, batch->blocks[index], batch->size,
			    batch_mark(index)))
			return -1;
	}
	return 0;
}

static inline void batch_finish(
	struct batch *batch, const struct alloc_backend *backend)
{
	for (uint64_t i = 0; i < batch_held(batch); i++)
		backend->free(batch->blocks[batch_held_index(batch, i)]);
	batch->next = 0;
}

#endif /* SERIALBENCH_BATCH_H */
