// SPDX-License-Identifier: MIT
//
// The debug wrapper, compiled once per variant. What differs is serial_next(),
// which the variant's header brings; layout.h draws the blocks. Past 400 lines,
// because all of it folds into the calls that are measured.
#include "debug_wrap.h"

#include <stdint.h>
#include <string.h>

#include "layout.h"
#include "safe_read.h"
#include SERIAL_HEADER

#if !defined(SERIAL_SCHEME) || !defined(SERIAL_GUARANTEES) ||                  \
	!defined(SERIAL_DESCRIPTION) || !defined(SERIAL_IN_BLOCK) ||           \
	!defined(SERIAL_NUMBERS_BLOCKS)
#error "the serial header lacks one of the five macros of serial_none.h"
#endif

#define SERIAL_BYTES (SERIAL_IN_BLOCK ? WORD : 0)
#define BEHIND_BYTES (TAIL_BYTES + SERIAL_BYTES)

/* A realloc saves this much at each end, and a block of up to twice as much
 * whole. */
#define ERASED_END ((size_t)64)

#define PAGE_BYTES ((uintptr_t)4096)

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

/* An open block: checked, its parts known. */
struct open_block {
	unsigned char *base; /* B */
	size_t distance; /* D */
	size_t size; /* n */
};

ALWAYS_INLINE size_t smaller(size_t left, size_t right)
{
	return left < right ? left : right;
}

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
	layout_store(block + size, FORBIDDEN_WORD);
	if (SERIAL_IN_BLOCK)
		layout_store_number(block + size + TAIL_BYTES, serial);
}

ALWAYS_INLINE void *finish_new(const struct debug_domain *domain,
	unsigned char *base, size_t size, bool clean)
{
	unsigned char *block;

	if (UNLIKELY(base == NULL))
		return NULL;
	block = base + HEADER_BYTES;
	write_guards(block, domain->api_id, size, serial_next());
	if (clean)
		memset(block, CLEAN_BYTE, size);
	return block;
}

ALWAYS_INLINE void *do_malloc(const struct debug_domain *domain, size_t size)
{
	if (UNLIKELY(size > REQUEST_MAX - whole_size(HEADER_BYTES, 0)))
		return NULL;
	return finish_new(domain,
		domain->raw->malloc(whole_size(HEADER_BYTES, size)), size,
		true);
}

ALWAYS_INLINE void *do_calloc(
	const struct debug_domain *domain, size_t count, size_t size)
{
	size_t product;

	if (UNLIKELY(__builtin_mul_overflow(count, size, &product) ||
		    product > REQUEST_MAX - whole_size(HEADER_BYTES, 0)))
		return NULL;
	return finish_new(domain,
		domain->raw->calloc(1, whole_size(HEADER_BYTES, product)),
		product, false);
}

/* mimalloc 2.0.9 takes a size that is a power of two for its own alignment and
 * may return a block that has less: no other size goes that way. */
