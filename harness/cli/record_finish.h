// SPDX-License-Identifier: MIT
//
// Puts into the traces of a recording what its processes could not write at
// their end. Inside command_record.c and here only.
#ifndef SERIALBENCH_RECORD_FINISH_H
#define SERIALBENCH_RECORD_FINISH_H

#include "error_text.h"
#include "record_run.h"

/* Of the trace at `path`, an absolute one, and of those beside it; those of
 * processes that still run are left alone. error is empty, or says why the
 * trace at `path` has no end. */
void record_finish(
	const char *path, const struct record_end *end, struct error *error);

#endif /* SERIALBENCH_RECORD_FINISH_H */
