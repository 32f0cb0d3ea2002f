// SPDX-License-Identifier: MIT
//
// Inside a team: shared by team.c (life of the threads) and turn.c (what they
// do in a turn).
#ifndef SERIALBENCH_TEAM_PLACE_H
#define SERIALBENCH_TEAM_PLACE_H

#include <pthread.h>

#include "barrier.h"
#include "team.h"

enum place_phase { PHASE_WARMUP, PHASE_TIMED };

/* What a thread used, summed over the threads of a place. */
struct place_usage {
	uint64_t cpu_ns;
	uint64_t minflt, majflt, nvcsw, nivcsw, migrations;
};

/* One place of the team, on cache lines of its own. */
struct place {
	_Alignas(CACHELINE) struct team *team;
	struct workload_thread thread;
	pthread_t os_thread;
	void *heap_start; /* lies before all blocks of the workload; or NULL */
	bool born_in_turn; /* its thread is to go on amid a turn */

	/* Of the turn. */
	enum place_phase phase;
	uint64_t left; /* operations still to do in this phase */
	uint64_t ops;
	uint64_t births;
	uint64_t start_ns, finish_ns;
	struct place_usage usage;

	/* LANE_COUNTERS: of the thread that began the place. */
	struct perf_group perf;
	struct perf_reading perf_start;
	uint64_t counts[PERF_COUNTERS];

	bool failed;
};

struct team {
	struct lane_shared *lane;
	const struct alloc_backend *backend;
	struct workload_instance instance;
	struct barrier main_barrier; /* with the main thread, when all stand
					ready and when all have finished */
	struct barrier barrier; /* between the steps of a turn */
	struct place *places;
	size_t places_bytes;
	void *shared;
	size_t shared_bytes;
	_Atomic bool explained; /* lane->message is taken */
};

/* Says in lane->message why the lane fails. Threads fail together: the first
 * is heard, the others are not. */
PRINTF_LIKE(2, 3) void team_fail(struct team *team, const char *format, ...);

/* pthread start routine of the successor of a dead thread. */
void *place_main(void *place);

/* One turn of this place. False: this thread's life ended in it, another has
 * taken over and carries the turn on. */
bool turn_begin(struct place *place);
bool turn_resume(struct place *place);

/* Puts the places' turns together into the lane's answer. */
void turn_collect(struct team *team);

/* The host of timed turns. */
extern const struct workload_host team_host;

/* What both hosts do where a thread is to end. */
void team_end_thread(struct workload_thread *thread);

/* The host of LANE_FOOTPRINT; begun before the workload's set-up. */
extern const struct workload_host footprint_host;
void footprint_begin(struct lane_shared *lane);

#endif /* SERIALBENCH_TEAM_PLACE_H */
