// SPDX-License-Identifier: MIT
//
// An underlying allocator that records what it is asked for, fails when told
// to and never forgets a block's bytes: what the wrapper did to a block can be
// seen after it gave the block up. One for the process, one thread.
#ifndef SERIALBENCH_TESTS_ARENA_H
#define SERIALBENCH_TESTS_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include "debug_domain.h"

/* What fresh memory holds. */
#define ARENA_JUNK 0xEE

struct arena {
	/* Calls of every kind, and those that give memory (failed or not). */
	size_t calls, allocations;
	size_t live; /* blocks given and not given back */
	size_t misuses; /* calls with a pointer that is no live block */

	/* Of the last call that gives memory. */
	size_t size, alignment;
	unsigned char *block;

	/* The old block as it stood when realloc() was called. */
	size_t seen_size;
	unsigned char seen[8192];

	/* Behaviour. */
	size_t fail_at; /* the how-manieth allocation fails, 0 for none */
	size_t slot_multiple; /* usable size is a multiple of this */
	bool realloc_stays; /* does not move blocks made while it is set */
	bool scribbles; /* free() uses a block's first 16 bytes, as glibc */
	bool unmaps; /* free() makes a block's pages unreadable */
};

extern struct arena arena;
extern const struct raw_calls arena_raw;

/* The domains r, m and o on the arena, and r with probe_header. */
extern const struct debug_domain arena_domains[3], arena_probing;

/* An empty arena with standard behaviour. Its first block stands at a page's
 * start, behind a page that cannot be read; a page later is a multiple of 8192.
 */
void arena_reset(void);

/* The next block ends where the readable memory ends (up to 15 bytes of
 * rounding); no more blocks after it. */
void arena_place_at_end(size_t size);

/* Blocks, live or not, around which a byte was written. */
size_t arena_spilt(void);

#endif /* SERIALBENCH_TESTS_ARENA_H */
