// SPDX-License-Identifier: MIT
//
// Finds out what is wrong with a block, by looks that cannot fault. Used where
// the quick check of the wrapper said no; nothing here is on the hot path.
#ifndef SERIALBENCH_BLOCK_CHECK_H
#define SERIALBENCH_BLOCK_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "alloc_backend.h"
#include "debug_domain.h"
#include "layout.h"

/* What of a block could be read. */
struct block_view {
	const unsigned char *block; /* P */
	enum alloc_check found;
	bool header_readable;
	unsigned char id; /* as it stands in the header */
	char api; /* the API of this id; the id where it is no API's */
	unsigned char lead[WORD]; /* id and leading guard */
	size_t size; /* n, as the header says */
	size_t distance; /* D, 0 where it is impossible */
	bool distance_bad; /* an aligned block's id, and no D that can be */
	bool distance_guard_bad; /* FD × (D-3S) of an aligned block */
	bool tail_readable;
	unsigned char tail[TAIL_BYTES];
	bool serial_readable;
	size_t serial;
};

/*
 * Looks at the block that was given to `domain` and fills the view. In what
 * order, as CPython: the leading side first, since a damaged size makes the
 * tail unsafe to look for; but an id that is no API's, or a damaged guard
 * beside it, is an underflow and not another API's block. Where most of the
 * guard is gone and no tail stands where the size says, this is no block of
 * ours, or no longer.
 */
void block_view(struct block_view *view, const struct debug_domain *domain,
	bool serial_in_block, const void *block);

#endif /* SERIALBENCH_BLOCK_CHECK_H */
