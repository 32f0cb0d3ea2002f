// SPDX-License-Identifier: MIT
#include "exec_count.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "preload_stats.h"

/* The width of "123456789/fd/12345". */
#define NAME_WIDTH 18

int exec_counter_init(struct exec_counter *counter)
{
	char name[NAME_WIDTH + 1];
	int length;

	counter->fd = memfd_create("serialbench-stats", MFD_CLOEXEC);
	if (counter->fd < 0)
		return -1;
	/* Here and not in the library: where a limit does not let the file
	 * grow, the program is not to blame. */
	if (ftruncate(counter->fd, sizeof(struct preload_stats_file)) != 0) {
		exec_counter_finish(counter);
		return -1;
	}
	length = snprintf(
		name, sizeof(name), "%d/fd/%d", (int)getpid(), counter->fd);
	/* Always of one length, or a program that copies its environment
	 * would not repeat from one invocation to the next. */
	snprintf(counter->option, sizeof(counter->option), "stats=/proc%.*s%s",
		1 + NAME_WIDTH - length, "///////////////////", name);
	return 0;
}

void exec_counter_finish(struct exec_counter *counter)
{
	if (counter->fd >= 0)
		close(counter->fd);
	counter->fd = -1;
}

/* A process that execs has a slot for each program. */
static bool is_known(const struct preload_stats_file *file, uint32_t place)
{
	for (uint32_t i = 0; i < place; i++)
		if (file->slot[i].pid == file->slot[place].pid)
			return true;
	return false;
}

static uint64_t count_processes(
	const struct preload_stats_file *file, uint32_t slots)
{
	uint64_t processes = 0;

	for (uint32_t i = 0; i < slots; i++)
		processes += file->slot[i].pid != 0 && !is_known(file, i);
	return processes;
}

/* The slot number is no tie-break: processes that start together take theirs
 * in any order. */
static bool is_larger(const struct preload_stats_counts *counts,
	const struct preload_stats_counts *than)
{
	if (counts->peak_requested != than->peak_requested)
		return counts->peak_requested > than->peak_requested;
	return counts->peak_live_blocks > than->peak_live_blocks;
}

static int read_file(const struct preload_stats_file *file, const char *variant,
	struct exec_counts *counts, struct error *error)
{
	const struct preload_stats_counts *largest = NULL;
	uint64_t calls = 0;
	uint32_t slots = file->claimed;

	if (slots > PRELOAD_STATS_SLOTS) {
		return error_set(error,
			"%u programs were started, and %d at most are counted",
			slots, PRELOAD_STATS_SLOTS);
	}
	for (uint32_t i = 0; i < slots; i++) {
		const struct preload_stats_slot *slot = &file->slot[i];
		const struct preload_stats_counts *one =
			preload_stats_read(slot);

		if (slot->pid == 0 ||
			strncmp(slot->variant, variant, PRELOAD_STATS_NAME) !=
				0)
			continue;
		calls += one->calls;
		if (largest == NULL || is_larger(one, largest))
			largest = one;
	}
	if (largest == NULL)
		return 1;
	*counts = (struct exec_counts){
		.processes = count_processes(file, slots),
		.calls = calls,
		.live_blocks = largest->peak_live_blocks,
		.requested = largest->peak_requested,
		.debug_bytes = largest->peak_debug_bytes,
		.serial_bytes = largest->peak_serial_bytes,
		.usable = largest->peak_usable_bytes,
	};
	return 0;
}

int exec_counter_read(const struct exec_counter *counter, const char *variant,
	struct exec_counts *counts, struct error *error)
{
	const struct preload_stats_file *file;
	struct stat status;
	int result;

	if (fstat(counter->fd, &status) != 0 ||
		(size_t)status.st_size < sizeof(*file))
		return 1;
	file = mmap(NULL, sizeof(*file), PROT_READ, MAP_SHARED, counter->fd, 0);
	if (file == MAP_FAILED) {
		return error_set(
			error, "accounting file: %s", error_reason(errno));
	}
	if (file->magic == 0)
		result = 1;
	else if (file->magic == PRELOAD_STATS_MAGIC &&
		file->version == PRELOAD_STATS_VERSION)
		result = read_file(file, variant, counts, error);
	else {
		error_set(error, "accounting file: made by another version");
		result = -1;
	}
	munmap((void *)(uintptr_t)file, sizeof(*file));
	return result;
}
