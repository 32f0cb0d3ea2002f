// SPDX-License-Identifier: MIT
//
// The buffers of a recording while it runs, in a file beside its trace: what
// the threads have not written yet is there also when the program ends without
// a word (a signal, exit_group by the raw system call). Whoever started the
// recording then puts it into the trace.
//
// FILE.buffers is a header and then a place of `stride` bytes for each buffer,
// as the program has them in memory. The file is for one machine and one
// build, and is gone when the recording has ended well.
#ifndef SERIALBENCH_TRACE_STORE_H
#define SERIALBENCH_TRACE_STORE_H

#include "trace_writer.h"

#define TRACE_STORE_SUFFIX ".buffers"
#define TRACE_STORE_MAGIC "SBBUFFER"
#define TRACE_STORE_MAGIC_BYTES 8

enum trace_store_state {
	TRACE_STORE_RUNS, /* or ended without a word */
	TRACE_STORE_EXEC, /* the process became another program */
};

struct trace_store_header {
	char magic[TRACE_STORE_MAGIC_BYTES];
	uint32_t buffer_bytes; /* sizeof(struct trace_buffer), of this build */
	uint32_t header_bytes, stride;
	uint32_t pid;
	_Atomic uint32_t state; /* enum trace_store_state */
	_Atomic uint32_t buffers; /* places that are in the file */
	uint64_t start; /* the writer's, of the monotonic clock */
	struct trace_tally tally;
};

#endif /* SERIALBENCH_TRACE_STORE_H */
