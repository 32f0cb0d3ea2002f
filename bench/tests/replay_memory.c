// SPDX-License-Identifier: MIT
//
// replay_memory survey TRACE: reads a trace as a run does before there is a
// plan. replay_memory replay TRACE HALVES: replays so many half operations on
// `null` with one worker. Prints half operations, the peak resident KiB of this
// process and of the one that reads the trace for it (0: none), and the seconds
// that it took. For replay_memory.py.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "compiler.h"
#include "trace_replay.h"
#include "workload.h"

#define TURN 1000000u /* operations */

static int survey(const char *path, uint64_t *halves)
{
	struct trace_replay_survey found;
	struct trace_reader reader;
	struct error error;
	int result = trace_reader_open(&reader, path, &error);

	if (result == 0)
		result = trace_replay_survey(&reader, &found, &error);
	if (result != 0)
		fprintf(stderr, "%s\n", error.text);
	else
		*halves = found.halves;
	trace_reader_finish(&reader);
	return result;
}

static void *lines_of(size_t bytes)
{
	size_t lines = bytes / CACHELINE + 1;
	void *memory = aligned_alloc(CACHELINE, lines * CACHELINE);

	return memory == NULL ? NULL : memset(memory, 0, lines * CACHELINE);
}

/* So many half operations, which is a whole trace, or more of it again. */
static int run(struct workload_thread *thread, uint64_t halves)
{
	const struct workload *workload = thread->instance->workload;

	for (uint64_t done = 0; done < halves; done += 2 * TURN) {
		if (workload->run(thread, TURN) != TURN)
			return -1;
		workload->settle(thread);
	}
	return 0;
}

static int replay(const char *path, uint64_t halves)
{
	struct workload_instance instance = {.threads = 1, .seed = 1};
	struct workload_thread thread = {.instance = &instance, .seed = 1};
	char text[WORKLOAD_TEXT], error[WORKLOAD_TEXT];
	const struct workload *workload;
	int result;

	instance.backend = alloc_backend_find("null");
	snprintf(text, sizeof(text), "trace:%s", path);
	if (workload_parse(text, &instance, error) != 0) {
		fprintf(stderr, "%s\n", error);
		return -1;
	}
	workload = instance.workload;
	instance.shared = lines_of(workload->shared_bytes(&instance));
	thread.own = lines_of(workload->own_bytes(&instance));
	if (instance.shared == NULL || thread.own == NULL ||
		workload->setup(&instance) != 0 ||
		workload->thread_setup(&thread) != 0)
		return -1;
	result = run(&thread, halves);
	workload->finish(&instance);
	free(instance.shared);
	free(thread.own);
	return result;
}

/* KiB; -1 where the kernel does not say. Not ru_maxrss, which begins with that
 * of the process that started this one. */
static long peak_resident(void)
{
	FILE *file = fopen("/proc/self/status", "re");
	char line[128];
	long peak = -1;

	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		if (strncmp(line, "VmHWM:", 6) == 0)
			peak = strtol(line + 6, NULL, 10);
	if (file != NULL)
		fclose(file);
	return peak;
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	struct rusage reader;
	uint64_t halves = 0;
	double start = seconds();
	int result = 2;

	if (argc == 3 && strcmp(argv[1], "survey") == 0)
		result = survey(argv[2], &halves);
	if (argc == 4 && strcmp(argv[1], "replay") == 0) {
		halves = strtoull(argv[3], NULL, 10);
		result = replay(argv[2], halves);
	}
	if (result != 0) {
		fprintf(stderr, "replay_memory: failed\n");
		return 1;
	}
	getrusage(RUSAGE_CHILDREN, &reader);
	printf("%" PRIu64 " %ld %ld %.1f\n", halves, peak_resident(),
		reader.ru_maxrss, seconds() - start);
	return 0;
}
