// SPDX-License-Identifier: MIT
//
// What verify() does with a block of its own, from the first byte to the last:
// the promises of calloc, aligned_alloc and realloc, which the timed part only
// relies on. Each takes and frees a block; false also where there is none.
#ifndef SERIALBENCH_FRESH_H
#define SERIALBENCH_FRESH_H

#include "touch.h"

/* Zero from calloc; the block is left full of ones, since the next one is
 * likely to lie where it was. */
static inline bool fresh_zeroed(
	const struct alloc_backend *backend, size_t size)
{
	unsigned char *block = backend->calloc(1, size);
	bool intact;

	if (block == NULL)
		return false;
	intact = filled_with(block, size, 0);
	memset(block, 0xff, size);
	intact = intact && backend->check(block) == ALLOC_CHECK_OK;
	backend->free(block);
	return intact;
}

static inline bool fresh_aligned(const struct alloc_backend *backend,
	size_t alignment, size_t size, uint64_t seed)
{
	void *block = backend->aligned_alloc(alignment, size);
	bool is_aligned = (uintptr_t)block % alignment == 0;

	return fresh_intact(backend, block, size, seed) && is_aligned;
}

/* All of what both sizes have in common is kept. */
static inline bool fresh_resized(const struct alloc_backend *backend,
	size_t from, size_t to, uint64_t seed)
{
	void *block = backend->alloc(from), *moved;
	bool intact;

	if (block == NULL)
		return false;
	pattern_write(block, from, seed);
	moved = backend->realloc(block, to);
	if (moved == NULL) {
		backend->free(block);
		return false;
	}
	intact = pattern_found(moved, to < from ? to : from, seed) &&
		backend->check(moved) == ALLOC_CHECK_OK;
	backend->free(moved);
	return intact;
}

#endif /* SERIALBENCH_FRESH_H */
