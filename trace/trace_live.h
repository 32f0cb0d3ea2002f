// SPDX-License-Identifier: MIT
//
// The blocks that are live while a trace is read: a hash table whose memory
// follows their number, with linear probing and no tombstones (Knuth, 6.4,
// algorithm R). Inside trace/ only.
#ifndef SERIALBENCH_TRACE_LIVE_H
#define SERIALBENCH_TRACE_LIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct trace_live_block {
	uint64_t id; /* 0: the place is free */
	uint64_t bytes; /* requested */
	uint64_t born; /* allocations of all threads before it */
	uint64_t born_bytes; /* requested by them */
};

struct trace_live {
	struct trace_live_block *places;
	size_t limit; /* a power of two, or 0 */
	size_t count;
};

/* A zeroed table is empty. The block must not be in it. 0, or -1 where there
 * is no memory. */
int trace_live_add(
	struct trace_live *live, const struct trace_live_block *block);

/* Takes a block out. False where it is not there. */
bool trace_live_take(
	struct trace_live *live, uint64_t id, struct trace_live_block *block);

/* Accepts NULL and a zeroed table. */
void trace_live_finish(struct trace_live *live);

#endif /* SERIALBENCH_TRACE_LIVE_H */
