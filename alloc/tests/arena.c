// SPDX-License-Identifier: MIT
#include "arena.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define PAGE ((size_t)4096)
#define ARENA_BYTES ((size_t)64 << 20)
#define MAP_BYTES (ARENA_BYTES + 3 * PAGE)
#define ARENA_BLOCKS 4096
#define GAP_BYTES ((size_t)16)
#define GAP_BYTE 0xA5
#define STAY_BYTES ((size_t)8192)

struct arena arena;

static struct {
	unsigned char *map, *memory;
	size_t used, count;
	struct arena_block {
		unsigned char *base;
		size_t size, capacity;
		bool live;
	} blocks[ARENA_BLOCKS];
} book;

#define ARENA_DOMAIN(id)                                                       \
	.api_id = id, .raw = &arena_raw,                                       \
	.fatal = "Fatal Python error: ", .free_name = "_PyMem_DebugRawFree",   \
	.realloc_name = "_PyMem_DebugRawRealloc"

const struct debug_domain arena_domains[3] = {
	{ARENA_DOMAIN(DEBUG_API_RAW)},
	{ARENA_DOMAIN(DEBUG_API_MEM)},
	{ARENA_DOMAIN(DEBUG_API_OBJECT)},
};
const struct debug_domain arena_probing = {
	ARENA_DOMAIN(DEBUG_API_RAW), .probe_header = true};

void arena_reset(void)
{
	unsigned char *map = book.map;

	if (map != NULL)
		munmap(map, MAP_BYTES);
	memset(&arena, 0, sizeof(arena));
	memset(&book, 0, sizeof(book));
	map = mmap(NULL, MAP_BYTES, PROT_NONE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (map == MAP_FAILED)
		abort();
	book.map = map;
	book.memory = map + PAGE;
	if ((uintptr_t)book.memory % (2 * PAGE) == 0)
		book.memory += PAGE;
	if (mprotect(book.memory, ARENA_BYTES, PROT_READ | PROT_WRITE) != 0)
		abort();
}

void arena_place_at_end(size_t size)
{
	book.used = (ARENA_BYTES - size) & ~(size_t)15;
}

/* What is behind a block and not its own. */
static size_t gap_size(const struct arena_block *block)
{
	size_t end = (size_t)(block->base - book.memory) + block->capacity +
		GAP_BYTES;

	if (end > ARENA_BYTES)
		end = ARENA_BYTES;
	return end - (size_t)(block->base - book.memory) - block->size;
}

static struct arena_block *find(const void *base)
{
	for (size_t i = 0; i < book.count; i++)
		if (book.blocks[i].base == base && book.blocks[i].live)
			return &book.blocks[i];
	arena.misuses++;
	return NULL;
}

static void resize(struct arena_block *block, size_t size)
{
	if (size > block->size)
		memset(block->base + block->size, ARENA_JUNK,
			size - block->size);
	block->size = size;
	memset(block->base + size, GAP_BYTE, gap_size(block));
}

/* Counts the request; false where it is to fail. */
static bool admit(size_t size, size_t alignment)
{
	arena.calls++;
	arena.allocations++;
	arena.size = size;
	arena.alignment = alignment;
	arena.block = NULL;
	if (arena.allocations == arena.fail_at || size > ARENA_BYTES / 2 ||
		book.count == ARENA_BLOCKS) {
		errno = ENOMEM;
		return false;
	}
	return true;
}

static unsigned char *give(size_t size, size_t alignment)
{
	uintptr_t free_at = (uintptr_t)book.memory + book.used;
	size_t skip = (size_t)(-free_at & (alignment - 1));
	struct arena_block *block = &book.blocks[book.count];

	block->base = book.memory + book.used + skip;
	block->size = 0;
	block->capacity = size + (arena.realloc_stays ? STAY_BYTES : 0);
	block->live = true;
	resize(block, size);
	book.used += skip + block->capacity + GAP_BYTES;
	book.used = (book.used + 15) & ~(size_t)15;
	book.count++;
	arena.live++;
	arena.block = block->base;
	return block->base;
}

static void *arena_malloc(size_t size)
{
	return admit(size, 0) ? give(size, 16) : NULL;
}

static void *arena_calloc(size_t count, size_t size)
{
	void *base = admit(count * size, 0) ? give(count * size, 16) : NULL;

	return base != NULL ? memset(base, 0, count * size) : NULL;
}

static int arena_memalign(void **base, size_t alignment, size_t size)
{
	int kept_errno = errno; /* as POSIX has it */

	if (!admit(size, alignment)) {
		errno = kept_errno;
		return ENOMEM;
	}
	*base = give(size, alignment);
	return 0;
}

static void arena_free(void *base)
{
	struct arena_block *block = find(base);
	size_t page_offset = (uintptr_t)base % PAGE;

	arena.calls++;
	if (block == NULL)
		return;
	block->live = false;
	arena.live--;
	if (arena.scribbles)
		memcpy(base, "\x12\x98\x9b\x5a\x05\0\0\0\x24\x68\xc4\x87", 12);
	if (arena.unmaps)
		mprotect(block->base - page_offset, block->size + page_offset,
			PROT_NONE);
}

static void *arena_realloc(void *base, size_t size)
{
	struct arena_block *block = find(base);
	void *moved;

	if (block == NULL)
		return NULL;
	arena.seen_size = block->size;
	memcpy(arena.seen, base,
		block->size < sizeof(arena.seen) ? block->size
						 : sizeof(arena.seen));
	if (!admit(size, 0))
		return NULL;
	if (block->capacity >= STAY_BYTES && size <= block->capacity) {
		resize(block, size);
		arena.block = block->base;
		return base;
	}
	moved = give(size, 16);
	memcpy(moved, base, size < block->size ? size : block->size);
	arena_free(base);
	arena.calls--;
	return moved;
}

static size_t arena_usable_size(void *base)
{
	struct arena_block *block = find(base);
	size_t multiple = arena.slot_multiple > 0 ? arena.slot_multiple : 1;

	if (block == NULL)
		return 0;
	return (block->size + multiple - 1) / multiple * multiple;
}

const struct raw_calls arena_raw = {
	.malloc = arena_malloc,
	.calloc = arena_calloc,
	.realloc = arena_realloc,
	.free = arena_free,
	.posix_memalign = arena_memalign,
	.malloc_usable_size = arena_usable_size,
};

static bool is_spilt(const struct arena_block *block)
{
	size_t count = gap_size(block);

	for (size_t i = 0; i < count; i++)
		if (block->base[block->size + i] != GAP_BYTE)
			return true;
	return false;
}

size_t arena_spilt(void)
{
	size_t spilt = 0;

	for (size_t i = 0; i < book.count; i++)
		spilt += is_spilt(&book.blocks[i]);
	return spilt;
}
