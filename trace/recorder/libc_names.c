// SPDX-License-Identifier: MIT
//
// The C library's second names for its family, which some programs and wrappers
// call to go past whoever has the first. Each goes on to the function of its
// own name. Those that the allocator itself makes are inside one that is
// recorded.
#include <stdlib.h>
#include <unistd.h>

#include "family.h"
#include "next_calls.h"
#include "recorder.h"

/* The names are the C library's, which declares none of them. */
PUBLIC void *__libc_malloc(size_t size);
PUBLIC void *__libc_calloc(size_t count, size_t size);
PUBLIC void *__libc_realloc(void *block, size_t size);
PUBLIC void __libc_free(void *block);
PUBLIC void *__libc_memalign(size_t alignment, size_t size);
PUBLIC void *__libc_valloc(size_t size);
PUBLIC void *__libc_pvalloc(size_t size);
PUBLIC void cfree(void *block);

static struct {
	void *(*malloc)(size_t size);
	void *(*calloc)(size_t count, size_t size);
	void *(*realloc)(void *block, size_t size);
	void (*free)(void *block);
	void *(*memalign)(size_t alignment, size_t size);
	void *(*valloc)(size_t size);
	void *(*pvalloc)(size_t size);
} next;

static void find(const char *name, void *call)
{
	*(void **)call = next_symbol(name);
}

/* At load; a library's constructor that is earlier finds them itself. */
__attribute__((constructor)) static void find_calls(void)
{
	if (next.pvalloc != NULL)
		return;
	recorder_start();
	find("__libc_malloc", &next.malloc);
	find("__libc_calloc", &next.calloc);
	find("__libc_realloc", &next.realloc);
	find("__libc_free", &next.free);
	find("__libc_memalign", &next.memalign);
	find("__libc_valloc", &next.valloc);
	find("__libc_pvalloc", &next.pvalloc);
}

/* Whether the allocator makes the call that this is the return address of. */
#define OF_ALLOCATOR() next_calls_hold(__builtin_return_address(0))

void *__libc_malloc(size_t size)
{
	void *block;

	find_calls();
	block = next.malloc(size);
	return OF_ALLOCATOR() ? block : family_malloc(block, size);
}

void *__libc_calloc(size_t count, size_t size)
{
	void *block;

	find_calls();
	block = next.calloc(count, size);
	return OF_ALLOCATOR() ? block : family_calloc(block, count, size);
}

void *__libc_realloc(void *block, size_t size)
{
	find_calls();
	return OF_ALLOCATOR() ? next.realloc(block, size)
			      : family_realloc(block, size, next.realloc);
}

void __libc_free(void *block)
{
	find_calls();
	if (OF_ALLOCATOR())
		next.free(block);
	else
		family_free(block, next.free);
}

void *__libc_memalign(size_t alignment, size_t size)
{
	void *block;

	find_calls();
	block = next.memalign(alignment, size);
	return OF_ALLOCATOR()
		? block
		: family_aligned(block, TRACE_MEMALIGN, alignment, size);
}

void *__libc_valloc(size_t size)
{
	size_t page = (size_t)getpagesize();
	void *block;

	find_calls();
	block = next.valloc(size);
	return OF_ALLOCATOR()
		? block
		: family_aligned(block, TRACE_MEMALIGN, page, size);
}

void *__libc_pvalloc(size_t size)
{
	size_t page = (size_t)getpagesize();
	void *block;

	find_calls();
	block = next.pvalloc(size);
	return OF_ALLOCATOR()
		? block
		: family_aligned(block, TRACE_MEMALIGN, page,
			  size > SIZE_MAX - page
				  ? size
				  : (size + page - 1) / page * page);
}

/* Of programs that are older than glibc 2.26. */
void cfree(void *block)
{
	free(block);
}
