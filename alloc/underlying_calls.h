// SPDX-License-Identifier: MIT
//
// A domain's way to its underlying allocator: the malloc family, which most
// domains stand on, or calls that take a context (dbgalloc.h). Where the
// domain is known to the compiler the question folds away.
#ifndef SERIALBENCH_UNDERLYING_CALLS_H
#define SERIALBENCH_UNDERLYING_CALLS_H

#include <errno.h>
#include <stdint.h>

#include "compiler.h"
#include "debug_domain.h"

/* The size of a slot that nobody tells. */
#define SLOT_UNKNOWN SIZE_MAX

ALWAYS_INLINE void *underlying_malloc(
	const struct debug_domain *domain, size_t size)
{
	if (LIKELY(domain->raw != NULL))
		return domain->raw->malloc(size);
	return domain->underlying->malloc(domain->underlying->context, size);
}

ALWAYS_INLINE void *underlying_calloc(
	const struct debug_domain *domain, size_t count, size_t size)
{
	if (LIKELY(domain->raw != NULL))
		return domain->raw->calloc(count, size);
	return domain->underlying->calloc(
		domain->underlying->context, count, size);
}

ALWAYS_INLINE void *underlying_realloc(
	const struct debug_domain *domain, void *block, size_t size)
{
	if (LIKELY(domain->raw != NULL))
		return domain->raw->realloc(block, size);
	return domain->underlying->realloc(
		domain->underlying->context, block, size);
}

ALWAYS_INLINE void underlying_free(
	const struct debug_domain *domain, void *block)
{
	if (LIKELY(domain->raw != NULL))
		domain->raw->free(block);
	else
		domain->underlying->free(domain->underlying->context, block);
}

/* Calls with a context have no aligned one: ENOMEM. */
ALWAYS_INLINE int underlying_posix_memalign(const struct debug_domain *domain,
	void **block, size_t alignment, size_t size)
{
	if (LIKELY(domain->raw != NULL))
		return domain->raw->posix_memalign(block, alignment, size);
	return ENOMEM;
}

ALWAYS_INLINE size_t underlying_slot_size(
	const struct debug_domain *domain, void *block)
{
	if (LIKELY(domain->raw != NULL))
		return domain->raw->malloc_usable_size(block);
	if (domain->underlying->usable_size == NULL)
		return SLOT_UNKNOWN;
	return domain->underlying->usable_size(
		domain->underlying->context, block);
}

#endif /* SERIALBENCH_UNDERLYING_CALLS_H */
