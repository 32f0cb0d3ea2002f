// SPDX-License-Identifier: MIT
//
// The runner's side of a lane: starts a worker, sends it orders, waits for its
// answers with a deadline, and sees it end. Not thread-safe.
#ifndef SERIALBENCH_LANE_H
#define SERIALBENCH_LANE_H

#include <sys/types.h>

#include "lane_shared.h"

/* Builds of the worker that differ in the order of linking alone. */
#define LINK_ORDERS 3

struct lane {
	struct lane_shared *shared;
	size_t bytes;
	pid_t pid; /* 0: ended and reaped */
	enum lane_status status;
	char message[LANE_TEXT];
};

/* How a worker is started. */
struct lane_start {
	const char *worker; /* path of the executable */
	const char *copy; /* of it, to start in its place; NULL: itself */
	const char *library; /* to preload; NULL: the system's malloc */
	/* ENV=VALUE texts for the worker alone, each with its NUL, closed by
	 * an empty one; or NULL. */
	const char *variables;
	unsigned env_bytes; /* of padding in its environment */
	int common_fd; /* above LANE_COMMON_FD, for that; 0: none */
	int errors_fd; /* what its stderr is; 0: the runner's */
};

/*
 * Starts a worker for a setup; lane_wait() tells when it stands ready. Its
 * environment is this one without LD_PRELOAD and the variables that steer
 * allocators. 0, or -1 with lane->status and lane->message.
 */
int lane_begin(struct lane *lane, const struct lane_setup *setup,
	const struct lane_start *start);

/* Gives an order to a worker that stands ready. */
void lane_order(struct lane *lane, enum lane_action action, uint64_t warmup_ops,
	uint64_t ops);

/* Waits for the answer to the last order (or for the start). 0, or -1 with
 * lane->status (crashed, hung, failed, damaged) and lane->message. */
int lane_wait(struct lane *lane, uint64_t deadline_ns);

/* Kills the worker where it still runs; lane_end() waits for its end. So those
 * of several lanes end side by side. Accepts a zeroed lane. */
void lane_kill(struct lane *lane);

/* Ends the worker by SIGKILL where it still runs and frees the lane. Accepts a
 * zeroed lane and NULL. */
void lane_end(struct lane *lane);

#define LANE_WORKER "serialbench-worker"
#define LANE_LEDGER_WORKER "serialbench-ledger-worker"
#define LANE_PLANTED_WORKER "serialbench-worker-planted"

/* Path of the worker with that link order; valid until the next call. */
const char *lane_worker_path(unsigned link_order);

/* The same of another program that is linked in LINK_ORDERS orders. */
const char *lane_program_path(const char *program, unsigned link_order);

const char *lane_status_name(enum lane_status status);

#endif /* SERIALBENCH_LANE_H */
