// SPDX-License-Identifier: MIT
#include "counting_malloc.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

static _Atomic uint64_t calls, calls_of_size;
static _Atomic size_t counted_size;
static _Atomic bool refuses;

void malloc_refuse(bool refuse)
{
	atomic_store(&refuses, refuse);
}

uint64_t malloc_calls(void)
{
	return atomic_load(&calls);
}

uint64_t malloc_calls_of(size_t size)
{
	atomic_store(&counted_size, size);
	return atomic_exchange(&calls_of_size, 0);
}

#ifdef HARNESS_TESTS_SANITIZED

const bool malloc_is_counted = false;

void *uncounted_malloc(size_t size)
{
	return malloc(size);
}

void uncounted_free(void *block)
{
	free(block);
}

#else

const bool malloc_is_counted = true;

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *block);

void *uncounted_malloc(size_t size)
{
	return __libc_malloc(size);
}

void uncounted_free(void *block)
{
	__libc_free(block);
}

__attribute__((visibility("default"))) void *malloc(size_t size)
{
	atomic_fetch_add(&calls, 1);
	if (size == atomic_load(&counted_size))
		atomic_fetch_add(&calls_of_size, 1);
	return atomic_load(&refuses) ? NULL : __libc_malloc(size);
}

__attribute__((visibility("default"))) void *calloc(size_t count, size_t size)
{
	atomic_fetch_add(&calls, 1);
	return __libc_calloc(count, size);
}

__attribute__((visibility("default"))) void *realloc(void *block, size_t size)
{
	atomic_fetch_add(&calls, 1);
	return __libc_realloc(block, size);
}

__attribute__((visibility("default"))) void *aligned_alloc(
	size_t alignment, size_t size)
{
	atomic_fetch_add(&calls, 1);
	return __libc_memalign(alignment, size);
}

__attribute__((visibility("default"))) int posix_memalign(
	void **block, size_t alignment, size_t size)
{
	atomic_fetch_add(&calls, 1);
	*block = __libc_memalign(alignment, size);
	return *block == NULL ? ENOMEM : 0;
}

__attribute__((visibility("default"))) void free(void *block)
{
	if (block != NULL)
		atomic_fetch_add(&calls, 1);
	__libc_free(block);
}

#endif
