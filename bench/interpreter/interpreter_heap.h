// SPDX-License-Identifier: MIT
//
// One interpreter's blocks. Each birth draws a row of a mix. The young die at
// their time, the youngest first, as frames and their temporaries do; a block
// that stays joins the old. When `burst` more have, a collection frees as many
// of the oldest, in the order in which they came, and the next ones that stay
// fill the gap. Time is counted in births.
#ifndef SERIALBENCH_INTERPRETER_HEAP_H
#define SERIALBENCH_INTERPRETER_HEAP_H

#include "interpreter_mix.h"
#include "slots.h"

/* Links are places counted from 1; 0 is none. */
struct interpreter_young {
	struct slot slot;
	uint32_t next;
	uint32_t birth; /* low bits of the clock */
	uint16_t row;
	uint16_t resize; /* the next one of the row's */
};

struct interpreter_heap {
	const struct mix *mix;
	uint64_t state;
	uint64_t sum; /* of the sizes asked for */
	uint64_t clock; /* births so far */
	uint32_t places, burst; /* of the old; that a collection frees */
	uint32_t due; /* young whose time it is */
	uint32_t unused; /* places of young */
	uint32_t gap, gap_left; /* of the old: next place, places to fill */
	uint32_t victim, victims; /* of the old: next to free, how many */
	bool damaged;
	uint32_t wheel[MIX_SPAN]; /* young by time, modulo MIX_SPAN */
	struct interpreter_young young[MIX_SPAN];
	_Alignas(CACHELINE) struct slot old[];
};

/* Of a heap with so many places for what stays. */
size_t interpreter_heap_bytes(uint32_t places);

/*
 * Zeroed memory becomes a heap somewhere between two collections, its old
 * filled. burst is 1 … places. 0, or -1 when out of memory; finish is due in
 * either case.
 */
int interpreter_heap_begin(struct interpreter_heap *heap, const struct mix *mix,
	uint32_t places, uint32_t burst, uint64_t seed,
	const struct alloc_backend *backend);

/* The next call; how many half operations it is: 2 where it is a realloc. */
unsigned interpreter_heap_step(
	struct interpreter_heap *heap, const struct alloc_backend *backend);

/* 0, or -1 where a block changed. */
int interpreter_heap_verify(const struct interpreter_heap *heap,
	const struct alloc_backend *backend);

void interpreter_heap_finish(
	struct interpreter_heap *heap, const struct alloc_backend *backend);

#endif /* SERIALBENCH_INTERPRETER_HEAP_H */
