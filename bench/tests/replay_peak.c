// SPDX-License-Identifier: MIT
//
// replay_peak TRACE VARIANT: replays a trace twice with one worker, and prints
// the most blocks that were live at once, the allocations and the frees. For
// replay.py, which runs it over an allocator that is preloaded.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "instance.h"
#include "trace_replay.h"

static const struct alloc_backend *under;
static uint64_t live, most, allocated, freed;

static void *count(void *block)
{
	if (block != NULL) {
		allocated++;
		most = ++live > most ? live : most;
	}
	return block;
}

static void *counted_alloc(size_t size)
{
	return count(under->alloc(size));
}

static void *counted_calloc(size_t number, size_t size)
{
	return count(under->calloc(number, size));
}

static void *counted_aligned_alloc(size_t alignment, size_t size)
{
	return count(under->aligned_alloc(alignment, size));
}

static void counted_free(void *block)
{
	live -= block != NULL;
	freed += block != NULL;
	under->free(block);
}

/* Both cycles in turns of a prime number of operations. */
static int replay(struct workload_instance *instance, uint64_t halves)
{
	const struct workload *workload = instance->workload;
	struct workload_thread thread = {.instance = instance, .seed = 1};
	int result = 0;

	instance->shared = calloc(1, workload->shared_bytes(instance) + 128);
	thread.own = calloc(1, workload->own_bytes(instance));
	if (instance->shared == NULL || thread.own == NULL)
		return -1;
	instance->shared =
		(void *)(((uintptr_t)instance->shared + 127) & ~(uintptr_t)127);
	if (workload->setup(instance) != 0 ||
		workload->thread_setup(&thread) != 0)
		return -1;
	for (uint64_t left = halves; left > 0 && result == 0;) {
		uint64_t turn = left < 1009 ? left : 1009;

		if (workload->run(&thread, turn) != turn)
			return -1;
		workload->settle(&thread);
		result = workload->verify(&thread);
		left -= turn;
	}
	workload->thread_finish(&thread);
	workload->finish(instance);
	return result;
}

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
	trace_reader_finish(&reader);
	*halves = found.halves;
	return result;
}

int main(int argc, char **argv)
{
	struct workload_instance instance = {.threads = 1, .seed = 1};
	char text[WORKLOAD_TEXT], error[WORKLOAD_TEXT];
	struct alloc_backend backend;
	uint64_t halves = 0;

	under = argc == 3 ? alloc_backend_find(argv[2]) : NULL;
	if (under == NULL || survey(argv[1], &halves) != 0)
		return 2;
	backend = *under;
	backend.alloc = counted_alloc;
	backend.calloc = counted_calloc;
	backend.aligned_alloc = counted_aligned_alloc;
	backend.free = counted_free;
	instance.backend = &backend;
	snprintf(text, sizeof(text), "trace:%s,window=1", argv[1]);
	if (workload_parse(text, &instance, error) != 0) {
		fprintf(stderr, "%s\n", error);
		return 2;
	}
	/* As many operations as half operations: the whole trace twice. */
	if (replay(&instance, halves) != 0 || live != 0)
		return 1;
	printf("%" PRIu64 " %" PRIu64 " %" PRIu64 "\n", most, allocated, freed);
	return 0;
}
