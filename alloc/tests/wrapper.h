// SPDX-License-Identifier: MIT
//
// The debug wrapper's variants as a table: dbg_<variant>_malloc and its
// sisters (debug_wrap.h), each in a member of that name.
#ifndef SERIALBENCH_TESTS_WRAPPER_H
#define SERIALBENCH_TESTS_WRAPPER_H

#include "alloc_backend.h"
#include "block_report.h"
#include "debug_domain.h"

struct wrapper {
	const struct alloc_backend *backend;
	const struct serial_print *serial_print;
	void *(*malloc)(const struct debug_domain *domain, size_t size);
	void *(*calloc)(
		const struct debug_domain *domain, size_t count, size_t size);
	void *(*aligned_alloc)(const struct debug_domain *domain,
		size_t alignment, size_t size);
	void *(*realloc)(
		const struct debug_domain *domain, void *block, size_t size);
	void (*free)(const struct debug_domain *domain, void *block);
	size_t (*size)(const void *block);
	size_t (*slot_size)(
		const struct debug_domain *domain, const void *block);
	size_t (*serial)(const void *block);
	size_t (*checked_size)(const struct debug_domain *domain,
		const char *call, const void *block);
	enum alloc_check (*check)(
		const struct debug_domain *domain, const void *block);
	void (*dump)(const struct debug_domain *domain, const void *block);
	size_t (*bytes_added)(size_t size, size_t alignment);
};

/* All that were built, closed by NULL. */
extern const struct wrapper *const wrappers[];

#define FOR_EACH_WRAPPER(w)                                                    \
	for (const struct wrapper *const *w##_at = wrappers, *w = *w##_at;     \
		w != NULL; w = *++w##_at)

/* The name on the command line. */
const char *wrapper_name(const struct wrapper *wrapper);

/* Bytes behind a block: the tail, and the serial where there is one. */
size_t wrapper_behind(const struct wrapper *wrapper);

/* The serial that follows `serial` in this thread. */
size_t wrapper_next_serial(const struct wrapper *wrapper, size_t serial);

/* The line that a dump has of this serial, "" where it has none; of a thread
 * other than the first nothing is known. The result is static. */
const char *wrapper_serial_line(const struct wrapper *wrapper, size_t serial);

/* The same for the eight bytes at `place`. */
const char *wrapper_serial_line_at(
	const struct wrapper *wrapper, const unsigned char *place);

#endif /* SERIALBENCH_TESTS_WRAPPER_H */
