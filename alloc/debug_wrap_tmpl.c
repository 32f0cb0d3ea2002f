// SPDX-License-Identifier: MIT
//
// The debug wrapper, compiled once per variant. What differs is serial_next(),
// which the variant's header brings, and in the cost ledger's builds what
// debug_features.h has switched off; layout.h draws the blocks.
#include "debug_wrap.h"

#include <stdint.h>
#include <string.h>

#include "debug_features.h"
#include "layout.h"
#include "safe_read.h"
#include "underlying_calls.h"
#include SERIAL_HEADER
#include "serial_take.h"

#if !defined(SERIAL_SCHEME) || !defined(SERIAL_GUARANTEES) ||                  \
	!defined(SERIAL_DESCRIPTION) || !defined(SERIAL_IN_BLOCK) ||           \
	!defined(SERIAL_NUMBERS_BLOCKS)
#error "the serial header lacks one of the five macros of serial_none.h"
#endif

#define SERIAL_BYTES (SERIAL_IN_BLOCK ? WORD : 0)
#define GUARD_BYTES (DEBUG_GUARDS ? TAIL_BYTES : 0)
#define BEHIND_BYTES (GUARD_BYTES + SERIAL_BYTES)

#ifdef SERIAL_THREAD_PATHS
#define SERIAL_PRINT serial_print_path
#else
#define SERIAL_PRINT serial_print_number
#endif

const struct serial_print DEBUG_FN(serial_print) = {
	.in_block = SERIAL_IN_BLOCK,
	.numbers_blocks = SERIAL_NUMBERS_BLOCKS,
	.print = SERIAL_PRINT,
};

ALWAYS_INLINE size_t whole_size(size_t distance, size_t size)
{
	return distance + size + BEHIND_BYTES;
}

/* Guards and numbers around `size` bytes at `block`, whose header begins right
 * before it. */
ALWAYS_INLINE void write_guards(
	unsigned char *block, char id, size_t size, size_t serial)
{
	layout_store_number(block - HEADER_BYTES, size);
	layout_store(block - WORD, layout_guard_word(id));
	if (DEBUG_GUARDS && SERIAL_IN_BLOCK)
		layout_store_tail(block + size, serial);
	else if (DEBUG_GUARDS)
		layout_store(block + size, FORBIDDEN_WORD);
	else if (SERIAL_IN_BLOCK)
		layout_store_number(block + size, serial);
}

/* The block for `size` bytes: of unknown content if it is to be filled, else of
 * zeros. */
ALWAYS_INLINE unsigned char *take_underlying(
	const struct debug_domain *domain, size_t size, bool clean)
{
	size_t whole = whole_size(HEADER_BYTES, size);

	return clean ? underlying_malloc(domain, whole)
		     : underlying_calloc(domain, 1, whole);
}

ALWAYS_INLINE void *fill_new(const struct debug_domain *domain,
	unsigned char *base, size_t size, bool clean, size_t serial)
{
	unsigned char *block = base + HEADER_BYTES;

	write_guards(block, domain->api_id, size, serial);
	if (clean && DEBUG_CLEAN_FILL)
		memset(block, CLEAN_BYTE, size);
	return block;
}

/* Apart, because with a call in its middle the hot path has to save registers:
 * two stores more than the number itself needs. */
NOINLINE COLD static void *fill_new_event(const struct debug_domain *domain,
	unsigned char *base, size_t size, bool clean, size_t serial)
{
	return fill_new(domain, base, size, clean, serial_event(serial));
}

/* Numbered when the underlying allocator has succeeded, as CPython does. */
ALWAYS_INLINE void *do_new(
	const struct debug_domain *domain, size_t size, bool clean)
{
	unsigned char *base = take_underlying(domain, size, clean);
	size_t serial;
	void *block;

	if (UNLIKELY(base == NULL))
		return NULL;
	serial = serial_next();
	if (UNLIKELY(serial_is_event(serial)))
		return fill_new_event(domain, base, size, clean, serial);
	block = fill_new(domain, base, size, clean, serial);
	serial_given();
	return block;
}

ALWAYS_INLINE void *do_malloc(const struct debug_domain *domain, size_t size)
{
	if (UNLIKELY(size > REQUEST_MAX - whole_size(HEADER_BYTES, 0)))
		return NULL;
	return do_new(domain, size, true);
}

ALWAYS_INLINE void *do_calloc(
	const struct debug_domain *domain, size_t count, size_t size)
{
	size_t product;

	if (UNLIKELY(__builtin_mul_overflow(count, size, &product) ||
		    product > REQUEST_MAX - whole_size(HEADER_BYTES, 0)))
		return NULL;
	return do_new(domain, product, false);
}

/* mimalloc 2.0.9 takes a size that is a power of two for its own alignment and
 * may return a block that has less: no other size goes that way. */
