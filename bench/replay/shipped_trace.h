// SPDX-License-Identifier: MIT
//
// Traces that come with the suite are named without a folder.
#ifndef SERIALBENCH_SHIPPED_TRACE_H
#define SERIALBENCH_SHIPPED_TRACE_H

#define SHIPPED_TRACE_FOLDER "SERIALBENCH_TRACES" /* environment variable */
#define SHIPPED_TRACE_PATH 4096

/*
 * The path of the trace that `name` is: a file of that name, else, where it has
 * no folder, the one in the folder that the environment variable names. Either
 * `name` or `room`; whether it can be opened is the caller's to see.
 */
const char *shipped_trace_path(const char *name, char room[SHIPPED_TRACE_PATH]);

#endif /* SERIALBENCH_SHIPPED_TRACE_H */
