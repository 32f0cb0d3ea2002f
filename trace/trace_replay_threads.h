// SPDX-License-Identifier: MIT
//
// Which worker does a recorded thread's events: from its first event to its
// last or its end it has the worker that then had the fewest threads, the
// lowest of several. So threads that live one after another need one worker,
// and where there are too few workers, one does several threads' events in
// their order. Inside trace/ only.
#ifndef SERIALBENCH_TRACE_REPLAY_THREADS_H
#define SERIALBENCH_TRACE_REPLAY_THREADS_H

#include "trace_reader.h"

#define TRACE_NO_WORKER UINT32_MAX

struct trace_replay_threads {
	const struct trace_reader *reader;
	uint32_t *worker_of; /* by index of the thread, or TRACE_NO_WORKER */
	uint32_t *busy; /* by worker: threads that have it */
	uint32_t workers;
	uint32_t alive, most_alive; /* threads */
};

/* 0, or -1 where there is no memory; the caller finishes it in both cases. */
int trace_replay_threads_init(struct trace_replay_threads *threads,
	const struct trace_reader *reader, uint32_t workers);

/* The worker of an event, which is the next one of its thread. */
uint32_t trace_replay_threads_next(
	struct trace_replay_threads *threads, const struct trace_event *event);

/* Nobody has a worker, as at the start. */
void trace_replay_threads_clear(struct trace_replay_threads *threads);

/* Accepts NULL and a zeroed one. */
void trace_replay_threads_finish(struct trace_replay_threads *threads);

#endif /* SERIALBENCH_TRACE_REPLAY_THREADS_H */
