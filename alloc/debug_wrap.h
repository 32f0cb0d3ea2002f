// SPDX-License-Identifier: MIT
//
// The debug wrapper's calls, for whoever is compiled for one variant. Each
// takes the domain whose block it is. Thread-safe; checks end the program
// with a report (block_report.h).
#ifndef SERIALBENCH_DEBUG_WRAP_H
#define SERIALBENCH_DEBUG_WRAP_H

#include <stddef.h>

#include "alloc_backend.h"
#include "block_report.h"
#include "debug_domain.h"
#include "thread_path.h"
#include "variant.h"

/* NULL where the request is above REQUEST_MAX or memory is out; errno is left
 * to the underlying allocator. A size of 0 gives a unique block. */
void *DEBUG_FN(malloc)(const struct debug_domain *domain, size_t size);
void *DEBUG_FN(calloc)(
	const struct debug_domain *domain, size_t count, size_t size);

/* `alignment` is a power of two, or NULL is returned. */
void *DEBUG_FN(aligned_alloc)(
	const struct debug_domain *domain, size_t alignment, size_t size);

/* Erases what is about to be given up before the underlying realloc, and puts
 * it back: a stale pointer sees dead bytes even where the block stays. NULL
 * keeps the old block. An aligned block becomes an ordinary one. */
void *DEBUG_FN(realloc)(
	const struct debug_domain *domain, void *block, size_t size);

void DEBUG_FN(free)(const struct debug_domain *domain, void *block);

/* Of a live block; no check is made. */
size_t DEBUG_FN(size)(const void *block);
size_t DEBUG_FN(slot_size)(
	const struct debug_domain *domain, const void *block);
size_t DEBUG_FN(serial)(const void *block);

/* size() after the check that free() makes, signed with `call`. */
size_t DEBUG_FN(checked_size)(
	const struct debug_domain *domain, const char *call, const void *block);

/* Looks and says; dump() writes to stderr. */
enum alloc_check DEBUG_FN(check)(
	const struct debug_domain *domain, const void *block);
void DEBUG_FN(dump)(const struct debug_domain *domain, const void *block);

/* After a new serial to stop at was set: the calling thread heeds it from now
 * on (where serials are counted by thread; elsewhere all threads do at once).
 */
void DEBUG_FN(stop_changed)(void);

/* The calling thread goes on with another count and gives its own, where
 * serials are counted by thread. */
void DEBUG_FN(swap_serials)(struct serial_place *other);

/* Bytes added to a request. */
size_t DEBUG_FN(bytes_added)(size_t size, size_t alignment);

extern const struct serial_print DEBUG_FN(serial_print);

#endif /* SERIALBENCH_DEBUG_WRAP_H */
