// SPDX-License-Identifier: MIT
//
// What serialbench-exec-child tells the runner about the one command that it
// ran.
#ifndef SERIALBENCH_EXEC_CHILD_H
#define SERIALBENCH_EXEC_CHILD_H

#include <stdint.h>
#include <sys/resource.h>

/* The descriptor that it writes its report to, in one piece. */
#define EXEC_CHILD_FD 3

/* Its first argument: whether the kernel draws the command's addresses. */
#define EXEC_CHILD_FIXED "fixed"
#define EXEC_CHILD_RANDOM "random"

struct exec_child_report {
	int32_t spawn_error; /* errno: there was no process; else 0 */
	int32_t status; /* as wait4 gives it */
	uint64_t wall_ns; /* CLOCK_MONOTONIC, posix_spawnp to wait4 */
	struct rusage usage; /* of the command and what it waited for */
};

#endif /* SERIALBENCH_EXEC_CHILD_H */
