// SPDX-License-Identifier: MIT
//
// Ends a trace whose program ended without a word, with what its buffers hold
// (trace_store.h).
#ifndef SERIALBENCH_TRACE_FINISH_H
#define SERIALBENCH_TRACE_FINISH_H

#include "error_text.h"
#include "trace_format.h"

/* Ends the trace at `path` with what its FILE.buffers holds, and deletes that.
 * `how` and `status` say how the program ended, and are not used where the
 * trace has an end of its own. Of a program that runs no more.
 * 1 where it was done; 0 where there was nothing to do; -1 with error. */
int trace_store_finish(const char *path, enum trace_end_kind how,
	uint64_t status, struct error *error);

/* The process whose buffers stand in path's FILE.buffers, or 0 where there is
 * none of this build. */
uint32_t trace_store_pid(const char *path);

#endif /* SERIALBENCH_TRACE_FINISH_H */
