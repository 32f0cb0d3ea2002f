// SPDX-License-Identifier: MIT
//
// Weighs the blocks that a workload asks for: a backend around the backend,
// under which no block is freed. Sums are exact: a fresh slot's size follows
// from its request, whatever was freed before.
#include <string.h>

#include "worker_jobs.h"

static const struct alloc_backend *weighed;
static struct slots_result *sums;

static void *add(void *block, size_t size, size_t alignment)
{
	if (block == NULL)
		return NULL;
	__atomic_fetch_add(&sums->blocks, 1, __ATOMIC_RELAXED);
	__atomic_fetch_add(&sums->asked,
		size + weighed->bytes_added(size, alignment), __ATOMIC_RELAXED);
	__atomic_fetch_add(
		&sums->slots, weighed->slot_size(block), __ATOMIC_RELAXED);
	return block;
}

static void *slots_alloc(size_t size)
{
	return add(weighed->alloc(size), size, 0);
}

static void *slots_calloc(size_t count, size_t size)
{
	void *block = weighed->calloc(count, size);

	/* Where it is not NULL the product is right. */
	return add(block, count * size, 0);
}

static void *slots_aligned_alloc(size_t alignment, size_t size)
{
	return add(weighed->aligned_alloc(alignment, size), size, alignment);
}

static void *slots_realloc(void *block, size_t size)
{
	void *moved = slots_alloc(size);
	size_t kept = block == NULL ? 0 : weighed->usable_size(block);

	if (moved != NULL && block != NULL)
		memcpy(moved, block, kept < size ? kept : size);
	return moved;
}

static void slots_free(void *block)
{
	(void)block;
}

const struct alloc_backend *slots_backend(
	struct lane_shared *lane, const struct alloc_backend *backend)
{
	static struct alloc_backend around;

	weighed = backend;
	sums = &lane->slots;
	around = *backend;
	around.alloc = slots_alloc;
	around.calloc = slots_calloc;
	around.aligned_alloc = slots_aligned_alloc;
	around.realloc = slots_realloc;
	around.free = slots_free;
	return &around;
}
