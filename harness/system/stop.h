// SPDX-License-Identifier: MIT
//
// A stop that the user asks for: Ctrl-C, SIGTERM, or a terminal that is gone.
#ifndef SERIALBENCH_STOP_H
#define SERIALBENCH_STOP_H

#include <signal.h>

/* 0, or the signal that asked for a stop. Whoever measures looks at it between
 * rounds. Only stop_catch()'s handler and tests write it. */
extern volatile sig_atomic_t stop_asked;

/* A first SIGINT, SIGTERM or SIGHUP sets stop_asked; a second one of the same
 * kind ends the program. A SIGHUP that is ignored, as under nohup, stays
 * ignored. Programs that are started later have the default actions. */
void stop_catch(void);

/* Who asked, for people: "Ctrl-C", "SIGTERM" or "SIGHUP"; "" for nobody. */
const char *stop_name(void);

/* The exit code of a program that was stopped so: 128 and the signal's number,
 * as shells have it. 0 where no stop was asked for. */
int stop_exit_code(void);

#endif /* SERIALBENCH_STOP_H */
