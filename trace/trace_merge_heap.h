// SPDX-License-Identifier: MIT
//
// What a merge knows of its threads, and the heap of those that may go on, by
// the time of their next event. Inside trace/ only.
#ifndef SERIALBENCH_TRACE_MERGE_HEAP_H
#define SERIALBENCH_TRACE_MERGE_HEAP_H

#include "trace_merge.h"

enum merge_state {
	NOT_CREATED, /* its parent has to say so first */
	READY, /* in the heap */
	WAITING, /* in a list, for a block */
	CUT, /* hangs on what is missing */
	OVER,
};

struct merge_thread {
	enum merge_state state;
	bool has_ended; /* its end event was given */
	struct trace_cursor cursor;
	struct trace_event next;
	uint64_t given; /* events */
	uint64_t blocks; /* allocated by them */
	uint64_t awaited; /* block count of the thread waited for */
	uint32_t waiters; /* first of those that wait for this one */
	uint32_t next_waiter;
};

struct trace_merge {
	const struct trace_reader *reader;
	bool whole;
	uint32_t *heap, heap_count;
	uint32_t orphans; /* threads before it were looked at */
	struct trace_live live;
	uint64_t live_bytes, allocations, allocated_bytes;
	struct error *error; /* of the call */
	struct merge_thread threads[];
};

/* A thread whose next event is loaded comes into the heap. */
void trace_merge_enter(struct trace_merge *merge, uint32_t thread);

/* The first thread leaves the heap. */
void trace_merge_leave(struct trace_merge *merge);

#endif /* SERIALBENCH_TRACE_MERGE_HEAP_H */
