// SPDX-License-Identifier: MIT
//
// The memory of the threads' buffers: a file beside the trace, mapped, that
// outlives the program (trace_store.h). Where there can be none (no room, a
// limit, a file system without such maps) it is memory of the process, and
// what is in it at the end is lost as the process is.
#ifndef SERIALBENCH_RECORDER_STORE_H
#define SERIALBENCH_RECORDER_STORE_H

#include "trace_store.h"

/* Begins one for the trace at this path, whose writer has begun at `start`.
 * NULL with errno where there is not even memory. */
struct trace_store_header *recorder_store_open(
	const char *path, uint64_t start);

/* Zeroed memory for one more buffer, or NULL with errno. One caller at a
 * time. */
struct trace_buffer *recorder_store_add(void);

/* The recording has ended well: the file goes, the memory stays. */
void recorder_store_delete(void);

/* The one that the program left which this process was before, unless that one
 * ended without a word. */
void recorder_store_sweep(const char *path);

/* In a forked child: what its thread had from the parent becomes memory of its
 * own, since the child may be in the midst of an event (a signal's handler
 * forked). Accepts NULL. */
void recorder_store_leave(struct trace_buffer *parents);

#endif /* SERIALBENCH_RECORDER_STORE_H */
