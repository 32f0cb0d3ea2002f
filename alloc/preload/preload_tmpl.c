// SPDX-License-Identifier: MIT
//
// malloc and its family over the wrapper, compiled once per variant. Where
// programs can tell the difference the rules are those of glibc 2.36:
// realloc(p, 0) frees p and returns NULL (the wrapper's own gives a block of 0
// bytes, as CPython's; an unmodified program would leak it), memalign() and
// aligned_alloc() round an odd alignment up to a power of two. Requests above
// PTRDIFF_MAX fail with ENOMEM.
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "accounting.h"
#include "big_aligned.h"
#include "bootstrap.h"
#include "debug_wrap.h"
#include "layout.h"
#include "preload.h"
#include "underlying.h"

const struct preload_variant preload_variant = {
	.name = VARIANT_TEXT(DEBUG_VARIANT),
	.serial = &DEBUG_FN(serial_print),
	.serial_of = DEBUG_FN(serial),
	.check = DEBUG_FN(check),
	.dump = DEBUG_FN(dump),
	.stop_changed = DEBUG_FN(stop_changed),
	.swap_serials = DEBUG_FN(swap_serials),
#ifdef PRELOAD_THREAD_CREATE
	.start = thread_create_start,
#endif
};

/* Every block that the program gets comes through here. */
ALWAYS_INLINE void *hand_out(void *block, size_t size, size_t alignment)
{
	if (UNLIKELY(block == NULL))
		errno = ENOMEM;
	else if (UNLIKELY(accounting_on))
		accounting_made((struct accounting_block){
			size, DEBUG_FN(bytes_added)(size, alignment), 0});
	return block;
}

/* What a block counts, after the check that the call makes anyway. */
static struct accounting_block checked_block(
	const struct debug_domain *domain, const char *call, void *block)
{
	size_t size = DEBUG_FN(checked_size)(domain, call, block);
	const unsigned char *bytes = block;
	size_t alignment = 0;

	if (layout_is_aligned_id((char)bytes[-(ptrdiff_t)WORD]))
		alignment = layout_load_number(bytes - ALIGNED_HEADER_BYTES);
	return (struct accounting_block){
		size, DEBUG_FN(bytes_added)(size, alignment), 0};
}

/* Before anything looks at the block's header. */
ALWAYS_INLINE void refuse_gone(
	const struct debug_domain *domain, const char *call, const void *block)
{
	if (UNLIKELY(__atomic_load_n(&big_aligned_seen, __ATOMIC_RELAXED)) &&
		block != NULL && big_aligned_gone(block))
		block_fatal(domain, &DEBUG_FN(serial_print), call, block);
}

NOINLINE static void count_free(const struct debug_domain *domain, void *block)
{
	if (!bootstrap_owns(block))
		accounting_freed(
			checked_block(domain, domain->free_name, block));
}

void *preload_alloc(const struct debug_domain *domain, size_t size)
{
	return hand_out(DEBUG_FN(malloc)(domain, size), size, 0);
}

void *preload_aligned_alloc(
	const struct debug_domain *domain, size_t alignment, size_t size)
{
	void *block = DEBUG_FN(aligned_alloc)(domain, alignment, size);

	if (block != NULL)
		big_aligned_made(block, alignment, size);
	return hand_out(block, size, alignment);
}

void preload_free(const struct debug_domain *domain, void *block)
{
	int kept_errno = errno;

	refuse_gone(domain, domain->free_name, block);
	if (UNLIKELY(accounting_on) && block != NULL)
		count_free(domain, block);
	DEBUG_FN(free)(domain, block);
	errno = kept_errno;
}

NOINLINE static void *counted_realloc(void *block, size_t size)
{
	struct accounting_block old = {0};
	bool counts = !bootstrap_owns(block);
	void *moved;

	if (counts)
		old = checked_block(&preload_domain_malloc, "realloc", block);
	moved = DEBUG_FN(realloc)(&preload_domain_malloc, block, size);
	if (!counts || moved == NULL)
		return hand_out(moved, size, 0);
	accounting_replaced(old,
		(struct accounting_block){
			size, DEBUG_FN(bytes_added)(size, 0), 0});
	return moved;
}

