// SPDX-License-Identifier: MIT
#include "trace_replay_threads.h"

#include <stdlib.h>
#include <string.h>

int trace_replay_threads_init(struct trace_replay_threads *threads,
	const struct trace_reader *reader, uint32_t workers)
{
	uint32_t count = reader->thread_count;

	*threads = (struct trace_replay_threads){
		.reader = reader,
		.worker_of = reallocarray(
			NULL, count + 1, sizeof(*threads->worker_of)),
		.busy = reallocarray(NULL, workers, sizeof(*threads->busy)),
		.workers = workers,
	};
	if (threads->worker_of == NULL || threads->busy == NULL)
		return -1;
	trace_replay_threads_clear(threads);
	return 0;
}

void trace_replay_threads_clear(struct trace_replay_threads *threads)
{
	for (uint32_t i = 0; i < threads->reader->thread_count; i++)
		threads->worker_of[i] = TRACE_NO_WORKER;
	memset(threads->busy, 0, threads->workers * sizeof(*threads->busy));
	threads->alive = 0;
}

static uint32_t least_busy(const struct trace_replay_threads *threads)
{
	uint32_t least = 0;

	for (uint32_t i = 1; i < threads->workers; i++)
		if (threads->busy[i] < threads->busy[least])
			least = i;
	return least;
}

uint32_t trace_replay_threads_next(
	struct trace_replay_threads *threads, const struct trace_event *event)
{
	uint32_t index = trace_reader_thread(threads->reader, event->thread);
	const struct trace_thread *thread = &threads->reader->threads[index];
	uint32_t *worker = &threads->worker_of[index], result;

	if (*worker == TRACE_NO_WORKER) {
		*worker = least_busy(threads);
		threads->busy[*worker]++;
		if (++threads->alive > threads->most_alive)
			threads->most_alive = threads->alive;
	}
	result = *worker;
	if (event->kind == TRACE_THREAD_END ||
		event->index + 1 == thread->usable_events) {
		threads->busy[result]--;
		threads->alive--;
		*worker = TRACE_NO_WORKER;
	}
	return result;
}

void trace_replay_threads_finish(struct trace_replay_threads *threads)
{
	if (threads == NULL)
		return;
	free(threads->worker_of);
	free(threads->busy);
	*threads = (struct trace_replay_threads){0};
}