static void *aligned_base(
	const struct debug_domain *domain, size_t alignment, size_t size)
{
	void *base;

	for (size_t more = 0; more <= 1; more++) {
		if (underlying_posix_memalign(
			    domain, &base, alignment, size + more) != 0)
			return NULL;
		if (LIKELY((uintptr_t)base % alignment == 0))
			return base;
		underlying_free(domain, base);
	}
	return NULL;
}

static void *do_aligned_alloc(
	const struct debug_domain *domain, size_t alignment, size_t size)
{
	unsigned char *block, *base;

	if (alignment == 0 || (alignment & (alignment - 1)) != 0)
		return NULL;
	if (alignment <= ORDINARY_ALIGNMENT)
		return do_malloc(domain, size);
	if (alignment > REQUEST_MAX / 2 ||
		size > REQUEST_MAX - whole_size(alignment, 0))
		return NULL;
	base = aligned_base(domain, alignment, whole_size(alignment, size));
	if (base == NULL)
		return NULL;
	block = base + alignment;
	if (DEBUG_GUARDS)
		memset(base, FORBIDDEN_BYTE, alignment - ALIGNED_HEADER_BYTES);
	layout_store_number(block - ALIGNED_HEADER_BYTES, alignment);
	write_guards(
		block, layout_aligned_id(domain->api_id), size, serial_take());
	if (DEBUG_CLEAN_FILL)
		memset(block, CLEAN_BYTE, size);
	return block;
}

#include "debug_open_tmpl.h"

ALWAYS_INLINE void do_free(const struct debug_domain *domain, void *block)
{
	struct open_block open;

	if (UNLIKELY(block == NULL))
		return;
	open_or_die(domain, domain->free_name, block, &open);
	if (DEBUG_DEAD_FILL)
		memset(open.base, DEAD_BYTE,
			whole_size(open.distance, open.size));
	underlying_free(domain, open.base);
}

#include "debug_realloc_tmpl.h"

void *DEBUG_FN(malloc)(const struct debug_domain *domain, size_t size)
{
	return do_malloc(domain, size);
}

void *DEBUG_FN(calloc)(
	const struct debug_domain *domain, size_t count, size_t size)
{
	return do_calloc(domain, count, size);
}

void *DEBUG_FN(aligned_alloc)(
	const struct debug_domain *domain, size_t alignment, size_t size)
{
	return do_aligned_alloc(domain, alignment, size);
}

void *DEBUG_FN(realloc)(
	const struct debug_domain *domain, void *block, size_t size)
{
	if (block == NULL)
		return do_malloc(domain, size);
	return do_realloc(domain, block, size);
}

void DEBUG_FN(free)(const struct debug_domain *domain, void *block)
{
	do_free(domain, block);
}

size_t DEBUG_FN(size)(const void *block)
{
	return layout_load_number((const unsigned char *)block - HEADER_BYTES);
}

size_t DEBUG_FN(slot_size)(const struct debug_domain *domain, const void *block)
{
	struct open_block open;

	if (!open_block(domain, (unsigned char *)block, &open))
		return 0;
	return underlying_slot_size(domain, open.base);
}

size_t DEBUG_FN(serial)(const void *block)
{
	if (!SERIAL_IN_BLOCK)
		return 0;
	return layout_load_number((const unsigned char *)block +
		DEBUG_FN(size)(block) + GUARD_BYTES);
}

size_t DEBUG_FN(checked_size)(
	const struct debug_domain *domain, const char *call, const void *block)
{
	struct open_block open;

	open_or_die(domain, call, (unsigned char *)block, &open);
	return open.size;
}

enum alloc_check DEBUG_FN(check)(
	const struct debug_domain *domain, const void *block)
{
	struct block_view view;

	/* The long look is for whole blocks. */
	if (!DEBUG_GUARDS)
		return checked_without_guards(domain, (void *)block);
	block_view(&view, domain, SERIAL_IN_BLOCK, block);
	return view.found;
}

void DEBUG_FN(dump)(const struct debug_domain *domain, const void *block)
{
	block_dump(domain, &DEBUG_FN(serial_print), block);
}

void DEBUG_FN(stop_changed)(void)
{
#ifdef SERIAL_THREAD_PATHS
	serial_stop_changed();
#endif
}

void DEBUG_FN(swap_serials)(struct serial_place *other)
{
#ifdef SERIAL_THREAD_PATHS
	serial_swap(other);
#else
	(void)other;
#endif
}

size_t DEBUG_FN(bytes_added)(size_t size, size_t alignment)
{
	(void)size;
	return whole_size(layout_distance(alignment), 0);
}

/* The backend of the suite: the raw domain, folded into each call. */
#ifdef DEBUG_AS_BACKEND
#include "debug_backend_tmpl.h"
#endif
