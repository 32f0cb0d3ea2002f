// SPDX-License-Identifier: MIT
#include "bootstrap.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

#define ARENA_BYTES ((size_t)64 << 10)
#define UNIT ((size_t)16) /* malloc's alignment; the size stands in one */

static _Alignas(4096) unsigned char arena[ARENA_BYTES];
static atomic_size_t taken;
static struct raw_calls behind;

bool bootstrap_used(void)
{
	return atomic_load(&taken) > 0;
}

bool bootstrap_owns(const void *block)
{
	return (uintptr_t)block - (uintptr_t)arena < ARENA_BYTES;
}

/* Takes what is needed wherever the bump then stands: the size of the block
 * stands in the unit before it. */
static void *take(size_t alignment, size_t size)
{
	size_t whole, start;
	uintptr_t block;

	if (size > ARENA_BYTES || alignment > ARENA_BYTES)
		return NULL;
	whole = UNIT + alignment + (size + UNIT - 1) / UNIT * UNIT;
	start = atomic_fetch_add(&taken, whole);
	if (start > ARENA_BYTES - whole || whole > ARENA_BYTES) {
		atomic_store(&taken, ARENA_BYTES);
		return NULL;
	}
	block = (uintptr_t)arena + start + UNIT;
	block = (block + alignment - 1) & ~(uintptr_t)(alignment - 1);
	memcpy((unsigned char *)block - UNIT, &size, sizeof(size));
	return (void *)block;
}

static size_t arena_usable_size(void *block)
{
	size_t size;

	memcpy(&size, (unsigned char *)block - UNIT, sizeof(size));
	return size;
}

static void *arena_malloc(size_t size)
{
	return take(UNIT, size);
}

/* The arena is zero where nothing was taken. */
static void *arena_calloc(size_t count, size_t size)
{
	size_t product;

	if (__builtin_mul_overflow(count, size, &product))
		return NULL;
	return take(UNIT, product);
}

static void arena_free(void *block)
{
	(void)block;
}

static void *move(void *(*allocate)(size_t), void *block, size_t size)
{
	size_t old_size = arena_usable_size(block);
	void *moved = allocate(size);

	if (moved != NULL)
		memcpy(moved, block, old_size < size ? old_size : size);
	return moved;
}

static void *arena_realloc(void *block, size_t size)
{
	return block == NULL ? arena_malloc(size)
			     : move(arena_malloc, block, size);
}

static int arena_posix_memalign(void **block, size_t alignment, size_t size)
{
	void *found = take(alignment < UNIT ? UNIT : alignment, size);

	if (found == NULL)
		return ENOMEM;
	*block = found;
	return 0;
}

const struct raw_calls bootstrap_calls = {
	.malloc = arena_malloc,
	.calloc = arena_calloc,
	.realloc = arena_realloc,
	.free = arena_free,
	.posix_memalign = arena_posix_memalign,
	.malloc_usable_size = arena_usable_size,
};

static void *either_realloc(void *block, size_t size)
{
	return bootstrap_owns(block) ? move(behind.malloc, block, size)
				     : behind.realloc(block, size);
}

static void either_free(void *block)
{
	if (!bootstrap_owns(block))
		behind.free(block);
}

static size_t either_usable_size(void *block)
{
	return bootstrap_owns(block) ? arena_usable_size(block)
				     : behind.malloc_usable_size(block);
}

struct raw_calls bootstrap_in_front_of(const struct raw_calls *next)
{
	struct raw_calls both = *next;

	behind = *next;
	both.realloc = either_realloc;
	both.free = either_free;
	both.malloc_usable_size = either_usable_size;
	return both;
}
