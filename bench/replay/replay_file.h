// SPDX-License-Identifier: MIT
//
// The trace of a replay, as the runner looks at it. The hooks of the workload.
#ifndef SERIALBENCH_REPLAY_FILE_H
#define SERIALBENCH_REPLAY_FILE_H

#include "workload.h"

/* Whether there is a trace, which can be seen without reading it all. 0, or -1
 * with error[]. */
int replay_file_check(
	const struct workload_instance *instance, char error[WORKLOAD_TEXT]);

/* Reads all of it: the threads that it has something to do for. 0, or -1 with
 * error[]. */
int replay_file_plan(const struct workload_instance *instance,
	struct workload_team *team, char error[WORKLOAD_TEXT]);

/* Reads all of it: operations of each thread that go through it once. */
uint64_t replay_file_course(const struct workload_instance *instance);

/* Both windows of every worker's beginning. */
size_t replay_file_common_bytes(const struct workload_instance *instance);
int replay_file_make_common(
	const struct workload_instance *instance, void *memory);

#endif /* SERIALBENCH_REPLAY_FILE_H */
