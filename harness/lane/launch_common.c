// SPDX-License-Identifier: MIT
#include "launch_common.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lane_shared.h"

/* The first is for those with a seed, whose next launch has another. */
#define KEPT 16

static struct kept {
	char workload[WORKLOAD_TEXT]; /* "": nothing is kept here */
	unsigned threads;
	uint64_t seed; /* 0 where it does not matter */
	bool is_there; /* else it was tried in vain */
	struct launch_common common;
} kept[KEPT];

static void forget(struct kept *entry)
{
	if (entry->is_there)
		close(entry->common.fd);
	*entry = (struct kept){0};
}

/* Where a worker's descriptors do not run into it; -1. */
static int create_file(size_t bytes)
{
	int low = memfd_create("serialbench-common", MFD_CLOEXEC), fd;

	if (low < 0)
		return -1;
	fd = fcntl(low, F_DUPFD_CLOEXEC, LANE_COMMON_FD + 1);
	close(low);
	if (fd >= 0 && ftruncate(fd, (off_t)bytes) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

static void make(struct kept *entry, const struct workload_instance *instance)
{
	const struct workload *workload = instance->workload;
	size_t bytes = workload->common_bytes(instance);
	int fd = bytes == 0 ? -1 : create_file(bytes);
	void *memory = fd < 0
		? MAP_FAILED
		: mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (memory != MAP_FAILED) {
		entry->is_there = workload->make_common(instance, memory) == 0;
		munmap(memory, bytes);
	}
	if (entry->is_there)
		entry->common = (struct launch_common){fd, bytes};
	else if (fd >= 0)
		close(fd);
}

static struct kept *find(
	const char *workload, const struct workload_instance *instance)
{
	for (unsigned i = 0; i < KEPT; i++)
		if (strcmp(kept[i].workload, workload) == 0 &&
			kept[i].threads == instance->threads &&
			kept[i].seed == instance->seed)
			return &kept[i];
	return NULL;
}

/* The oldest gives way. */
static struct kept *choose(bool has_seed)
{
	static unsigned last;

	if (has_seed)
		return &kept[0];
	last = last % (KEPT - 1) + 1;
	return &kept[last];
}

const struct launch_common *launch_common(
	const char *workload, unsigned threads, uint64_t seed)
{
	struct workload_instance instance = {0};
	char error[WORKLOAD_TEXT];
	struct kept *entry;

	if (workload_parse(workload, &instance, error) != 0 ||
		instance.workload->make_common == NULL)
		return NULL;
	instance.threads = threads;
	instance.seed = instance.workload->common_has_seed ? seed : 0;
	entry = find(workload, &instance);
	if (entry == NULL) {
		entry = choose(instance.workload->common_has_seed);
		forget(entry);
		snprintf(entry->workload, WORKLOAD_TEXT, "%s", workload);
		entry->threads = threads;
		entry->seed = instance.seed;
		make(entry, &instance);
	}
	return entry->is_there ? &entry->common : NULL;
}
