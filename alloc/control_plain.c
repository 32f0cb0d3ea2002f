// SPDX-License-Identifier: MIT
//
// Control plain: the underlying allocator with no wrapper, called through the
// same table as the wrapper calls it.
#include "alloc_backend.h"
#include "control.h"
#include "raw_calls.h"

#include "compiler.h"
#include SERIAL_HEADER

#include "serial_kernel.h"

static void *plain_alloc(size_t size)
{
	return raw_libc.malloc(size);
}

static void *plain_calloc(size_t count, size_t size)
{
	return raw_libc.calloc(count, size);
}

static void *plain_aligned_alloc(size_t alignment, size_t size)
{
	void *block;

	if (alignment < sizeof(void *))
		alignment = sizeof(void *);
	return raw_libc.posix_memalign(&block, alignment, size) == 0 ? block
								     : NULL;
}

/* The contract's realloc(p, 0) gives a block; C's may free. */
static void *plain_realloc(void *block, size_t size)
{
	return raw_libc.realloc(block, size > 0 ? size : 1);
}

static void plain_free(void *block)
{
	raw_libc.free(block);
}

static size_t plain_size(const void *block)
{
	return raw_libc.malloc_usable_size((void *)block);
}

extern const struct alloc_backend alloc_backend_plain;

const struct alloc_backend alloc_backend_plain = {
	.abi = ALLOC_BACKEND_ABI,
	.variant = "plain",
	.role = ALLOC_ROLE_CONTROL,
	.serial_scheme = "none",
	.description = "control: the underlying allocator, no wrapper",
	.guarantees = "no number",
	.allocates = true,
	.bytes_added = control_bytes_added,
	.alloc = plain_alloc,
	.calloc = plain_calloc,
	.aligned_alloc = plain_aligned_alloc,
	.realloc = plain_realloc,
	.free = plain_free,
	.usable_size = plain_size,
	.slot_size = plain_size,
	.serial_of = control_serial_of,
	.check = control_check,
	.take_serials = take_serials,
};
