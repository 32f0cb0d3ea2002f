// SPDX-License-Identifier: MIT
//
// A kernel that counts whatever the test says, in place of this machine's.
#ifndef SERIALBENCH_TESTS_FAKE_PERF_H
#define SERIALBENCH_TESTS_FAKE_PERF_H

#include <errno.h>
#include <linux/perf_event.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#include "perf_counters.h"

/* Descriptors are 1000 · group + event; a group is one thread's. */
static struct {
	int errors[PERF_COUNTERS]; /* of opening; 0: it counts */
	bool shares; /* counts half of the time only */
	bool tears; /* reads come short */
	atomic_int groups, opened, closed, reads;
} fake;

static int fake_event(const struct perf_event_attr *attr)
{
	if (attr->type == PERF_TYPE_HW_CACHE)
		return PERF_L1D_MISSES;
	switch (attr->config) {
	case PERF_COUNT_HW_CPU_CYCLES:
		return PERF_CYCLES;
	case PERF_COUNT_HW_INSTRUCTIONS:
		return PERF_INSTRUCTIONS;
	default:
		return PERF_CACHE_MISSES;
	}
}

static int fake_open(struct perf_event_attr *attr, int group)
{
	int event = fake_event(attr);

	if (fake.errors[event] != 0 || !attr->exclude_kernel) {
		errno = fake.errors[event];
		return -1;
	}
	fake.opened++;
	return group < 0 ? 1000 * ++fake.groups : group + event;
}

/* Every read finds 100 more cycles, 200 more instructions, … */
static ssize_t fake_read(int fd, void *buffer, size_t bytes)
{
	uint64_t turn = (uint64_t)++fake.reads, *words = buffer, count = 0;

	(void)fd;
	for (int i = 0; i < PERF_COUNTERS; i++)
		if (fake.errors[i] == 0)
			words[3 + count++] = turn * 100 * (uint64_t)(i + 1);
	words[0] = count;
	words[1] = turn * 1000;
	words[2] = turn * (fake.shares ? 500 : 1000);
	count = (3 + count) * sizeof(*words);
	if (count > bytes)
		return -1;
	return (ssize_t)(fake.tears ? count - 1 : count);
}

static int fake_close(int fd)
{
	(void)fd;
	fake.closed++;
	return 0;
}

static const struct perf_system fake_system = {
	.open = fake_open, .read = fake_read, .close = fake_close};

#endif /* SERIALBENCH_TESTS_FAKE_PERF_H */
