// SPDX-License-Identifier: MIT
#include "block_table.h"

#include <errno.h>
#include <sys/mman.h>

struct block_mid *block_table[2][1 << BLOCK_TABLE_ROOT_BITS];

/* Kept in a forked child, which so finds the leaves again. */
static void *map_kept(size_t size)
{
	void *map = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return map == MAP_FAILED ? NULL : map;
}

void *block_table_map(size_t size)
{
	void *map = map_kept(size);

	if (map == NULL)
		return NULL;
	if (madvise(map, size, MADV_WIPEONFORK) == 0)
		return map;
	munmap(map, size);
	return NULL;
}

/*
 * A huge page of its own where the kernel has one: the program's blocks lie
 * all over a leaf, and with small pages each free would miss the TLB.
 */
static void *map_leaf(size_t size)
{
	const size_t huge = sizeof(struct block_leaf);
	unsigned char *map = map_kept(size + huge), *leaf;
	size_t before;

	if (map == NULL)
		return NULL;
	before = -(uintptr_t)map & (huge - 1);
	leaf = map + before;
	if (before > 0)
		munmap(map, before);
	munmap(leaf + size, huge - before);
	if (madvise(leaf, size, MADV_WIPEONFORK) != 0) {
		munmap(leaf, size);
		return NULL;
	}
	madvise(leaf, size, MADV_HUGEPAGE);
	return leaf;
}

/* What stands there, or a new one; whoever comes second throws his away. */
static void *stand_or_map(void **where, size_t size, void *(*map)(size_t size))
{
	void *stands = __atomic_load_n(where, __ATOMIC_ACQUIRE);
	void *made;

	if (stands != NULL)
		return stands;
	made = map(size);
	if (made == NULL)
		return NULL;
	if (__atomic_compare_exchange_n(where, &stands, made, 0,
		    __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return made;
	munmap(made, size);
	return stands;
}

struct block_place *block_table_make(const void *block)
{
	uint64_t address = (uintptr_t)block;
	struct block_mid *mid;
	int kept_errno = errno;

	if (address >> (BLOCK_TABLE_ADDRESS_BITS - 1) > 1 || address & 7)
		return NULL;
	mid = stand_or_map(
		(void **)&block_table[address >> 3 & 1][address >>
			(BLOCK_TABLE_LEAF_BITS + BLOCK_TABLE_MID_BITS)],
		sizeof(struct block_mid), map_kept);
	if (mid != NULL)
		stand_or_map(
			(void **)&mid->leaves[address >> BLOCK_TABLE_LEAF_BITS &
				((1 << BLOCK_TABLE_MID_BITS) - 1)],
			sizeof(struct block_leaf), map_leaf);
	errno = kept_errno;
	return block_table_find(block);
}

void block_near_keep(
	struct block_near *near, const void *block, struct block_place *place)
{
	const uint64_t inside = (UINT64_C(1) << BLOCK_TABLE_LEAF_BITS) - 1;
	uint64_t address = (uintptr_t)block;
	size_t slot = address >> BLOCK_TABLE_LEAF_BITS & (BLOCK_TABLE_NEAR - 1);

	if ((address & 15) != 0)
		return; /* of the other leaves */
	near->of[slot].key = (address & ~inside) + 1;
	near->of[slot].to_place = (uintptr_t)place - address;
}
