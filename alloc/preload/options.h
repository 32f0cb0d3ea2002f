// SPDX-License-Identifier: MIT
//
// The environment variable DBGALLOC: name=value pairs joined by ':', or
// "help". What is not understood is named on stderr and left out, and the
// program goes on: the variable also reaches every shell that the program
// starts, and killing those would hide the mistake behind stranger ones.
// Not read in setuid programs.
#ifndef SERIALBENCH_PRELOAD_OPTIONS_H
#define SERIALBENCH_PRELOAD_OPTIONS_H

/* Reads the variable and does what it says. No allocation of its own, no
 * stdio. Called once, by preload_start(). */
void options_start(void);

/* 0, or -1 where the text is no serial of this variant: "1207", "#1207",
 * "T0.3#1207"; "" for none. Sets where allocation stops. */
int options_break_at(const char *text);

#endif /* SERIALBENCH_PRELOAD_OPTIONS_H */
