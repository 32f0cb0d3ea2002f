// SPDX-License-Identifier: MIT
//
// The micro-benchmarks: every variant's counter kernel and alloc/free pair,
// driven by google-benchmark. Named counter/<variant>/work:N/… and
// pair/<variant>/size:N/…, then manual_time/threads:T.
//
// google-benchmark's real_time changed its meaning: with T > 1 threads it is
// wall time per operation of all threads up to 1.8, and T times that from 1.9
// on. So the counters of a run are our own and mean the same in every version:
//   wall_ns_per_op         wall ns per operation over all threads: 1 / sum of
//                          the threads' rates, mean over the batches
//   wall_ns_per_op_median  the same, median over the last batches
//   batch_operations       operations of one thread in one timed batch
#ifndef SERIALBENCH_MICRO_H
#define SERIALBENCH_MICRO_H

#include "error_text.h"

#define MICRO_MAX_THREADS 512

/* What the benchmarks ask of whoever runs them: bench/ knows no topology. */
struct micro_host {
	void *context; /* for place() */

	/* PUs that may be used; thread counts go up to this. */
	unsigned pu_count;

	/* Chooses a PU for each of `threads` threads, the same on every call;
	 * one call at a time. 0, or -1 with error. */
	int (*place)(void *context, unsigned threads, unsigned *pus,
		struct error *error);

	/* Binds the calling thread. 0, or -1 with errno: the benchmark is then
	 * skipped with an error. */
	int (*pin)(unsigned pu);

	/* One line each for the context of the output. */
	const char *topology, *placement;
};

/*
 * main(). The exit status: 0, 1 when a benchmark failed, 2 for wrong flags or
 * when none was chosen. Once in a process.
 */
int micro_run(int argc, char **argv, const struct micro_host *host);

#endif /* SERIALBENCH_MICRO_H */
