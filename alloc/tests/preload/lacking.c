// SPDX-License-Identifier: MIT
//
// An allocator library that lacks malloc_usable_size and posix_memalign: the
// preload library has to notice, or it would ask the C library about blocks
// that are not the C library's.
#include <stddef.h>
#include <stdlib.h>

#define EXPORTED __attribute__((visibility("default")))

static _Alignas(16) unsigned char pool[1 << 16];
static size_t taken;

EXPORTED void *malloc(size_t size)
{
	unsigned char *block = pool + taken;

	taken += (size + 15) / 16 * 16;
	return taken <= sizeof(pool) ? block : NULL;
}

EXPORTED void *calloc(size_t count, size_t size)
{
	return malloc(count * size);
}

EXPORTED void *realloc(void *block, size_t size)
{
	(void)block;
	(void)size;
	abort();
}

EXPORTED void free(void *block)
{
	(void)block;
}
