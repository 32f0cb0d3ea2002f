// SPDX-License-Identifier: MIT
//
// What a recording left behind. Inside command_record.c and here only.
#ifndef SERIALBENCH_RECORD_SUMMARY_H
#define SERIALBENCH_RECORD_SUMMARY_H

#include <stdint.h>

#include "error_text.h"

/* The time, ns since 1970, to know the files of this recording by. */
uint64_t record_summary_start(void);

/* One line on stderr about the trace at `path`, with the reason why it has no
 * end where there is one, and one more where other programs and
 * forked children have left traces beside it since the start. */
void record_summary_print(
	const char *path, uint64_t start_unix_ns, const struct error *reason);

#endif /* SERIALBENCH_RECORD_SUMMARY_H */
