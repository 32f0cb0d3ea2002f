// SPDX-License-Identifier: MIT
//
// What `serialbench record` tells the library that it preloads: one variable,
// which the program and all that it starts inherit.
#ifndef SERIALBENCH_TRACE_RECORDING_H
#define SERIALBENCH_TRACE_RECORDING_H

/*
 * PID:CLOCK:PATH. The process PID writes PATH, an absolute one, as long as that
 * is an empty file; every other program image and forked child writes PATH.PID
 * or, where that is taken, PATH.PID.2, PATH.PID.3 … CLOCK is one of the names.
 */
#define TRACE_RECORDING_VARIABLE "SERIALBENCH_RECORD"
#define TRACE_RECORDING_CLOCK_NONE "none"
#define TRACE_RECORDING_CLOCK_NS "ns"

/* The library's file name. */
#define TRACE_RECORDING_LIBRARY "libserialbench-record.so"

#endif /* SERIALBENCH_TRACE_RECORDING_H */
