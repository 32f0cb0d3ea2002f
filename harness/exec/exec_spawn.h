// SPDX-License-Identifier: MIT
//
// Runs a command once, through serialbench-exec-child, and can be stopped. One
// command at a time and process; not thread-safe.
#ifndef SERIALBENCH_EXEC_SPAWN_H
#define SERIALBENCH_EXEC_SPAWN_H

#include <signal.h>
#include <stdbool.h>

#include "exec_child.h"

#define EXEC_STOP_SIGNALS 3

/* What the signals did before. */
struct exec_signals {
	struct sigaction before[EXEC_STOP_SIGNALS];
};

/* From here on SIGINT, SIGTERM and SIGHUP (where not ignored) kill a command
 * that runs, and exec_stopped() is true. */
void exec_signals_begin(struct exec_signals *signals);

/* As before; a signal that came is raised again where a handler waits. */
void exec_signals_finish(struct exec_signals *signals);

bool exec_stopped(void);

/* Runs it to its end, with or without fixed addresses, and kills what is left
 * of its session. 0, or -1 with errno where the helper cannot be started or
 * does not report. */
int exec_spawn(char *const *command, char *const *environment, bool fixed,
	struct exec_child_report *report);

#endif /* SERIALBENCH_EXEC_SPAWN_H */
