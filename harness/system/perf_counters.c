// SPDX-License-Identifier: MIT
#include "perf_counters.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PARANOID "/proc/sys/kernel/perf_event_paranoid"

static const struct {
	const char *name;
	uint32_t type;
	uint64_t config;
} events[PERF_COUNTERS] = {
	[PERF_CYCLES] = {"cycles", PERF_TYPE_HARDWARE,
		PERF_COUNT_HW_CPU_CYCLES},
	[PERF_INSTRUCTIONS] = {"instructions", PERF_TYPE_HARDWARE,
		PERF_COUNT_HW_INSTRUCTIONS},
	[PERF_CACHE_MISSES] = {"cache_misses", PERF_TYPE_HARDWARE,
		PERF_COUNT_HW_CACHE_MISSES},
	[PERF_L1D_MISSES] = {"l1d_load_misses", PERF_TYPE_HW_CACHE,
		PERF_COUNT_HW_CACHE_L1D | PERF_COUNT_HW_CACHE_OP_READ << 8 |
			PERF_COUNT_HW_CACHE_RESULT_MISS << 16},
};

static int kernel_open(struct perf_event_attr *attr, int group)
{
	return (int)syscall(
		SYS_perf_event_open, attr, 0, -1, group, PERF_FLAG_FD_CLOEXEC);
}

static const struct perf_system kernel = {
	.open = kernel_open, .read = read, .close = close};

const struct perf_system *perf_system = &kernel;

const char *perf_counter_name(enum perf_counter counter)
{
	return events[counter].name;
}

/* The first of the group is -1's; its reading is that of all. */
static int open_event(enum perf_counter counter, int group)
{
	struct perf_event_attr attr = {
		.type = events[counter].type,
		.size = sizeof(attr),
		.config = events[counter].config,
		.read_format = PERF_FORMAT_GROUP |
			PERF_FORMAT_TOTAL_TIME_ENABLED |
			PERF_FORMAT_TOTAL_TIME_RUNNING,
		.exclude_kernel = 1,
		.exclude_hv = 1,
	};

	return perf_system->open(&attr, group);
}

int perf_open(struct perf_group *group)
{
	group->error = 0;
	for (int i = 0; i < PERF_COUNTERS; i++)
		group->fds[i] = -1;
	for (int i = 0; i < PERF_COUNTERS; i++) {
		group->fds[i] = open_event((enum perf_counter)i,
			i == 0 ? -1 : group->fds[PERF_CYCLES]);
		/* Others may be missing: they stay uncounted. */
		if (i == 0 && group->fds[0] < 0) {
			group->error = errno;
			return -1;
		}
	}
	return 0;
}

void perf_read(const struct perf_group *group, struct perf_reading *reading)
{
	struct {
		uint64_t count, enabled_ns, running_ns;
		uint64_t values[PERF_COUNTERS];
	} buffer = {0};
	ssize_t bytes = -1;
	uint64_t next = 0;

	*reading = (struct perf_reading){0};
	for (int i = 0; i < PERF_COUNTERS; i++)
		reading->counts[i] = PERF_NO_COUNT;
	if (group->fds[PERF_CYCLES] >= 0)
		bytes = perf_system->read(
			group->fds[PERF_CYCLES], &buffer, sizeof(buffer));
	if (bytes < (ssize_t)(3 * sizeof(uint64_t)) ||
		buffer.count > PERF_COUNTERS ||
		(size_t)bytes < (3 + buffer.count) * sizeof(uint64_t))
		return;
	reading->enabled_ns = buffer.enabled_ns;
	reading->running_ns = buffer.running_ns;
	for (int i = 0; i < PERF_COUNTERS; i++)
		if (group->fds[i] >= 0 && next < buffer.count)
			reading->counts[i] = buffer.values[next++];
}

void perf_add(uint64_t sums[PERF_COUNTERS], const struct perf_reading *from,
	const struct perf_reading *to)
{
	bool always = to->running_ns > from->running_ns &&
		to->running_ns - from->running_ns ==
			to->enabled_ns - from->enabled_ns;

	for (int i = 0; i < PERF_COUNTERS; i++)
		if (!always || sums[i] == PERF_NO_COUNT ||
			from->counts[i] == PERF_NO_COUNT ||
			to->counts[i] == PERF_NO_COUNT)
			sums[i] = PERF_NO_COUNT;
		else
			sums[i] += to->counts[i] - from->counts[i];
}

/* Members first: the leader holds the group. */
void perf_close(struct perf_group *group)
{
	for (int i = PERF_COUNTERS; i-- > 0;) {
		if (group->fds[i] >= 0)
			perf_system->close(group->fds[i]);
		group->fds[i] = -1;
	}
}

void perf_reason(char text[PERF_TEXT], int error)
{
	FILE *file = fopen(PARANOID, "re");
	char paranoid[16] = "";

	if (file != NULL) {
		if (fgets(paranoid, sizeof(paranoid), file) == NULL)
			paranoid[0] = '\0';
		fclose(file);
	}
	paranoid[strcspn(paranoid, "\n")] = '\0';
	snprintf(text, PERF_TEXT,
		"perf_event_open: %s (%s); perf_event_paranoid is %s",
		strerrorname_np(error), strerror(error),
		paranoid[0] != '\0' ? paranoid : "not there");
}
