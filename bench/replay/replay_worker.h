// SPDX-License-Identifier: MIT
//
// One worker of a replay, and what the workers of one copy share.
#ifndef SERIALBENCH_REPLAY_WORKER_H
#define SERIALBENCH_REPLAY_WORKER_H

#include <stdatomic.h>

#include "alloc_backend.h"
#include "compiler.h"
#include "replay_feed.h"

/* A block of the trace; the mark is its number's low byte. */
struct replay_slot {
	unsigned char *block; /* NULL: none */
	size_t size;
};

/* Words that a worker has done, in all windows. On a line of its own. */
struct replay_progress {
	_Alignas(CACHELINE) _Atomic uint64_t words;
};

struct replay_worker {
	const struct alloc_backend *backend;
	const struct replay_feed *feed;
	struct replay_slot *slots; /* of its copy */
	struct replay_progress *progress; /* of its copy, by worker */
	uint32_t index, workers; /* in its copy */
	unsigned think; /* cycles of private work after each call */
	unsigned window;
	uint32_t next; /* word of its stream in the window */
	uint64_t begin; /* half operations before the window */
	uint64_t position; /* half operations up to which it has come */
	uint64_t sum; /* of the words done */
	unsigned char torn; /* not 0: a realloc lost a mark */
	uint64_t missing; /* blocks that the allocator did not give */
	/* By worker of the copy: words of its stream before the window; words
	 * of all that this worker has seen done. */
	uint64_t *before, *seen;
};

/* Does its part of what the copy does up to a position, for which the feed has
 * windows. */
void replay_worker_run(struct replay_worker *worker, uint64_t position);

#endif /* SERIALBENCH_REPLAY_WORKER_H */