static void *do_realloc(void *block, size_t size)
{
	void *moved;

	if (block == NULL)
		return preload_alloc(&preload_domain_malloc, size);
	refuse_gone(&preload_domain_malloc, "realloc", block);
	if (UNLIKELY(size == 0)) {
		DEBUG_FN(checked_size)
		(&preload_domain_malloc, "realloc", block);
		preload_free(&preload_domain_malloc, block);
		return NULL;
	}
	if (UNLIKELY(accounting_on))
		return counted_realloc(block, size);
	moved = DEBUG_FN(realloc)(&preload_domain_malloc, block, size);
	if (UNLIKELY(moved == NULL))
		errno = ENOMEM;
	return moved;
}

/* glibc's memalign(): the next power of two. */
static void *do_memalign(size_t alignment, size_t size)
{
	size_t power = ORDINARY_ALIGNMENT;

	if (alignment > SIZE_MAX / 2 + 1) {
		errno = EINVAL;
		return NULL;
	}
	while (power < alignment)
		power *= 2;
	return preload_aligned_alloc(&preload_domain_malloc, power, size);
}

PUBLIC void *malloc(size_t size)
{
	return preload_alloc(&preload_domain_malloc, size);
}

PUBLIC void *calloc(size_t count, size_t size)
{
	return hand_out(DEBUG_FN(calloc)(&preload_domain_malloc, count, size),
		count * size, 0);
}

PUBLIC void *realloc(void *block, size_t size)
{
	return do_realloc(block, size);
}

PUBLIC void *reallocarray(void *block, size_t count, size_t size)
{
	size_t product;

	if (__builtin_mul_overflow(count, size, &product)) {
		errno = ENOMEM;
		return NULL;
	}
	return do_realloc(block, product);
}

PUBLIC void free(void *block)
{
	preload_free(&preload_domain_malloc, block);
}

PUBLIC int posix_memalign(void **block, size_t alignment, size_t size)
{
	int kept_errno = errno;
	void *found;

	if (alignment % sizeof(void *) != 0 || alignment == 0 ||
		(alignment & (alignment - 1)) != 0)
		return EINVAL;
	found = preload_aligned_alloc(&preload_domain_malloc, alignment, size);
	errno = kept_errno;
	if (found == NULL)
		return ENOMEM;
	*block = found;
	return 0;
}

PUBLIC void *memalign(size_t alignment, size_t size)
{
	return do_memalign(alignment, size);
}

PUBLIC void *aligned_alloc(size_t alignment, size_t size)
{
	return do_memalign(alignment, size);
}

PUBLIC void *valloc(size_t size)
{
	return do_memalign((size_t)getpagesize(), size);
}

PUBLIC void *pvalloc(size_t size)
{
	size_t page = (size_t)getpagesize();

	if (size > REQUEST_MAX - page) {
		errno = ENOMEM;
		return NULL;
	}
	return do_memalign(page, (size + page - 1) / page * page);
}

/* Exactly what was asked for: the bytes behind are the guard's. */
PUBLIC size_t malloc_usable_size(void *block)
{
	if (block == NULL)
		return 0;
	refuse_gone(&preload_domain_malloc, "malloc_usable_size", block);
	return DEBUG_FN(checked_size)(
		preload_domain_of(block), "malloc_usable_size", block);
}

/* C23's; the sizes are the program's claim and are not looked at. */
PUBLIC void free_sized(void *block, size_t size);
PUBLIC void free_sized(void *block, size_t size)
{
	(void)size;
	preload_free(&preload_domain_malloc, block);
}

PUBLIC void free_aligned_sized(void *block, size_t alignment, size_t size);
PUBLIC void free_aligned_sized(void *block, size_t alignment, size_t size)
{
	(void)alignment;
	(void)size;
	preload_free(&preload_domain_malloc, block);
}
