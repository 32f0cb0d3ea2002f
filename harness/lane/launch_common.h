// SPDX-License-Identifier: MIT
//
// What the workers of a launch have in common, where the workload says so
// (workload.h): made once by the runner and mapped by each worker.
#ifndef SERIALBENCH_LAUNCH_COMMON_H
#define SERIALBENCH_LAUNCH_COMMON_H

#include <stddef.h>
#include <stdint.h>

struct launch_common {
	int fd; /* above LANE_COMMON_FD, closed by exec */
	size_t bytes;
};

/*
 * For a workload as on the command line. NULL where it has nothing in common or
 * that could not be made: then each worker makes its own. What hangs on no seed
 * is kept for later launches, a few of them; valid until the next call. Not
 * thread-safe.
 */
const struct launch_common *launch_common(
	const char *workload, unsigned threads, uint64_t seed);

#endif /* SERIALBENCH_LAUNCH_COMMON_H */