static void *aligned_base(
	const struct debug_domain *domain, size_t alignment, size_t size)
{
	void *base;

	for (size_t more = 0; more <= 1; more++) {
		if (domain->raw->posix_memalign(
			    &base, alignment, size + more) != 0)
			return NULL;
		if (LIKELY((uintptr_t)base % alignment == 0))
			return base;
		domain->raw->free(base);
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
	memset(base, FORBIDDEN_BYTE, alignment - ALIGNED_HEADER_BYTES);
	layout_store_number(block - ALIGNED_HEADER_BYTES, alignment);
	write_guards(
		block, layout_aligned_id(domain->api_id), size, serial_next());
	memset(block, CLEAN_BYTE, size);
	return block;
}

/*
 * Whether the tail may be looked at. In the page of P it can be, whatever the
 * size says; beyond, the underlying allocator is asked how big its block is,
 * so that a damaged size is recognised before it leads astray.
 */
ALWAYS_INLINE bool tail_is_near(const struct debug_domain *domain,
	const unsigned char *block, const struct open_block *open)
{
	size_t slot;

	if (LIKELY(open->size <= PAGE_BYTES - BEHIND_BYTES &&
		    ((uintptr_t)block % PAGE_BYTES) + open->size +
				    BEHIND_BYTES <=
			    PAGE_BYTES))
		return true;
	if (UNLIKELY(open->size > REQUEST_MAX))
		return false;
	slot = domain->raw->malloc_usable_size(open->base);
	return slot >= open->distance &&
		slot - open->distance >= BEHIND_BYTES &&
		open->size <= slot - open->distance - BEHIND_BYTES;
}

/*
 * FD × (D-3S) between two addresses. A damaged distance may lead off the map:
 * from the header, whose page is there, backwards, and no page without a look.
 */
static bool distance_guard_intact(
	const unsigned char *base, const unsigned char *header)
{
	for (const unsigned char *pad = header; pad > base; pad--) {
		if ((uintptr_t)pad % PAGE_BYTES == 0 &&
			!safe_readable(pad - 1, 1))
			return false;
		if (pad[-1] != FORBIDDEN_BYTE)
			return false;
	}
	return true;
}

ALWAYS_INLINE bool tail_is_intact(const struct debug_domain *domain,
	const unsigned char *block, const struct open_block *open)
{
	return tail_is_near(domain, block, open) &&
		layout_load(block + open->size) == FORBIDDEN_WORD;
}

/* As open_block(), for a block whose guard is not the ordinary one. Whole and
 * out of line, so that what it calls costs ordinary blocks no register. The
 * least alignment keeps the whole header in one page. */
NOINLINE COLD static bool open_aligned(const struct debug_domain *domain,
	unsigned char *block, struct open_block *open)
{
	size_t distance;

	if ((uintptr_t)block % (2 * ORDINARY_ALIGNMENT) != 0 ||
		layout_load(block - WORD) !=
			layout_guard_word(layout_aligned_id(domain->api_id)))
		return false;
	distance = layout_load_number(block - ALIGNED_HEADER_BYTES);
	if (distance <= ORDINARY_ALIGNMENT ||
		(distance & (distance - 1)) != 0 ||
		(uintptr_t)block % distance != 0)
		return false;
	open->distance = distance;
	open->base = block - distance;
	open->size = layout_load_number(block - HEADER_BYTES);
	return distance_guard_intact(
		       open->base, block - ALIGNED_HEADER_BYTES) &&
		tail_is_intact(domain, block, open);
}

/*
 * Where a header may stand in a page that the underlying allocator has given
 * back: before a block at a page's start, and at the start of a mapping of
 * its own (where 16 bytes of chunk, as glibc has, may stand before it).
 */
ALWAYS_INLINE bool header_is_gone(
	const struct debug_domain *domain, const unsigned char *block)
{
	uintptr_t offset = (uintptr_t)block % PAGE_BYTES;

	return domain->probe_header &&
		UNLIKELY(
			offset <= HEADER_BYTES || offset == 2 * HEADER_BYTES) &&
		!safe_readable(block - HEADER_BYTES, HEADER_BYTES);
}

/* The check of CPython's hooks, the same bytes in the same order. */
ALWAYS_INLINE bool open_block(const struct debug_domain *domain,
	unsigned char *block, struct open_block *open)
{
	if (header_is_gone(domain, block))
		return false;
	if (UNLIKELY(layout_load(block - WORD) !=
		    layout_guard_word(domain->api_id)))
		return open_aligned(domain, block, open);
	open->distance = HEADER_BYTES;
	open->base = block - HEADER_BYTES;
	open->size = layout_load_number(block - HEADER_BYTES);
	return tail_is_intact(domain, block, open);
}

ALWAYS_INLINE void open_or_die(const struct debug_domain *domain,
	const char *call, unsigned char *block, struct open_block *open)
{
	if (UNLIKELY(!open_block(domain, block, open)))
		block_fatal(domain, &DEBUG_FN(serial_print), call, block);
}

ALWAYS_INLINE void do_free(const struct debug_domain *domain, void *block)
{
	struct open_block open;

	if (UNLIKELY(block == NULL))
		return;
	open_or_die(domain, domain->free_name, block, &open);
	memset(open.base, DEAD_BYTE, whole_size(open.distance, open.size));
	domain->raw->free(open.base);
}

/* What a realloc saves while the block is erased. */
struct saved_ends {
	size_t size; /* of the old block */
	unsigned char first[ERASED_END], last[ERASED_END];
};

static void save_and_erase(
	struct saved_ends *saved, unsigned char *block, size_t size)
{
	unsigned char *last = block + size - ERASED_END;

	saved->size = size;
	if (size <= 2 * ERASED_END) {
		size_t head = smaller(size, ERASED_END);

		memcpy(saved->first, block, head);
		memcpy(saved->last, block + head, size - head);
		memset(block - HEADER_BYTES, DEAD_BYTE,
			whole_size(HEADER_BYTES, size));
		return;
	}
	memcpy(saved->first, block, ERASED_END);
	memcpy(saved->last, last, ERASED_END);
	memset(block - HEADER_BYTES, DEAD_BYTE, HEADER_BYTES + ERASED_END);
	memset(last, DEAD_BYTE, ERASED_END + BEHIND_BYTES);
}

/* Puts back what fits into `size` bytes. */
static void restore(
	const struct saved_ends *saved, unsigned char *block, size_t size)
{
	size_t kept = smaller(saved->size, size);
	size_t head = smaller(saved->size, ERASED_END);
	size_t last =
		saved->size <= 2 * ERASED_END ? head : saved->size - ERASED_END;

	memcpy(block, saved->first, smaller(kept, head));
	if (kept > last)
		memcpy(block + last, saved->last, kept - last);
}

/* The underlying realloc knows nothing of alignment: take a new block. */
NOINLINE static void *realloc_aligned(const struct debug_domain *domain,
	void *block, size_t old_size, size_t size)
{
	void *moved = do_malloc(domain, size);

	if (moved == NULL)
		return NULL;
	memcpy(moved, block, smaller(old_size, size));
	do_free(domain, block);
	return moved;
}

static void *do_realloc(
	const struct debug_domain *domain, unsigned char *block, size_t size)
{
	struct open_block open;
	struct saved_ends saved;
	unsigned char *base;
	size_t serial;
	bool moved;

	open_or_die(domain, domain->realloc_name, block, &open);
	if (size > REQUEST_MAX - whole_size(HEADER_BYTES, 0))
		return NULL;
	if (open.distance != HEADER_BYTES)
		return realloc_aligned(domain, block, open.size, size);
	serial = DEBUG_FN(serial)(block);
	save_and_erase(&saved, block, open.size);
	base = domain->raw->realloc(open.base, whole_size(HEADER_BYTES, size));
	moved = base != NULL;
	if (moved) {
		block = base + HEADER_BYTES;
		serial = serial_next();
	} else {
		size = open.size;
	}
	write_guards(block, domain->api_id, size, serial);
	restore(&saved, block, size);
	if (size > open.size)
		memset(block + open.size, CLEAN_BYTE, size - open.size);
	return moved ? block : NULL;
}

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
	return domain->raw->malloc_usable_size(open.base);
}

size_t DEBUG_FN(serial)(const void *block)
{
	if (!SERIAL_IN_BLOCK)
		return 0;
	return layout_load_number((const unsigned char *)block +
		DEBUG_FN(size)(block) + TAIL_BYTES);
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
