// SPDX-License-Identifier: MIT
//
// The underlying allocator as the wrapper sees it. Six calls and no more: what
// every allocator that can be preloaded offers (Debian's jemalloc, for one,
// has no pvalloc), from which the wrapper derives the rest of the family.
#ifndef SERIALBENCH_RAW_CALLS_H
#define SERIALBENCH_RAW_CALLS_H

#include <stddef.h>

/* All never NULL, thread-safe, with the rules of the C library. */
struct raw_calls {
	void *(*malloc)(size_t size);
	void *(*calloc)(size_t count, size_t size);
	void *(*realloc)(void *block, size_t size);
	void (*free)(void *block);
	int (*posix_memalign)(void **block, size_t alignment, size_t size);
	size_t (*malloc_usable_size)(void *block);
};

/* The process's own malloc, whoever provides it (raw_libc.c). */
extern const struct raw_calls raw_libc;

#endif /* SERIALBENCH_RAW_CALLS_H */
