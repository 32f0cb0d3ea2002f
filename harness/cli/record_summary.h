// SPDX-License-Identifier: MIT
//
// What a recording left behind. Inside command_record.c and here only.
#ifndef SERIALBENCH_RECORD_SUMMARY_H
#define SERIALBENCH_RECORD_SUMMARY_H

#include <stdbool.h>
#include <stdint.h>

#include "error_text.h"

/* The time, ns since 1970, to know the files of this recording by. */
uint64_t record_summary_start(void);

struct record_said {
	const struct error *reason; /* why there is no end, or empty */
	bool quiet; /* only of what was not recorded */
};

/* One line on stderr about the trace at `path`, and one more where other
 * programs and forked children have left traces beside it since the start.
 * False where nothing was recorded though the program may have allocated:
 * a line says why. */
bool record_summary_print(const char *path, uint64_t start_unix_ns,
	const char *program, const struct record_said *said);

#endif /* SERIALBENCH_RECORD_SUMMARY_H */
