// SPDX-License-Identifier: MIT
//
// Runs a command once, through serialbench-exec-child, and can be stopped. One
// command at a time and process; not thread-safe.
#ifndef SERIALBENCH_EXEC_SPAWN_H
#define SERIALBENCH_EXEC_SPAWN_H

#include <signal.h>
#include <stdbool.h>

#include "exec_child.h"
#include "exec_tail.h"

#define EXEC_STOP_SIGNALS 3

/* What the signals did before. */
struct exec_signals {
	struct sigaction before[EXEC_STOP_SIGNALS];
	int adopted; /* orphans */
};

/* What is run, and how. */
struct exec_start {
	char *const *command;
	char *const *environment;
	const char *stdin_file; /* opened anew for each run; NULL: /dev/null */
	bool fixed; /* addresses */
};

/* From here on SIGINT, SIGTERM and SIGHUP (where not ignored) kill a command
 * that runs, and exec_stopped() is true. */
void exec_signals_begin(struct exec_signals *signals);

/* As before; a signal that came is raised again where a handler waits. */
void exec_signals_finish(struct exec_signals *signals);

bool exec_stopped(void);

/* Runs it to its end and kills all that is left of it. Its stdout is /dev/null;
 * the end of its stderr is in tail. 0; 1 where the command killed the helper,
 * its parent; -1 with errno where the helper cannot be started or does not
 * report. */
int exec_spawn(const struct exec_start *start, struct exec_child_report *report,
	struct exec_tail *tail);

#endif /* SERIALBENCH_EXEC_SPAWN_H */
