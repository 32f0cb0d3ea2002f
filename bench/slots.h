// SPDX-License-Identifier: MIT
//
// A live population in slots: replacing one is one operation.
#ifndef SERIALBENCH_SLOTS_H
#define SERIALBENCH_SLOTS_H

#include "touch.h"

struct slot {
	void *block;
	uint32_t size;
	unsigned char mark; /* in the block's first and last byte */
};

_Static_assert(CACHELINE % sizeof(struct slot) == 0, "slots share no line");

/* Frees what is there, if anything, and puts a touched block in its place. */
ALWAYS_INLINE void slot_replace(struct slot *slot, void *(*alloc)(size_t),
	void (*release)(void *), uint32_t size, unsigned char mark)
{
	release(slot->block);
	slot->block = touch(alloc(size), size, mark);
	slot->size = size;
	slot->mark = mark;
}

/* Fills an empty slot. 0, or -1 when out of memory. */
static inline int slot_fill(struct slot *slot,
	const struct alloc_backend *backend, uint32_t size, unsigned char mark)
{
	slot->block = touch_if_any(backend->alloc(size), size, mark);
	slot->size = size;
	slot->mark = mark;
	return slot->block != NULL ? 0 : -1;
}

/* 0, or -1 where a block changed; an empty slot is intact. */
static inline int slots_verify(const struct slot *slots, size_t count,
	const struct alloc_backend *backend)
{
	for (size_t i = 0; i < count; i++)
		if (slots[i].block != NULL &&
			!touched_intact(backend, slots[i].block, slots[i].size,
				slots[i].mark))
			return -1;
	return 0;
}

/* Bytes that the blocks were asked to hold. */
static inline uint64_t slots_bytes(const struct slot *slots, size_t count)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < count; i++)
		bytes += slots[i].block != NULL ? slots[i].size : 0;
	return bytes;
}

static inline void slots_finish(
	struct slot *slots, size_t count, const struct alloc_backend *backend)
{
	for (size_t i = 0; i < count; i++) {
		backend->free(slots[i].block);
		slots[i].block = NULL;
	}
}

#endif /* SERIALBENCH_SLOTS_H */
