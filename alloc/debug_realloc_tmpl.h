// SPDX-License-Identifier: MIT
//
// realloc with CPython's erase and restore; included in debug_wrap_tmpl.c.
#ifndef SERIALBENCH_DEBUG_REALLOC_TMPL_H
#define SERIALBENCH_DEBUG_REALLOC_TMPL_H

/* A realloc saves this much at each end, and a block of up to twice as much
 * whole. */
#define ERASED_END ((size_t)64)

ALWAYS_INLINE size_t smaller(size_t left, size_t right)
{
	return left < right ? left : right;
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
	if (DEBUG_DEAD_FILL)
		save_and_erase(&saved, block, open.size);
	base = underlying_realloc(
		domain, open.base, whole_size(HEADER_BYTES, size));
	moved = base != NULL;
	if (moved) {
		block = base + HEADER_BYTES;
		serial = serial_take();
	} else {
		size = open.size;
	}
	write_guards(block, domain->api_id, size, serial);
	if (DEBUG_DEAD_FILL)
		restore(&saved, block, size);
	if (DEBUG_CLEAN_FILL && size > open.size)
		memset(block + open.size, CLEAN_BYTE, size - open.size);
	return moved ? block : NULL;
}

#endif /* SERIALBENCH_DEBUG_REALLOC_TMPL_H */
