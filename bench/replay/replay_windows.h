// SPDX-License-Identifier: MIT
//
// Two windows of a replay in one piece of memory.
#ifndef SERIALBENCH_REPLAY_WINDOWS_H
#define SERIALBENCH_REPLAY_WINDOWS_H

#include "trace_replay.h"

/* A worker looks ahead so far; what is there is read and not used. */
#define REPLAY_AHEAD 16

/* Of both, each with `workers` streams with room for as many words. */
size_t replay_windows_bytes(uint32_t workers, uint32_t room);

/* Makes them in zeroed memory that begins at a cache line. */
void replay_windows_lay_out(struct trace_replay_window *windows[2],
	void *memory, uint32_t workers, uint32_t room);

/* Where they are in memory that was laid out so, also by another process. */
void replay_windows_find(const struct trace_replay_window *windows[2],
	const void *memory, uint32_t workers, uint32_t room);

/* One that was filled before by another process, where it stood at another
 * address. Both were laid out alike. */
void replay_window_copy(struct trace_replay_window *to,
	const struct trace_replay_window *from, uint32_t workers);

/*
 * Fills both with the beginning of a trace at that pace; the second is left
 * alone where the first holds all of it. 0, or -1.
 */
int replay_windows_fill(struct trace_replay_window *windows[2],
	const char *path, uint32_t workers, uint32_t pace);

#endif /* SERIALBENCH_REPLAY_WINDOWS_H */
