// SPDX-License-Identifier: MIT
//
// What the runner and one worker process share: an order, a place for the
// answer, and two words to sleep on. One lane = one worker = one variant.
//
//   runner: fills the order, command += 1, wakes; sleeps on done
//   worker: its threads sleep on command; the last to finish fills the
//           answer, done = command, wakes
#ifndef SERIALBENCH_LANE_SHARED_H
#define SERIALBENCH_LANE_SHARED_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "compiler.h"
#include "futex.h"
#include "latency_histogram.h"
#include "perf_counters.h"
#include "topology.h"
#include "workload.h"

#define LANE_TEXT 192
#define LANE_MAGIC 0x6e616c62u

/* The file descriptor on which a worker finds its lane. */
#define LANE_FD 3

/* That of what the launch's workers have in common (launch_common.h). */
#define LANE_COMMON_FD 4

/* The start is the first command: `command` holds it when the worker begins,
 * `done` when it stands ready. */
#define LANE_FIRST_COMMAND 1u

/* What a worker is started for. */
enum lane_job {
	LANE_TURNS, /* takes turns in the relay */
	LANE_MEMORY, /* holds a population of blocks and weighs itself */
	LANE_FOOTPRINT, /* takes turns and weighs itself at checkpoints */
	LANE_SLOTS, /* takes a turn without a free and weighs its blocks */
	LANE_SERIAL, /* takes numbers and hands them over for inspection */
	LANE_LATENCY, /* takes turns and times single calls and operations */
	LANE_COUNTERS, /* takes turns in which the hardware counts */
	LANE_IDENTIFY, /* only tries and proves what it runs on */
};

enum lane_action { ACTION_TURN, ACTION_VERIFY, ACTION_FINISH };

/* Filled by the runner before the worker starts. */
struct lane_setup {
	enum lane_job job;
	char variant[LANE_TEXT];
	char workload[WORKLOAD_TEXT]; /* as on the command line */
	unsigned threads;
	bool pin;
	bool spin; /* barriers may spin: every thread has a PU */
	unsigned pus[TOPOLOGY_MAX_THREADS];
	uint64_t seed;
	unsigned heap_bytes; /* LANE_TURNS: block before all of a thread's */
	size_t common_bytes; /* on LANE_COMMON_FD; 0: nothing is there */
	uint64_t size; /* LANE_MEMORY */
	uint64_t blocks; /* LANE_MEMORY */
	uint64_t one_in; /* LANE_LATENCY: calls to one that is timed */
	uint64_t numbers_of_thread; /* LANE_SERIAL */
};

/* What a worker says of itself when it is ready. */
struct lane_identity {
	char allocator_path[LANE_TEXT]; /* who provides malloc */
	char allocator_version[LANE_TEXT]; /* in its own words, or "" */
	char usable_size_path[LANE_TEXT]; /* who provides malloc_usable_size */
	char build_id[64];
};

/* One turn, all threads together. */
struct turn_result {
	uint64_t ops;
	uint64_t wall_ns, cpu_ns;
	double ns_per_op;
	uint64_t start_skew_ns, finish_skew_ns;
	uint64_t thread_ops_min, thread_ops_max;
	uint64_t minflt, majflt, nvcsw, nivcsw, migrations;
	uint64_t births;
	uint64_t checksum;
	/* LANE_COUNTERS: of all threads; PERF_NO_COUNT where not counted. */
	uint64_t counts[PERF_COUNTERS];
};

/* LANE_MEMORY: bytes of a whole population. */
struct memory_result {
	uint64_t requested, header_tail, rounding, total;
	bool has_jemalloc_stats;
	uint64_t jemalloc_allocated, jemalloc_active, jemalloc_resident;
};

/* LANE_FOOTPRINT: what the process grew by since before the workload's set-up,
 * and what the workload's blocks were asked to hold. */
struct footprint_result {
	uint64_t checkpoints;
	/* The most of each thread, added up: no more than that was alive. */
	uint64_t live_peak;
	/* The same of their number and of what lies under them, where the
	 * workload has them. */
	uint64_t blocks, slots;
	uint64_t resident_peak, resident_first, resident_last;
	bool failed; /* the kernel did not say */
};

/* LANE_SLOTS: all blocks that the workload asked for, together. */
struct slots_result {
	uint64_t blocks;
	uint64_t asked; /* of the underlying allocator, bytes */
	uint64_t slots; /* malloc_usable_size of what it gave */
};

enum lane_status {
	LANE_OK,
	LANE_FAILED, /* said why in message */
	LANE_CRASHED, /* ended by a signal or an exit of its own */
	LANE_HUNG, /* did not answer by the deadline */
	LANE_MISCOUNTED, /* another number of operations, or checksum */
	LANE_DAMAGED, /* verify() found a block changed */
	LANE_STATUSES,
};

struct lane_shared {
	uint32_t magic;
	pid_t runner;
	struct lane_setup setup;
	struct lane_identity identity;

	_Alignas(CACHELINE) futex_word command;
	enum lane_action action;
	uint64_t warmup_ops, ops; /* of each thread */
	/* LANE_LATENCY: ticks from when an operation is due to when the next
	 * one is, on each thread (open loop); 0: the next one begins when the
	 * one before is done (closed loop). */
	uint64_t period_ticks;

	_Alignas(CACHELINE) futex_word done;
	enum lane_status status;
	char message[LANE_TEXT];
	union {
		struct turn_result turn;
		struct memory_result memory;
	};
	/* Beside the turn. */
	struct footprint_result footprint;
	struct slots_result slots;
};

/* What is timed: a call of the backend in closed loop (calloc and
 * aligned_alloc count as alloc), a whole operation of the workload in open
 * loop. */
enum latency_operation {
	LATENCY_ALLOC,
	LATENCY_REALLOC,
	LATENCY_FREE,
	LATENCY_WHOLE,
	LATENCY_OPERATIONS,
};

/*
 * LANE_LATENCY: one for each thread stands behind the lane. Ticks are those of
 * tsc_read(), as they were read: the clock's own cost is in all of them. The
 * runner clears it between turns (latency_lane.h).
 */
struct latency_place {
	_Alignas(CACHELINE) uint64_t calls_left; /* until one is timed */
	uint64_t random; /* state */
	uint64_t due; /* of the next operation, ticks; 0: none was yet */
	uint64_t clock_ticks; /* between two readings with nothing between */
	struct latency_histogram seen[LATENCY_OPERATIONS];
};

static inline struct latency_place *lane_latency(
	struct lane_shared *lane, unsigned thread)
{
	return (struct latency_place *)(lane + 1) + thread;
}

/* LANE_SERIAL: behind the lane follow, for each thread, three arrays of
 * numbers_of_thread words: numbers, ticks before, ticks after. */
static inline uint64_t *lane_serial_words(
	struct lane_shared *lane, unsigned thread, unsigned array)
{
	uint64_t *words = (uint64_t *)(lane + 1);

	return words +
		(uint64_t)(thread * 3 + array) * lane->setup.numbers_of_thread;
}

#endif /* SERIALBENCH_LANE_SHARED_H */
