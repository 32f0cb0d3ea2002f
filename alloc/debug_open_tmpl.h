// SPDX-License-Identifier: MIT
//
// The quick check of a block, which every free and realloc makes; included in
// the middle of debug_wrap_tmpl.c so that it folds into them.
#ifndef SERIALBENCH_DEBUG_OPEN_TMPL_H
#define SERIALBENCH_DEBUG_OPEN_TMPL_H

#define PAGE_BYTES ((uintptr_t)4096)

/* An open block: checked, its parts known. */
struct open_block {
	unsigned char *base; /* B */
	size_t distance; /* D */
	size_t size; /* n */
};

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
	slot = underlying_slot_size(domain, open->base);
	if (UNLIKELY(slot == SLOT_UNKNOWN))
		return safe_readable(block + open->size, BEHIND_BYTES);
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
	return !DEBUG_GUARDS ||
		(tail_is_near(domain, block, open) &&
			layout_load(block + open->size) == FORBIDDEN_WORD);
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
	return (!DEBUG_GUARDS ||
		       distance_guard_intact(
			       open->base, block - ALIGNED_HEADER_BYTES)) &&
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

/* What a free needs of a block that is believed. */
ALWAYS_INLINE void locate_block(unsigned char *block, struct open_block *open)
{
	open->distance = HEADER_BYTES;
	if (UNLIKELY(layout_is_aligned_id((char)*(block - WORD))))
		open->distance =
			layout_load_number(block - ALIGNED_HEADER_BYTES);
	open->base = block - open->distance;
	open->size = layout_load_number(block - HEADER_BYTES);
}

static inline enum alloc_check checked_without_guards(
	const struct debug_domain *domain, unsigned char *block)
{
	struct open_block open;

	return open_block(domain, block, &open) ? ALLOC_CHECK_OK
						: ALLOC_CHECK_FREED_OR_FOREIGN;
}

ALWAYS_INLINE void open_or_die(const struct debug_domain *domain,
	const char *call, unsigned char *block, struct open_block *open)
{
	if (!DEBUG_VERIFICATION)
		locate_block(block, open);
	else if (UNLIKELY(!open_block(domain, block, open)))
		block_fatal(domain, &DEBUG_FN(serial_print), call, block);
}

#endif /* SERIALBENCH_DEBUG_OPEN_TMPL_H */
