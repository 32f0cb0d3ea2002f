// SPDX-License-Identifier: MIT
//
// `none` whose blocks are PLANTED_BYTES larger than was asked for. What it
// says of itself (bytes_added) is what `none` says: only whoever weighs blocks
// can find the bytes.
#include "alloc_backend.h"
#include "planted.h"

extern const struct alloc_backend alloc_backend_none, alloc_backend_padded;

/* What is too much stays too much. */
static size_t more(size_t size)
{
	return size > SIZE_MAX - PLANTED_BYTES ? size : size + PLANTED_BYTES;
}

static void *padded_alloc(size_t size)
{
	return alloc_backend_none.alloc(more(size));
}

static void *padded_calloc(size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		return NULL;
	return alloc_backend_none.calloc(1, more(bytes));
}

static void *padded_aligned_alloc(size_t alignment, size_t size)
{
	return alloc_backend_none.aligned_alloc(alignment, more(size));
}

static void *padded_realloc(void *block, size_t size)
{
	return alloc_backend_none.realloc(block, more(size));
}

static void padded_free(void *block)
{
	alloc_backend_none.free(block);
}

static size_t padded_bytes_added(size_t size, size_t alignment)
{
	return alloc_backend_none.bytes_added(size, alignment);
}

static size_t padded_usable_size(const void *block)
{
	return alloc_backend_none.usable_size(block) - PLANTED_BYTES;
}

static size_t padded_slot_size(const void *block)
{
	return alloc_backend_none.slot_size(block);
}

static uint64_t padded_serial_of(const void *block)
{
	return alloc_backend_none.serial_of(block);
}

static enum alloc_check padded_check(const void *block)
{
	return alloc_backend_none.check(block);
}

static uint64_t padded_take_serials(uint64_t count, unsigned work)
{
	return alloc_backend_none.take_serials(count, work);
}

const struct alloc_backend alloc_backend_padded = {
	.abi = ALLOC_BACKEND_ABI,
	.variant = "padded",
	.role = ALLOC_ROLE_PLANTED,
	.serial_scheme = "none",
	.description = "planted: none, and bytes that nobody asked for",
	.guarantees = "no number",
	.allocates = true,
	.bytes_added = padded_bytes_added,
	.alloc = padded_alloc,
	.calloc = padded_calloc,
	.aligned_alloc = padded_aligned_alloc,
	.realloc = padded_realloc,
	.free = padded_free,
	.usable_size = padded_usable_size,
	.slot_size = padded_slot_size,
	.serial_of = padded_serial_of,
	.check = padded_check,
	.take_serials = padded_take_serials,
};
