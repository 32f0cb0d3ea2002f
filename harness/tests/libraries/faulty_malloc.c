// SPDX-License-Identifier: MIT
//
// For tests: an allocator that has the fault which the variable FAULT names, or
// none. It takes ever more of one array and never gives any back.
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PUBLIC __attribute__((visibility("default")))
#define HEAP ((size_t)64 << 20)

size_t malloc_usable_size(void *block);

static _Alignas(4096) unsigned char heap[HEAP];
static size_t used;

#ifdef MISSING
extern void faulty_is_nowhere(void);
#endif

static int has(const char *fault)
{
	const char *asked = getenv("FAULT");

	return asked != NULL && strcmp(asked, fault) == 0;
}

/* The size stands in the word before a block. */
static void *take(size_t alignment, size_t size)
{
	size_t at = __atomic_fetch_add(
		&used, size + 2 * alignment + 16, __ATOMIC_RELAXED);
	unsigned char *block;

	if (at + size + 2 * alignment + 16 > HEAP)
		return NULL;
	at = (at + 16 + alignment - 1) / alignment * alignment;
	block = heap + at;
	memcpy(block - sizeof(size), &size, sizeof(size));
	return block;
}

PUBLIC void *malloc(size_t size)
{
#ifdef MISSING
	faulty_is_nowhere();
#endif
	if (has("null"))
		return NULL;
	if (has("once"))
		return heap + 4096;
	return has("crooked") ? (char *)take(16, size + 4) + 4 : take(16, size);
}

PUBLIC void free(void *block)
{
	if (block == NULL && has("free"))
		abort();
	if (block != NULL &&
		((unsigned char *)block < heap ||
			(unsigned char *)block >= heap + HEAP))
		abort();
}

PUBLIC void *calloc(size_t count, size_t size)
{
	void *block = take(16, count * size);

	if (has("calloc"))
		memset(block, 1, count * size);
	if (has("calloc-crash"))
		raise(SIGSEGV);
	return block;
}

PUBLIC void *realloc(void *block, size_t size)
{
	void *moved = take(16, size);
	size_t old;

	if (block == NULL || has("realloc"))
		return moved;
	memcpy(&old, (char *)block - sizeof(old), sizeof(old));
	memcpy(moved, block, old < size ? old : size);
	return moved;
}

PUBLIC size_t malloc_usable_size(void *block)
{
	size_t size = 0;

	if (block != NULL)
		memcpy(&size, (char *)block - sizeof(size), sizeof(size));
	return has("usable") ? size / 2 : size;
}

#ifndef WITHOUT_ALIGNED
PUBLIC void *aligned_alloc(size_t alignment, size_t size)
{
	return has("aligned") ? (char *)take(alignment, size + 8) + 8
			      : take(alignment, size);
}

PUBLIC int posix_memalign(void **block, size_t alignment, size_t size)
{
	*block = take(alignment, size);
	return has("memalign") ? 12 : 0;
}
#endif

/* A library whose start ends the program. */
__attribute__((constructor)) static void begin(void)
{
	if (has("exit"))
		_exit(3);
}
