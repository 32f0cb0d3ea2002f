// SPDX-License-Identifier: MIT
//
// For tests: a backend that knows each of its live blocks, counts its calls
// from any number of threads, ends the program at a free that is wrong, and
// does one thing wrong itself where it is asked to.
#ifndef SERIALBENCH_TESTS_TRACKED_BACKEND_H
#define SERIALBENCH_TESTS_TRACKED_BACKEND_H

#include "alloc_backend.h"

struct tracked_calls {
	uint64_t allocs, callocs, aligned_allocs, reallocs, frees;
	uint64_t live; /* blocks */
	uint64_t live_bytes, most_bytes; /* requested, now and at most */
	uint64_t remote_frees; /* by another thread than it was made by */
};

enum tracked_fault {
	FAULT_NONE,
	FAULT_EXHAUSTED, /* no block after tracked_left are made */
	FAULT_OVERFLOWING, /* its check finds every block damaged */
	FAULT_DIRTY_CALLOC, /* the last byte is not zero */
	FAULT_MISALIGNED, /* aligned to 8 bytes and no more */
	FAULT_FORGETFUL_REALLOC, /* the last byte is not kept */
};

extern const struct alloc_backend tracked_backend;
extern struct tracked_calls tracked_calls;
extern enum tracked_fault tracked_fault;
extern uint64_t tracked_left;

/* Of the first blocks freed since tracked_clear(), their numbers: the first
 * that was allocated is 0. */
#define TRACKED_LOG 256
extern uint64_t tracked_freed[TRACKED_LOG];

/* Nothing counted, nothing wrong. No block may be live. */
void tracked_clear(void);

/* Flips a byte of the index-th live block: its first, or its last. */
void tracked_flip(uint64_t index, int last);

#endif /* SERIALBENCH_TESTS_TRACKED_BACKEND_H */
