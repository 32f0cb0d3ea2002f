// SPDX-License-Identifier: MIT
//
// How far a run is: one line that is rewritten on a terminal, a plain line now
// and then in a pipe. On stderr.
#ifndef SERIALBENCH_PROGRESS_H
#define SERIALBENCH_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
	const char *what;
	size_t done, all;
	uint64_t start_ns, said_ns;
	uint64_t end_ns; /* when it ends in any case, by clock_now(); 0: open */
	bool terminal;
	bool open; /* `all` is the most, and the end is its own */
};

void progress_begin(struct progress *progress, const char *what, size_t all);

/* The same where `all` is the most that there may be until end_ns. */
void progress_begin_open(struct progress *progress, const char *what,
	size_t all, uint64_t end_ns);

/* One more is done; `name` is what is being done next or was done. */
void progress_step(struct progress *progress, const char *name);

/* Leaves a clean line. */
void progress_end(struct progress *progress);

#endif /* SERIALBENCH_PROGRESS_H */
