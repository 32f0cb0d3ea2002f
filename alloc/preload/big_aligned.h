// SPDX-License-Identifier: MIT
//
// Big aligned blocks whose header does not stand at the start of its page. The
// underlying allocator may give their pages back, so the header of one that is
// freed twice may not be looked at. The wrapper knows all other places where
// that can happen by their offset in the page (header_is_gone); these are rare
// enough to be written down when they are made.
#ifndef SERIALBENCH_PRELOAD_BIG_ALIGNED_H
#define SERIALBENCH_PRELOAD_BIG_ALIGNED_H

#include <stdbool.h>
#include <stddef.h>

/* Whether there ever was one: a program without them pays one branch. */
extern bool big_aligned_seen;

/* To be told of every aligned block. Thread-safe. */
void big_aligned_made(const void *block, size_t alignment, size_t size);

/* Whether a big block was once on this block's page (or on one that shares its
 * place in the table), and its header cannot be read. */
bool big_aligned_gone(const void *block);

#endif /* SERIALBENCH_PRELOAD_BIG_ALIGNED_H */
