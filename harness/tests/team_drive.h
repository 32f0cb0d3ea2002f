// SPDX-License-Identifier: MIT
//
// For tests: a worker's team in this process, on a lane in plain memory, with
// the test in the runner's place.
#ifndef SERIALBENCH_TESTS_TEAM_DRIVE_H
#define SERIALBENCH_TESTS_TEAM_DRIVE_H

#include <pthread.h>

#include "team.h"

struct drive {
	struct lane_shared *lane;
	struct team *team;
	pthread_t joiner; /* in team_join from the start, as the worker's main
			     thread is */
	_Atomic bool joined;
};

/* How a team is made; pus are the allowed ones, round and round. */
struct drive_setup {
	const char *workload;
	const struct alloc_backend *backend;
	unsigned threads;
	uint64_t seed;
	unsigned heap_bytes;
	enum lane_job job; /* that takes turns; 0: LANE_TURNS */
	bool sleep; /* at barriers; else spins where there are PUs enough */
	bool no_pin;
};

/* The lane alone, as the runner fills it in. */
void drive_map(struct drive *drive, const struct drive_setup *setup);

/* team_create's result. */
int drive_begin(struct drive *drive, const struct drive_setup *setup);

/* One order, carried out; the lane's status. Fails the test after a minute. */
enum lane_status drive_order(struct drive *drive, enum lane_action action,
	uint64_t warmup_ops, uint64_t ops);

/* A turn that is to go well. */
const struct turn_result *drive_turn(
	struct drive *drive, uint64_t warmup_ops, uint64_t ops);

/* ACTION_FINISH, and the end of all threads; team_join must have waited for
 * it. The lane stays. */
void drive_finish(struct drive *drive);

/* The same, and gives the lane back. */
void drive_end(struct drive *drive);

/* PUs that this process may use, in `pus` as far as there is room. */
unsigned allowed_pus(unsigned *pus, unsigned room);

#endif /* SERIALBENCH_TESTS_TEAM_DRIVE_H */
