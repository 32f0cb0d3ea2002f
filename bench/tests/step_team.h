// SPDX-License-Identifier: MIT
//
// For tests: a workload on real threads in the steps of harness/worker/turn.c,
// and a backend that knows every live block, which many threads may use.
#ifndef SERIALBENCH_TESTS_STEP_TEAM_H
#define SERIALBENCH_TESTS_STEP_TEAM_H

#include <pthread.h>

#include "instance.h"

#define STEP_THREADS 16

struct step_team {
	struct workload_instance instance;
	struct workload_thread threads[STEP_THREADS];
	void *memory; /* of all parts, shared first */
	/* The step that all threads do. */
	int (*step)(struct workload_thread *thread, uint64_t operations);
	uint64_t operations;
	int results[STEP_THREADS];
	uint64_t births; /* asked for by end_thread */
};

/* Sets instance and threads up; fails the test where set-up does. */
void step_team_begin(struct step_team *team, const char *text,
	const struct alloc_backend *backend, unsigned threads);

/* As the harness: an untimed run, a run, then all settle. Each returns the
 * number of operations that it was asked for. */
void step_team_turn(struct step_team *team, uint64_t operations);

/* Whether every thread's blocks are whole. */
bool step_team_is_whole(struct step_team *team);

uint64_t step_team_checksum(const struct step_team *team);

/* Frees what the workload holds and returns the checksum. */
uint64_t step_team_end(struct step_team *team);

/* Blocks of malloc in a list; a second free of a block ends the program. */
extern const struct alloc_backend listing_backend;

/* The same, but its check finds every block damaged. */
extern const struct alloc_backend listing_overflowing;

struct listing_counts {
	uint64_t allocs, frees, live;
	uint64_t others; /* calls of calloc, realloc and aligned_alloc */
};

struct listing_counts listing_counts(void);

/* Turns round every bit of every live block. */
void listing_damage(void);

#endif /* SERIALBENCH_TESTS_STEP_TEAM_H */
