// SPDX-License-Identifier: MIT
//
// How long a recorded thread did something else before an operation: the time
// since its operation before, or since its first event. Inside trace/ only.
#ifndef SERIALBENCH_TRACE_REPLAY_GAPS_H
#define SERIALBENCH_TRACE_REPLAY_GAPS_H

#include "trace_reader.h"

struct trace_replay_gaps {
	const struct trace_reader *reader;
	uint32_t pace; /* cycles for each us; 0: no gap is wanted */
	uint64_t *since; /* ns, by index of the thread; UINT64_MAX: unseen */
};

/* 0, or -1 where there is no memory; the caller finishes it in both cases. */
int trace_replay_gaps_init(struct trace_replay_gaps *gaps,
	const struct trace_reader *reader, uint32_t pace);

/* Of every event, the next one of its thread: sees when the thread began. */
void trace_replay_gaps_see(
	struct trace_replay_gaps *gaps, const struct trace_event *event);

/* Cycles before an event that is an operation, 0 for none. */
uint32_t trace_replay_gaps_take(
	struct trace_replay_gaps *gaps, const struct trace_event *event);

/* No thread has begun, as at the start. */
void trace_replay_gaps_clear(struct trace_replay_gaps *gaps);

/* Accepts NULL and zeroed gaps. */
void trace_replay_gaps_finish(struct trace_replay_gaps *gaps);

#endif /* SERIALBENCH_TRACE_REPLAY_GAPS_H */
