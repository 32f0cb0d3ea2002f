// SPDX-License-Identifier: MIT
//
// Which block an address is. The table has a place for every address that a
// block can have, so there is nothing to search and no lock: the program itself
// sees to it that two threads do not allocate, free or resize one address at
// the same time. Places come in leaves of 2 MiB of addresses, which are mapped
// when they are first needed and stay; a page of a leaf that no block touches
// takes no memory.
//
// A child that fork makes finds the table empty: the kernel wipes it
// (MADV_WIPEONFORK), as it wipes all that is the recording's.
#ifndef SERIALBENCH_RECORDER_BLOCK_TABLE_H
#define SERIALBENCH_RECORDER_BLOCK_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BLOCK_TABLE_ADDRESS_BITS 48
#define BLOCK_TABLE_LEAF_BITS 21
#define BLOCK_TABLE_MID_BITS 13
#define BLOCK_TABLE_ROOT_BITS                                                  \
	(BLOCK_TABLE_ADDRESS_BITS - BLOCK_TABLE_LEAF_BITS -                    \
		BLOCK_TABLE_MID_BITS)

struct block_place {
	uint64_t id; /* of the trace; 0: no block */
	uint64_t bytes; /* requested */
};

/* Blocks are 16 bytes apart but for those of up to 8 bytes, which some
 * allocators put 8 apart: these have leaves of their own. */
struct block_leaf {
	struct block_place places[1 << (BLOCK_TABLE_LEAF_BITS - 4)];
};

struct block_mid {
	struct block_leaf *leaves[1 << BLOCK_TABLE_MID_BITS];
};

extern struct block_mid *block_table[2][1 << BLOCK_TABLE_ROOT_BITS];

/* The place of an address that may be no block's; NULL where there is none
 * yet. */
static inline struct block_place *block_table_find(const void *block)
{
	uint64_t address = (uintptr_t)block;
	struct block_mid *mid;
	struct block_leaf *leaf;

	if (address >> (BLOCK_TABLE_ADDRESS_BITS - 1) > 1 || address & 7)
		return NULL;
	mid = __atomic_load_n(
		&block_table[address >> 3 & 1][address >>
			(BLOCK_TABLE_LEAF_BITS + BLOCK_TABLE_MID_BITS)],
		__ATOMIC_ACQUIRE);
	if (mid == NULL)
		return NULL;
	leaf = __atomic_load_n(&mid->leaves[address >> BLOCK_TABLE_LEAF_BITS &
				       ((1 << BLOCK_TABLE_MID_BITS) - 1)],
		__ATOMIC_ACQUIRE);
	if (leaf == NULL)
		return NULL;
	return &leaf->places[address >> 4 &
		((1 << (BLOCK_TABLE_LEAF_BITS - 4)) - 1)];
}

/* A few leaves that a thread was at before; zeroed at first. */
#define BLOCK_TABLE_NEAR 8

struct block_near {
	struct {
		uint64_t key; /* the leaf's first address + 1; 0: none */
		uint64_t to_place; /* from a block's address to its place */
	} of[BLOCK_TABLE_NEAR];
};

_Static_assert(sizeof(struct block_place) == 16,
	"places lie as far apart as the addresses that they are for");

/* As block_table_find(), of a leaf that the thread was at before; false where
 * it was not, or the address is not a multiple of 16. */
static inline bool block_near_find(const struct block_near *near,
	const void *block, struct block_place **place)
{
	const uint64_t inside = (UINT64_C(1) << BLOCK_TABLE_LEAF_BITS) - 16;
	uint64_t address = (uintptr_t)block;
	size_t slot = address >> BLOCK_TABLE_LEAF_BITS & (BLOCK_TABLE_NEAR - 1);

	if (((address + 1) & ~inside) != near->of[slot].key)
		return false;
	*place = (struct block_place *)(address + near->of[slot].to_place);
	return true;
}

/* Remembers the leaf of a place that was found. Leaves stay for good. */
void block_near_keep(
	struct block_near *near, const void *block, struct block_place *place);

/* The place of a block, which is made where there is none. NULL where there is
 * no memory, or no address like that. Keeps errno; thread-safe. */
struct block_place *block_table_make(const void *block);

/* size bytes of zeros that a forked child has as zeros again. NULL with errno
 * where there is no memory, or the kernel cannot. */
void *block_table_map(size_t size);

#endif /* SERIALBENCH_RECORDER_BLOCK_TABLE_H */
