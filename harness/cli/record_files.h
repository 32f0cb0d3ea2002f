// SPDX-License-Identifier: MIT
//
// The traces that other programs and forked children of a recording leave
// beside its own: FILE.PID, FILE.PID.2, FILE.PID.3 …
#ifndef SERIALBENCH_RECORD_FILES_H
#define SERIALBENCH_RECORD_FILES_H

#include <limits.h>

#define RECORD_PATH_BYTES (PATH_MAX + 32)

/* Calls visit for the name of each beside `path`, an absolute one. The files
 * may be of an older recording, or no traces. */
void record_files_each(const char *path,
	void (*visit)(const char *other, void *argument), void *argument);

/* The name of the program that the process of `other` became, beside `path`:
 * FILE.PID.2 of FILE.PID. */
void record_files_next(const char *path, const char *other, long pid,
	char next[RECORD_PATH_BYTES]);

#endif /* SERIALBENCH_RECORD_FILES_H */
