// SPDX-License-Identifier: MIT
//
// The underlying allocator of a preload library: the next object after ours
// that defines malloc (the C library's, or the allocator that stands behind us
// in LD_PRELOAD), and the library's start at the very first call.
#ifndef SERIALBENCH_PRELOAD_UNDERLYING_H
#define SERIALBENCH_PRELOAD_UNDERLYING_H

#include "raw_calls.h"

/*
 * Never NULL in any member, from the first instruction on: the calls first
 * start the library, then, while it starts, are those of the arena, then those
 * of the underlying allocator. Written by preload_start() only, which happens
 * at the first allocation, so before there can be a second thread.
 */
extern struct raw_calls raw_next;

/* Finds the underlying allocator and reads DBGALLOC; keeps errno. Once. */
void preload_start(void);

/* Path of the object that raw_next's calls belong to; the dynamic linker's
 * own text. */
const char *underlying_name(void);

#endif /* SERIALBENCH_PRELOAD_UNDERLYING_H */
