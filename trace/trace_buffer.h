// SPDX-License-Identifier: MIT
//
// Between the parts of the writer: a chunk into the file, and a lock that does
// not wait for ever. Inside trace/ only.
#ifndef SERIALBENCH_TRACE_BUFFER_H
#define SERIALBENCH_TRACE_BUFFER_H

#include "trace_writer.h"

/* 0, or -1 where the lock was not to be had in about a second: its owner was
 * interrupted by this very thread's signal handler. */
int trace_lock(_Atomic int *lock);
void trace_unlock(_Atomic int *lock);

/* Of a buffer's fill: no chunk is begun, or it is about to get its first event;
 * events of any kind. */
bool trace_buffer_is_empty(uint64_t fill);
uint32_t trace_buffer_events(uint64_t fill);

/* Fills in the checksums and writes header and payload, which has to stand
 * right behind it, whole. 0, or -1; keeps errno. */
int trace_writer_chunk(struct trace_writer *writer,
	struct trace_chunk_header *header, const void *payload);

#endif /* SERIALBENCH_TRACE_BUFFER_H */
