// SPDX-License-Identifier: MIT
//
// malloc and its family through CPython's own debug hooks: each block comes
// from PyMem_RawMalloc under PyMem_SetupDebugHooks, with no interpreter
// started. Below the hooks is the next malloc in line, so that PyMem_RawMalloc
// does not come back here.
//
// What the hooks put before a block is documented with PyMem_SetupDebugHooks:
// its size, big-endian, 16 bytes before it, then the domain's letter and seven
// forbidden bytes.
#include <Python.h>

#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define PUBLIC __attribute__((visibility("default")))

_Static_assert(sizeof(size_t) == 8, "the hooks' header is two words of 8");

static struct {
	void *(*malloc)(size_t);
	void *(*calloc)(size_t, size_t);
	void *(*realloc)(void *, size_t);
	void (*free)(void *);
} next;

/* The first call is the dynamic linker's or the C library's, before any other
 * thread. Calls that the set-up makes itself get arena blocks, which are never
 * given back. */
static enum { NEW, SETTING_UP, READY } state;
static _Alignas(16) char arena[8192];
static size_t arena_used;

/* Before a block of wished alignment; its second word is nothing that the
 * hooks write there. */
struct aligned_mark {
	void *block; /* the hooks' */
	uint64_t magic;
};

#define ALIGNED_MAGIC UINT64_C(0x64656e67696c6121)

void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *block, size_t size);
void free(void *block);
int posix_memalign(void **block, size_t alignment, size_t size);
void *aligned_alloc(size_t alignment, size_t size);
void *memalign(size_t alignment, size_t size);
void *valloc(size_t size);
void *pvalloc(size_t size);
size_t malloc_usable_size(void *block);

static void *next_malloc(void *context, size_t size)
{
	(void)context;
	return next.malloc(size);
}

static void *next_calloc(void *context, size_t count, size_t size)
{
	(void)context;
	return next.calloc(count, size);
}

static void *next_realloc(void *context, void *block, size_t size)
{
	(void)context;
	return next.realloc(block, size);
}

static void next_free(void *context, void *block)
{
	(void)context;
	next.free(block);
}

static void set_up(void)
{
	PyMemAllocatorEx raw = {
		NULL, next_malloc, next_calloc, next_realloc, next_free};

	state = SETTING_UP;
	*(void **)&next.malloc = dlsym(RTLD_NEXT, "malloc");
	*(void **)&next.calloc = dlsym(RTLD_NEXT, "calloc");
	*(void **)&next.realloc = dlsym(RTLD_NEXT, "realloc");
	*(void **)&next.free = dlsym(RTLD_NEXT, "free");
	PyMem_SetAllocator(PYMEM_DOMAIN_RAW, &raw);
	PyMem_SetupDebugHooks();
	state = READY;
}

static bool is_ready(void)
{
	if (state == NEW)
		set_up();
	return state == READY;
}

static void *arena_malloc(size_t size)
{
	size_t room = (size + 15) & ~(size_t)15;
	void *block = &arena[arena_used];

	if (size > sizeof(arena) || room > sizeof(arena) - arena_used)
		return NULL;
	arena_used += room;
	return block;
}

static bool is_arena(const void *block)
{
	return (uintptr_t)block - (uintptr_t)arena < sizeof(arena);
}

static void *checked(void *block)
{
	if (block == NULL)
		errno = ENOMEM;
	return block;
}

static const struct aligned_mark *mark_of(const void *block)
{
	const struct aligned_mark *mark =
		(const struct aligned_mark *)block - 1;

	return mark->magic == ALIGNED_MAGIC ? mark : NULL;
}

static size_t hooked_size(const void *block)
{
	uint64_t size;

	memcpy(&size, (const char *)block - 16, sizeof(size));
	return __builtin_bswap64(size);
}

PUBLIC void *malloc(size_t size)
{
	if (!is_ready())
		return arena_malloc(size);
	return checked(PyMem_RawMalloc(size));
}

PUBLIC void *calloc(size_t count, size_t size)
{
	size_t bytes;

	if (is_ready())
		return checked(PyMem_RawCalloc(count, size));
	/* The arena is zero, and no part of it is given twice. */
	return __builtin_mul_overflow(count, size, &bytes)
		? NULL
		: arena_malloc(bytes);
}

PUBLIC void free(void *block)
{
	const struct aligned_mark *mark;

	if (block == NULL || is_arena(block))
		return;
	mark = mark_of(block);
	PyMem_RawFree(mark != NULL ? mark->block : block);
}

/* A block that the hooks cannot resize. */
static void *move(void *block, size_t old_size, size_t size)
{
	void *moved = malloc(size);

	if (moved == NULL)
		return NULL;
	memcpy(moved, block, old_size < size ? old_size : size);
	free(block);
	return moved;
}

PUBLIC void *realloc(void *block, size_t size)
{
	if (block == NULL)
		return malloc(size);
	if (is_arena(block))
		return move(block, (size_t)(arena + arena_used - (char *)block),
			size);
	if (mark_of(block) != NULL)
		return move(block, malloc_usable_size(block), size);
	return checked(PyMem_RawRealloc(block, size));
}

PUBLIC void *memalign(size_t alignment, size_t size)
{
	struct aligned_mark *mark;
	uintptr_t address;
	void *block;

	if ((alignment & (alignment - 1)) != 0) {
		errno = EINVAL;
		return NULL;
	}
	if (alignment <= 16)
		return malloc(size);
	if (alignment > PTRDIFF_MAX || size > PTRDIFF_MAX - alignment)
		return checked(NULL);
	block = malloc(size + alignment);
	if (block == NULL)
		return NULL;
	/* At least 16 bytes on: room for the mark. */
	address = ((uintptr_t)block + alignment) & ~(alignment - 1);
	mark = (struct aligned_mark *)address - 1;
	mark->block = block;
	mark->magic = ALIGNED_MAGIC;
	return (void *)address;
}

PUBLIC int posix_memalign(void **block, size_t alignment, size_t size)
{
	int reason = errno;
	void *found;

	if (alignment < sizeof(void *) || (alignment & (alignment - 1)) != 0)
		return EINVAL;
	found = memalign(alignment, size);
	errno = reason;
	if (found == NULL)
		return ENOMEM;
	*block = found;
	return 0;
}

PUBLIC void *aligned_alloc(size_t alignment, size_t size)
{
	return memalign(alignment, size);
}

PUBLIC void *valloc(size_t size)
{
	return memalign(4096, size);
}

PUBLIC void *pvalloc(size_t size)
{
	if (size > PTRDIFF_MAX)
		return checked(NULL);
	return memalign(4096, (size + 4095) & ~(size_t)4095);
}

PUBLIC size_t malloc_usable_size(void *block)
{
	const struct aligned_mark *mark;

	if (block == NULL || is_arena(block))
		return 0;
	mark = mark_of(block);
	if (mark == NULL)
		return hooked_size(block);
	return hooked_size(mark->block) -
		(size_t)((char *)block - (char *)mark->block);
}
