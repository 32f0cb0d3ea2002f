// SPDX-License-Identifier: MIT
//
// The accounting file of one counting run: in memory, so that nothing is left
// behind whatever happens. Read when the run has ended.
#ifndef SERIALBENCH_EXEC_COUNT_H
#define SERIALBENCH_EXEC_COUNT_H

#include <stdint.h>

#include "error_text.h"
#include "exec.h"

struct exec_counter {
	int fd;
	char option[64]; /* the value of DBGALLOC: "stats=" and the path */
};

struct exec_counts {
	uint64_t processes;
	uint64_t calls; /* of all of them; 0: nothing was checked */
	uint64_t live_blocks, requested, debug_bytes, serial_bytes;
	uint64_t usable; /* 0 where nobody asked */
};

/* 0, or -1 with errno. Finish it after success. */
int exec_counter_init(struct exec_counter *counter);

/*
 * The counts of the process with the largest peak. 0; 1 where no process of
 * the command came up with the library of `variant`; -1 with error where
 * processes went uncounted or the file is damaged.
 */
int exec_counter_read(const struct exec_counter *counter, const char *variant,
	struct exec_counts *counts, struct error *error);

void exec_counter_finish(struct exec_counter *counter);

#endif /* SERIALBENCH_EXEC_COUNT_H */
