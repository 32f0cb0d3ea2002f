// SPDX-License-Identifier: MIT
//
// Inside of bench/micro: the threads of one run, from their pinning to their
// last batch.
#ifndef SERIALBENCH_MICRO_TEAM_H
#define SERIALBENCH_MICRO_TEAM_H

#include "compiler.h"
#include "error_text.h"
#include "micro.h"
#include "micro_barrier.h"
#include "workload.h"

/* What a family runs; its argument is the value of `param`. */
struct micro_family {
	const struct micro_host *host;
	const struct alloc_backend *backend;
	const char *workload, *param;
};

/* One thread, on cache lines of its own. */
struct micro_member {
	_Alignas(CACHELINE) struct workload_thread thread;
	uint64_t took_ns; /* of the last batch */
	size_t own_bytes;
	_Atomic bool failed; /* set by itself, read by all */
	bool began;
	struct error error; /* where it failed */
};

/* There is one, for google-benchmark runs one benchmark at a time; members 0
 * to instance.threads - 1 are in use. */
struct micro_team {
	struct micro_barrier barrier;
	struct workload_instance instance;
	const struct micro_host *host;
	unsigned pus[MICRO_MAX_THREADS];
	bool failed;
	struct error error;
	struct micro_member members[MICRO_MAX_THREADS];
};

/*
 * Of each thread `index` of `threads`, all of them at once: begin; batches;
 * end. The steps wait for each other. begin and end return NULL or, in every
 * thread alike, what failed in one of them; end comes in any case.
 */
const char *micro_team_begin(struct micro_team *team,
	const struct micro_family *family, int64_t value, unsigned index,
	unsigned threads);
const char *micro_team_end(struct micro_team *team, unsigned index);

/*
 * Does `operations` operations in each thread. Returns the wall ns of all of
 * them at the sum of the threads' rates, the same in every thread; 0 where a
 * thread failed.
 */
double micro_team_batch(
	struct micro_team *team, unsigned index, uint64_t operations);

#endif /* SERIALBENCH_MICRO_TEAM_H */
