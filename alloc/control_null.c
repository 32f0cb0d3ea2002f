// SPDX-License-Identifier: MIT
//
// Control null: no allocator. Every block of a thread is the same memory, so
// what is left is the cost of the harness and of the workload itself.
#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>

#include "alloc_backend.h"
#include "compiler.h"
#include "control.h"
#include SERIAL_HEADER

#include "serial_kernel.h"

/* The largest block; address space only, until it is touched. */
#define NULL_BLOCK_MAX ((size_t)256 << 20)

static _Thread_local void *null_block;

NOINLINE COLD static void *null_map(void)
{
	void *mapped = mmap(NULL, NULL_BLOCK_MAX, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (mapped == MAP_FAILED)
		return NULL;
	null_block = mapped;
	return mapped;
}

static void *null_alloc(size_t size)
{
	if (UNLIKELY(size > NULL_BLOCK_MAX)) {
		errno = ENOMEM;
		return NULL;
	}
	return LIKELY(null_block != NULL) ? null_block : null_map();
}

static void *null_calloc(size_t count, size_t size)
{
	size_t product;

	if (__builtin_mul_overflow(count, size, &product))
		return NULL;
	return null_alloc(product);
}

static void *null_aligned_alloc(size_t alignment, size_t size)
{
	/* A page's alignment is all there is. */
	return alignment <= 4096 ? null_alloc(size) : NULL;
}

static void *null_realloc(void *block, size_t size)
{
	(void)block;
	return null_alloc(size);
}

static void null_free(void *block)
{
	(void)block;
}

static size_t null_size(const void *block)
{
	(void)block;
	return 0;
}

extern const struct alloc_backend alloc_backend_null;

const struct alloc_backend alloc_backend_null = {
	.abi = ALLOC_BACKEND_ABI,
	.variant = "null",
	.role = ALLOC_ROLE_CONTROL,
	.serial_scheme = "none",
	.description = "control: no allocator, what the harness costs",
	.guarantees = "no number",
	.bytes_added = control_bytes_added,
	.alloc = null_alloc,
	.calloc = null_calloc,
	.aligned_alloc = null_aligned_alloc,
	.realloc = null_realloc,
	.free = null_free,
	.usable_size = null_size,
	.slot_size = null_size,
	.serial_of = control_serial_of,
	.check = control_check,
	.take_serials = take_serials,
};
