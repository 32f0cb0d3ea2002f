// SPDX-License-Identifier: MIT
//
// A block together with what was written into it. The knowledge stands beside
// the block, never in it: on the control `null` all blocks of a thread are the
// same memory.
#ifndef SERIALBENCH_HELD_BLOCK_H
#define SERIALBENCH_HELD_BLOCK_H

#include "alloc_backend.h"
#include "compiler.h"
#include "prng.h"

struct held_block {
	unsigned char *block; /* NULL: none */
	uint32_t last; /* index of the last byte that was written */
	uint32_t mark; /* its low byte was written first and last */
};

/* Allocates, and writes the first and the last byte. size is at least 1. */
ALWAYS_INLINE struct held_block held_block_make(
	void *(*alloc)(size_t), size_t size, uint32_t mark)
{
	struct held_block held = {
		.block = opaque_pointer(alloc(size)),
		.last = (uint32_t)(size - 1),
		.mark = mark,
	};

	held.block[0] = (unsigned char)mark;
	held.block[held.last] = (unsigned char)mark;
	return held;
}

/* For set-up: as held_block_make, but -1 when out of memory. */
static inline int held_block_try(struct held_block *held,
	const struct alloc_backend *backend, size_t size, uint32_t mark)
{
	void *block = backend->alloc(size);

	if (block == NULL)
		return -1;
	*held = (struct held_block){block, (uint32_t)(size - 1), mark};
	held->block[0] = (unsigned char)mark;
	held->block[held->last] = (unsigned char)mark;
	return 0;
}

/* Whether block and neighbourhood are as they were left; none is intact. */
static inline bool held_block_intact(
	const struct held_block *held, const struct alloc_backend *backend)
{
	unsigned char mark = (unsigned char)held->mark;

	return held->block == NULL ||
		(held->block[0] == mark && held->block[held->last] == mark &&
			backend->check(held->block) == ALLOC_CHECK_OK);
}

/* Fills and reads back a new block: 0, or -1 where it is damaged. */
static inline int held_block_check_fresh(
	const struct alloc_backend *backend, size_t size, uint64_t seed)
{
	unsigned char *block = backend->alloc(size);
	int result = 0;

	if (block == NULL)
		return -1;
	for (size_t i = 0; i < size; i++)
		block[i] = (unsigned char)prng_mix(seed + i);
	for (size_t i = 0; i < size; i++)
		if (block[i] != (unsigned char)prng_mix(seed + i))
			result = -1;
	if (backend->check(block) != ALLOC_CHECK_OK)
		result = -1;
	backend->free(block);
	return result;
}

#endif /* SERIALBENCH_HELD_BLOCK_H */
