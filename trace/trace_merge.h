// SPDX-License-Identifier: MIT
//
// All events of a trace in one order in which the program could have done
// them: that of each thread is kept; a block is allocated before any other
// thread names it; a thread is created before its first event. Among the
// events that may come next the earliest comes (without a clock: by the time
// that its chunk was filled in), of two at a time the thread with the lower
// number.
//
// On the way everything is checked that a reader of single chunks cannot see:
// no block is freed or reallocated twice or without being allocated, threads
// are created once and by their parent, nothing follows a thread's end. Memory
// follows live blocks and threads; a chunk is held for those that run.
#ifndef SERIALBENCH_TRACE_MERGE_H
#define SERIALBENCH_TRACE_MERGE_H

#include "error_text.h"
#include "trace_live.h"
#include "trace_reader.h"

struct trace_merge;

/* NULL with error where there is no memory. The reader stays open as
 * long. */
struct trace_merge *trace_merge_create(
	const struct trace_reader *reader, struct error *error);

/* Accepts NULL. */
void trace_merge_destroy(struct trace_merge *merge);

/*
 * 1; 0 behind the last; -1 with error. *ended, where not NULL, is the block
 * that the event freed or gave to realloc, its id 0 for none.
 *
 * In a trace that is not whole, an event that hangs on one that is missing
 * ends its thread: that is no error.
 */
int trace_merge_next(struct trace_merge *merge, struct trace_event *event,
	struct trace_live_block *ended, struct error *error);

/* So far: blocks that are live, allocations and the bytes they asked for. */
uint64_t trace_merge_live(const struct trace_merge *merge);
uint64_t trace_merge_live_bytes(const struct trace_merge *merge);
uint64_t trace_merge_allocations(const struct trace_merge *merge);
uint64_t trace_merge_allocated_bytes(const struct trace_merge *merge);

/* Of the reader's thread number `index` of its array: events given so far. */
uint64_t trace_merge_given(const struct trace_merge *merge, uint32_t index);

#endif /* SERIALBENCH_TRACE_MERGE_H */
