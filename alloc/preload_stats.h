// SPDX-License-Identifier: MIT
//
// The file that DBGALLOC=stats=PATH names: exact accounting of every process
// that runs on a preload library or is a CPython host, live, so that it
// survives _exit, exec and SIGKILL. Written by alloc/preload/accounting.c, read
// by the harness.
//
// Whoever wants the figures makes the file (empty; mode so that the processes
// may write it) and reads it when the last process has ended. The libraries
// give it its size and its header and map it MAP_SHARED. All numbers are in
// the machine's own byte order and the file stays on the machine.
//
//   ┌────────────┬──────────┬──────────┬─ ─ ─┬─────────────┐
//   │ header 256 │ slot 256 │ slot 256 │     │ slot 4095   │
//   └────────────┴──────────┴──────────┴─ ─ ─┴─────────────┘
//
// Each process takes the next slot at its first allocation: again after exec,
// and after fork in the child. A slot is never given back. Processes beyond
// the last slot run unaccounted, and `claimed` says how many there were.
// A vfork child works on its parent's memory and so counts in its parent's
// slot. A process that drops the variable from its environment is not there.
#ifndef SERIALBENCH_PRELOAD_STATS_H
#define SERIALBENCH_PRELOAD_STATS_H

#include <stdint.h>

#define PRELOAD_STATS_MAGIC UINT64_C(0x7461745361674264) /* "dBgaStat" */
#define PRELOAD_STATS_VERSION 2
#define PRELOAD_STATS_SLOTS 4096
#define PRELOAD_STATS_NAME 16

/*
 * What was counted. Requested bytes are the program's; debug bytes are what
 * the wrapper adds (alloc_backend's bytes_added) and what only depends on the
 * number of blocks and their alignments. The `peak_` members all belong to one
 * moment: the first at which live_requested was highest, which is the same
 * moment under every variant. Blocks made while the library itself starts
 * (inside dlsym) are not counted, neither when made nor when freed. What else
 * allocates before main counts: an allocator that is written in C++ brings the
 * C++ library, whose emergency pool is a block of 72704 bytes (Debian's
 * jemalloc and tcmalloc).
 */
struct preload_stats_counts {
	/* Calls that made a block: malloc, calloc, the aligned ones, operator
	 * new, and each realloc that succeeded, but not one to size 0. In a
	 * forked child from 0, so that sums over slots are calls made. */
	uint64_t calls;

	/* Of now. A forked child starts with its parent's: it has them too. */
	uint64_t live_blocks;
	uint64_t live_requested;
	uint64_t live_debug_bytes; /* the serial's bytes included */
	uint64_t live_usable_bytes; /* of underlying blocks; hosts only */

	/* A forked child starts with what is live at its birth. */
	uint64_t peak_live_blocks;
	uint64_t peak_requested;
	uint64_t peak_debug_bytes; /* the serial's bytes included */
	uint64_t peak_serial_bytes; /* 0 where blocks have no serial word */
	uint64_t peak_usable_bytes; /* hosts only, else 0 */
};

struct preload_stats_slot {
	/* 0 until the slot is filled, then the process's pid. Written last. */
	uint32_t pid;

	/* Forks since the last exec: 0 for a program that was started, its
	 * parent's + 1 for a forked child. */
	uint32_t generation;

	/* Which of `counts` holds; the other is being written. */
	uint32_t current;
	uint32_t parent_pid;

	char variant[PRELOAD_STATS_NAME]; /* "atomic", closed by 0 */
	char program[PRELOAD_STATS_NAME]; /* the thread's name, closed by 0 */
	uint64_t reserved[2];

	/*
	 * Two copies, written in turn, so that a process that is killed while
	 * it counts leaves one that is whole. Reading a slot whose process
	 * still runs: read `current`, the copy, and `current` again until it
	 * did not change.
	 */
	struct preload_stats_counts counts[2];
	uint64_t reserved_end[4];
};

struct preload_stats_file {
	/* 0 while nobody has claimed a slot: no process came up with the
	 * library. Otherwise the header is whole. */
	uint64_t magic;
	uint32_t version;
	uint32_t slot_bytes; /* sizeof(struct preload_stats_slot) */
	uint32_t slots; /* PRELOAD_STATS_SLOTS */

	/* Slots asked for; above `slots` where processes went unaccounted.
	 * Slot 0 is the process that came first. */
	uint32_t claimed;
	uint64_t reserved[29];

	struct preload_stats_slot slot[PRELOAD_STATS_SLOTS];
};

_Static_assert(sizeof(struct preload_stats_slot) == 256, "slot layout");
_Static_assert(
	sizeof(struct preload_stats_file) == 256 * (1 + PRELOAD_STATS_SLOTS),
	"file layout");

/* The counts of a slot whose process has ended. */
static inline const struct preload_stats_counts *preload_stats_read(
	const struct preload_stats_slot *slot)
{
	return &slot->counts[slot->current & 1];
}

#endif /* SERIALBENCH_PRELOAD_STATS_H */
