// SPDX-License-Identifier: MIT
//
// What every workload does with a block: write its first and its last byte,
// and, where it is not timed, look whether they are still there.
#ifndef SERIALBENCH_TOUCH_H
#define SERIALBENCH_TOUCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "alloc_backend.h"
#include "compiler.h"
#include "prng.h"

/* Writes both ends of a block of one byte or more; returns the block. */
ALWAYS_INLINE void *touch(void *block, size_t size, unsigned char mark)
{
	unsigned char *bytes = opaque_pointer(block);

	bytes[0] = mark;
	bytes[size - 1] = mark;
	return bytes;
}

#define TOUCH_PAGE 4096

/* Writes a byte in each page that touch() leaves out, so that all are there. */
ALWAYS_INLINE void touch_inner_pages(
	void *block, size_t size, unsigned char mark)
{
	unsigned char *bytes = block;

	for (size_t page = TOUCH_PAGE; page < size; page += TOUCH_PAGE)
		bytes[page - 1] = mark;
}

/* As touch(), where the allocator may have no memory: NULL then. */
static inline void *touch_if_any(void *block, size_t size, unsigned char mark)
{
	return block == NULL ? NULL : touch(block, size, mark);
}

/* A block that touch() wrote to still holds its marks and its guards. */
static inline bool touched_intact(const struct alloc_backend *backend,
	const void *block, size_t size, unsigned char mark)
{
	const unsigned char *bytes = block;

	return bytes[0] == mark && bytes[size - 1] == mark &&
		backend->check(block) == ALLOC_CHECK_OK;
}

/* Every byte of a block of one byte or more is the mark. */
static inline bool filled_with(
	const void *block, size_t size, unsigned char mark)
{
	const unsigned char *bytes = opaque_pointer(block);

	return bytes[0] == mark && memcmp(bytes, bytes + 1, size - 1) == 0;
}

/* A pattern in the first `size` bytes, written and found again, a word at a
 * time and of the last one as much as fits. */
static inline void pattern_write(void *block, size_t size, uint64_t seed)
{
	unsigned char *bytes = opaque_pointer(block);
	uint64_t word = prng_mix(seed);
	size_t i;

	for (i = 0; size - i >= sizeof(word); i += sizeof(word)) {
		memcpy(bytes + i, &word, sizeof(word));
		word = prng_mix(seed + i + 1);
	}
	memcpy(bytes + i, &word, size - i);
}

static inline bool pattern_found(const void *block, size_t size, uint64_t seed)
{
	const unsigned char *bytes = opaque_pointer(block);
	uint64_t word = prng_mix(seed), found;
	size_t i;

	for (i = 0; size - i >= sizeof(word); i += sizeof(word)) {
		memcpy(&found, bytes + i, sizeof(found));
		if (found != word)
			return false;
		word = prng_mix(seed + i + 1);
	}
	return memcmp(bytes + i, &word, size - i) == 0;
}

/* Fills every byte of a fresh block with a pattern, finds it again, and frees
 * the block. False also where there is no block. */
static inline bool fresh_intact(const struct alloc_backend *backend,
	void *block, size_t size, uint64_t seed)
{
	bool intact;

	if (block == NULL)
		return false;
	pattern_write(block, size, seed);
	intact = pattern_found(block, size, seed) &&
		backend->check(block) == ALLOC_CHECK_OK;
	backend->free(block);
	return intact;
}

#endif /* SERIALBENCH_TOUCH_H */
