// SPDX-License-Identifier: MIT
//
// What a trace is made of: events by kind, sizes, lifetimes, live blocks over
// time. One pass over all threads' events in their one order; memory follows
// live blocks, as trace_merge.h has it.
#ifndef SERIALBENCH_TRACE_SUMMARY_H
#define SERIALBENCH_TRACE_SUMMARY_H

#include "error_text.h"
#include "trace_reader.h"

/* Classes by powers of two: class 0 is 0, class N 2^(N-1) to 2^N - 1. */
#define TRACE_CLASSES 65

#define TRACE_POINTS 100 /* over time, at most */

struct trace_point {
	uint64_t events; /* so far */
	uint64_t time; /* of the last of them, in the clock's unit */
	uint64_t blocks, bytes; /* live behind it; bytes are requested ones */
	/* Most of each since the point before. */
	uint64_t most_blocks, most_bytes;
};

struct trace_summary {
	uint64_t events;
	uint64_t kinds[TRACE_KIND_LIMIT]; /* events by enum trace_kind */
	uint64_t failed; /* calls that gave no block and changed nothing */
	uint64_t freed_by_realloc; /* blocks, where it gave NULL */
	uint64_t allocations, allocated_bytes; /* reallocs' blocks are new */
	uint64_t ended; /* blocks that were freed or given to realloc */
	/* Of those: by another thread than the one that allocated. */
	uint64_t freed_by_others, reallocated_by_others;
	uint64_t left_blocks, left_bytes; /* live behind the last event */
	/* Where most bytes are live for the first time. */
	uint64_t peak_bytes, blocks_at_peak;
	uint64_t peak_blocks; /* most that are live at once */
	uint32_t threads, most_alive; /* from first event to last */

	uint64_t sizes[TRACE_CLASSES]; /* allocations by bytes requested */
	/* Ended blocks by what all threads allocated between a block's birth
	 * and its end: blocks, and the bytes that they asked for. */
	uint64_t lifetimes[TRACE_CLASSES];
	uint64_t lifetime_bytes[TRACE_CLASSES];

	struct trace_point points[TRACE_POINTS];
	unsigned point_count; /* fewer for a trace of fewer events */
};

/* Class of a number, and the least and most number of a class. */
unsigned trace_class(uint64_t number);
uint64_t trace_class_least(unsigned index);
uint64_t trace_class_most(unsigned index);

/* Of an open trace; one that is not whole has to be verified before. 0, or -1
 * with error. */
int trace_summary_read(const struct trace_reader *reader,
	struct trace_summary *summary, struct error *error);

#endif /* SERIALBENCH_TRACE_SUMMARY_H */
