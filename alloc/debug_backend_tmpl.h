// SPDX-License-Identifier: MIT
//
// The variant as a backend of the suite, on CPython's raw domain; included at
// the end of debug_wrap_tmpl.c so that the wrapper folds into each call.
#ifndef SERIALBENCH_DEBUG_BACKEND_TMPL_H
#define SERIALBENCH_DEBUG_BACKEND_TMPL_H

#include "tsc.h"

/* As debug_domain_raw, but known to the compiler in every member. */
static const struct debug_domain suite_domain = {
	.api_id = DEBUG_API_RAW,
	.raw = &raw_libc,
	.fatal = "Fatal Python error: ",
	.free_name = "_PyMem_DebugRawFree",
	.realloc_name = "_PyMem_DebugRawRealloc",
};

static void *backend_alloc(size_t size)
{
	return do_malloc(&suite_domain, size);
}

static void *backend_calloc(size_t count, size_t size)
{
	return do_calloc(&suite_domain, count, size);
}

static void *backend_aligned_alloc(size_t alignment, size_t size)
{
	return do_aligned_alloc(&suite_domain, alignment, size);
}

static void *backend_realloc(void *block, size_t size)
{
	return DEBUG_FN(realloc)(&suite_domain, block, size);
}

static void backend_free(void *block)
{
	do_free(&suite_domain, block);
}

static size_t backend_slot_size(const void *block)
{
	return DEBUG_FN(slot_size)(&suite_domain, block);
}

static uint64_t backend_serial_of(const void *block)
{
	return DEBUG_FN(serial)(block);
}

/* The long look asks the kernel before it reads, twice a block. A live one can
 * be read, so what every free looks at says first whether it is intact, and
 * the slot whether it can be as large as it says. */
static enum alloc_check backend_check(const void *block)
{
	struct open_block open;
	size_t slot;

	if (LIKELY(open_block(&suite_domain, (unsigned char *)block, &open))) {
		slot = underlying_slot_size(&suite_domain, open.base);
		if (LIKELY(slot >= whole_size(open.distance, 0) &&
			    slot - whole_size(open.distance, 0) >= open.size))
			return ALLOC_CHECK_OK;
	}
	return DEBUG_FN(check)(&suite_domain, block);
}

#include "serial_kernel.h"

/* The build says it where the scheme alone does not: A' and planted faults. */
#ifndef DEBUG_ROLE
#ifdef SERIAL_IS_CONTROL
#define DEBUG_ROLE ALLOC_ROLE_CONTROL
#else
#define DEBUG_ROLE ALLOC_ROLE_VARIANT
#endif
#endif

const struct alloc_backend DEBUG_BACKEND = {
	.abi = ALLOC_BACKEND_ABI,
	.variant = VARIANT_TEXT(DEBUG_VARIANT),
	.role = DEBUG_ROLE,
	.library = SERIAL_SCHEME,
	.serial_scheme = SERIAL_SCHEME,
	.description = SERIAL_DESCRIPTION,
	.guarantees = SERIAL_GUARANTEES,
	.serial_bytes = SERIAL_BYTES,
	.numbers_blocks = SERIAL_NUMBERS_BLOCKS,
	.allocates = true,
	.bytes_added = DEBUG_FN(bytes_added),
	.alloc = backend_alloc,
	.calloc = backend_calloc,
	.aligned_alloc = backend_aligned_alloc,
	.realloc = backend_realloc,
	.free = backend_free,
	.usable_size = DEBUG_FN(size),
	.slot_size = backend_slot_size,
	.serial_of = backend_serial_of,
	.check = backend_check,
#ifdef SERIAL_THREAD_PATHS
	.thread_number = serial_thread_number,
#endif
	.take_serials = take_serials,
#if SERIAL_NUMBERS_BLOCKS
	.watch_serials = watch_serials,
#endif
};

#endif /* SERIALBENCH_DEBUG_BACKEND_TMPL_H */
