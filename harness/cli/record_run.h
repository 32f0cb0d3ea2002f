// SPDX-License-Identifier: MIT
//
// Runs the program that is recorded, and stays for its end. Inside
// command_record.c and here only.
#ifndef SERIALBENCH_RECORD_RUN_H
#define SERIALBENCH_RECORD_RUN_H

#include <stdbool.h>
#include <sys/types.h>

/* How the program ended. */
struct record_end {
	pid_t pid;
	int reason; /* errno of why it could not be started, or 0 */
	bool seen; /* the status is known */
	int status; /* as waitpid() gives it */
};

/*
 * Runs the program that `become` turns the calling process into, which gets
 * `request`; where that fails it returns with errno.
 *
 * The program's parent is a process of its own, outside the program's process
 * group, so that neither a program that ends its group nor one that ends its
 * parent ends the recording: `finish` is called in one process that is left.
 * Its result is returned; where it was another process that finished, it is
 * the result of that one.
 */
int record_run(void (*become)(const void *request),
	int (*finish)(const void *request, const struct record_end *end),
	const void *request);

#endif /* SERIALBENCH_RECORD_RUN_H */
