// SPDX-License-Identifier: MIT
//
// libserialbench-level.so stands between the debug wrapper and the allocator
// in counting runs, and asks for SERIALBENCH_LEVEL bytes more with each
// request: as many as the variant adds less than the largest does. Blocks then
// lie at the same addresses under every variant, and a program whose requests
// depend on addresses asks for the same. (CPython's does: its method cache is
// indexed by addresses, and what it holds stays alive.)
#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#define PUBLIC __attribute__((visibility("default")))
#define CALLS 6

static union {
	struct {
		void *(*malloc)(size_t size);
		void *(*calloc)(size_t count, size_t size);
		void *(*realloc)(void *block, size_t size);
		void (*free)(void *block);
		int (*posix_memalign)(
			void **block, size_t alignment, size_t size);
		size_t (*malloc_usable_size)(void *block);
	} calls;
	void *symbol[CALLS]; /* dlsym() gives data pointers */
} next;

static size_t more;
static bool found;

size_t malloc_usable_size(void *block);

/* At the wrapper's first call, when there is one thread. dlsym() allocates
 * only to report that it failed, and every allocator has these. */
static void find(void)
{
	static const char *const names[CALLS] = {"malloc", "calloc", "realloc",
		"free", "posix_memalign", "malloc_usable_size"};
	const char *level = getenv("SERIALBENCH_LEVEL");

	for (int i = 0; i < CALLS; i++)
		next.symbol[i] = dlsym(RTLD_NEXT, names[i]);
	more = level != NULL ? strtoul(level, NULL, 10) : 0;
	found = true;
}

PUBLIC void *malloc(size_t size)
{
	if (!found)
		find();
	return next.calls.malloc(size + more);
}

/* The wrapper asks for one of its size; others' products are left alone. */
PUBLIC void *calloc(size_t count, size_t size)
{
	if (!found)
		find();
	return next.calls.calloc(count, count == 1 ? size + more : size);
}

PUBLIC void *realloc(void *block, size_t size)
{
	if (!found)
		find();
	return next.calls.realloc(block, size + more);
}

PUBLIC void free(void *block)
{
	if (!found)
		find();
	next.calls.free(block);
}

PUBLIC int posix_memalign(void **block, size_t alignment, size_t size)
{
	if (!found)
		find();
	return next.calls.posix_memalign(block, alignment, size + more);
}

PUBLIC size_t malloc_usable_size(void *block)
{
	if (!found)
		find();
	return next.calls.malloc_usable_size(block);
}
