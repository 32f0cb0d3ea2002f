// SPDX-License-Identifier: MIT
//
// The underlying allocators: which are installed, and the proof that a worker
// that preloads one really runs on it.
#ifndef SERIALBENCH_ALLOCATORS_H
#define SERIALBENCH_ALLOCATORS_H

#include <stdbool.h>
#include <stddef.h>

#include "error_text.h"
#include "lane.h"

#define ALLOCATOR_VARIABLES 512 /* bytes of the variables with their NULs */

/* One that was looked for by name, or given as a path. */
struct allocator {
	char name[LANE_TEXT]; /* in cell names: system, jemalloc, a path */
	char library[LANE_TEXT]; /* to preload; "" for the system's */
	/* Of its workers' environment alone, as lane_start has them. */
	char variables[ALLOCATOR_VARIABLES];
	struct lane_identity identity; /* as a worker proved it */
};

/* Known names, closed by NULL; "system" first. */
extern const char *const allocator_names[];
const char *allocator_description(const char *name);

/*
 * Finds an allocator by known name or by path and lets a worker prove that it
 * takes malloc and malloc_usable_size over. 0, or -1 with one line in error.
 */
int allocator_find(
	struct allocator *allocator, const char *name, struct error *error);

/*
 * Lets a worker prove that the library of an allocator that has a name, a
 * library (a path, or a name that the dynamic linker knows) and variables
 * takes malloc and malloc_usable_size over. 0, or -1 with one line in error.
 */
int allocator_prove(struct allocator *allocator, struct error *error);

/* Makes a worker run on an allocator: its library and variables. */
void allocator_start(
	const struct allocator *allocator, struct lane_start *start);

/* Whether an identity that a worker stated is this allocator's. */
bool allocator_is(const struct allocator *allocator,
	const struct lane_identity *identity);

#endif /* SERIALBENCH_ALLOCATORS_H */
