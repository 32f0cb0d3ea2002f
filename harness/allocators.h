// SPDX-License-Identifier: MIT
//
// The underlying allocators: which are installed, and the proof that a worker
// that preloads one really runs on it.
#ifndef SERIALBENCH_ALLOCATORS_H
#define SERIALBENCH_ALLOCATORS_H

#include <stdbool.h>
#include <stddef.h>

#include "lane_shared.h"

#define ALLOCATOR_ERROR 880 /* three names and what is allowed */

/* One that was looked for by name, or given as a path. */
struct allocator {
	char name[LANE_TEXT]; /* in cell names: system, jemalloc, a path */
	char library[LANE_TEXT]; /* to preload; "" for the system's */
	struct lane_identity identity; /* as a worker proved it */
};

/* Known names, closed by NULL; "system" first. */
extern const char *const allocator_names[];
const char *allocator_description(const char *name);

/*
 * Finds an allocator by known name or by path and lets a worker prove that it
 * takes malloc and malloc_usable_size over. 0, or -1 with one line in error[].
 */
int allocator_find(struct allocator *allocator, const char *name,
	char error[ALLOCATOR_ERROR]);

/* Whether an identity that a worker stated is this allocator's. */
bool allocator_is(const struct allocator *allocator,
	const struct lane_identity *identity);

#endif /* SERIALBENCH_ALLOCATORS_H */
