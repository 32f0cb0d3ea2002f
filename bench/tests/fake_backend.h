// SPDX-License-Identifier: MIT
//
// For tests: a backend that counts its calls, and ones that damage blocks.
#ifndef SERIALBENCH_TESTS_FAKE_BACKEND_H
#define SERIALBENCH_TESTS_FAKE_BACKEND_H

#include "alloc_backend.h"

struct fake_calls {
	uint64_t allocs, frees, live;
	uint64_t others; /* every call but those two and take_serials */
	uint64_t serials; /* that take_serials was asked for */
	size_t size; /* of the last alloc */
	unsigned work; /* of the last take_serials */
};

extern struct fake_calls fake_calls;

/* Blocks of malloc, every call counted. */
extern const struct alloc_backend fake_counting;

/* Always out of memory. */
extern const struct alloc_backend fake_exhausted;

/* Intact blocks that its own check finds damaged. */
extern const struct alloc_backend fake_overflowing;

/* A block whose second page is its first: what is written there is damaged.
 * For blocks above one page. */
extern const struct alloc_backend fake_aliasing;

#endif /* SERIALBENCH_TESTS_FAKE_BACKEND_H */
