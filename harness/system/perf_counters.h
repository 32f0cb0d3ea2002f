// SPDX-License-Identifier: MIT
//
// Hardware counters of the calling thread, in user mode, by perf_event_open(2),
// where the machine has them and lets us. One group: all count over the same
// time, and one read(2) gives all.
#ifndef SERIALBENCH_PERF_COUNTERS_H
#define SERIALBENCH_PERF_COUNTERS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct perf_event_attr;

enum perf_counter {
	PERF_CYCLES, /* without it there are none */
	PERF_INSTRUCTIONS,
	PERF_CACHE_MISSES, /* of the last level */
	PERF_L1D_MISSES, /* loads: lines that other threads took, too */
	PERF_COUNTERS,
};

/* A count that was not made. */
#define PERF_NO_COUNT UINT64_MAX

#define PERF_TEXT 160

/* The calls that are made of the kernel; a test puts its own in place. */
struct perf_system {
	/* perf_event_open() of the calling thread: descriptor, or -1. */
	int (*open)(struct perf_event_attr *attr, int group);
	ssize_t (*read)(int fd, void *buffer, size_t bytes);
	int (*close)(int fd);
};

extern const struct perf_system *perf_system;

struct perf_group {
	int fds[PERF_COUNTERS]; /* -1: not counted */
	int error; /* errno of cycles' perf_event_open, 0: they count */
};

struct perf_reading {
	uint64_t enabled_ns, running_ns;
	uint64_t counts[PERF_COUNTERS]; /* PERF_NO_COUNT: not counted */
};

/* Begins to count the calling thread. 0, or -1 with group->error; close it in
 * both cases. */
int perf_open(struct perf_group *group);

/* A system call: not for timed code. From any thread. */
void perf_read(const struct perf_group *group, struct perf_reading *reading);

/*
 * Adds what was counted between two readings to the sums; PERF_NO_COUNT stays,
 * and is what becomes of a sum of which a part was not counted, or not all the
 * time (the kernel takes turns where events are more than counters).
 */
void perf_add(uint64_t sums[PERF_COUNTERS], const struct perf_reading *from,
	const struct perf_reading *to);

void perf_close(struct perf_group *group);

/* Why there are none: the call, its error and what the kernel allows. */
void perf_reason(char text[PERF_TEXT], int error);

/* "cycles", "instructions", "cache_misses", "l1d_load_misses". */
const char *perf_counter_name(enum perf_counter counter);

#endif /* SERIALBENCH_PERF_COUNTERS_H */
