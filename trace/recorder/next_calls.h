// SPDX-License-Identifier: MIT
//
// The allocator that the program would have without us: the next object after
// ours that defines malloc.
#ifndef SERIALBENCH_RECORDER_NEXT_CALLS_H
#define SERIALBENCH_RECORDER_NEXT_CALLS_H

#include <stdbool.h>
#include <stddef.h>

#include "compiler.h"

/* In the order of call_names[] in next_calls.c. Of those that the allocator
 * lacks the last four are NULL: what next_aligned() is for. */
struct next_calls {
	void *(*malloc)(size_t size);
	void (*free)(void *block);
	void *(*calloc)(size_t count, size_t size);
	void *(*realloc)(void *block, size_t size);
	int (*posix_memalign)(void **block, size_t alignment, size_t size);
	void *(*aligned_alloc)(size_t alignment, size_t size);
	void *(*memalign)(size_t alignment, size_t size);
	void *(*valloc)(size_t size);
	void *(*pvalloc)(size_t size);
};

/* Filled in by next_calls_find(); while that runs the first five are those of a
 * small arena of our own, for what dlsym() itself may ask for. Before there is
 * malloc alone, which begins with recorder_start(). */
extern struct next_calls next_calls HIDDEN;

/* Keeps errno. At the first call of the family, when there is one thread; says
 * so and ends the program where there is no allocator. */
void next_calls_find(void);

/* memalign() of an allocator that has posix_memalign() alone. */
void *next_aligned(size_t alignment, size_t size);

/* The path of the allocator's object; the dynamic linker's own text. */
const char *next_calls_name(void);

/* The function of this name behind ours, as RTLD_NEXT has it; the C library's
 * where that would be our own (another library may stand in front of dlsym()).
 * NULL where there is none. Waits for a dlopen() of another thread. */
void *next_symbol(const char *name);

/* Whether the code at this address is the allocator's. */
bool next_calls_hold(const void *code);

/* Whether the program brings a malloc of its own, so that its calls do not come
 * to the recorder. */
bool next_calls_are_passed_by(void);

#endif /* SERIALBENCH_RECORDER_NEXT_CALLS_H */
