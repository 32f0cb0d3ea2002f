// SPDX-License-Identifier: MIT
//
// Allocates in a constructor that runs before that of the underlying
// allocator: stands behind it in LD_PRELOAD.
#include <malloc.h>
#include <stdlib.h>

static void *hide(void *pointer)
{
	__asm__ volatile("" : "+r"(pointer) : : "memory");
	return pointer;
}

__attribute__((constructor)) static void first(void)
{
	for (size_t size = 1; size < 100000; size *= 3) {
		void *block = hide(realloc(hide(malloc(size)), 2 * size));

		free(block);
		free(hide(memalign(64, size)));
	}
}
