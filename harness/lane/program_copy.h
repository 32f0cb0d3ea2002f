// SPDX-License-Identifier: MIT
//
// A program's file copied to other pages of memory. Where code lies in physical
// memory can change its speed, and the pages of a file stay where they are for
// as long as the kernel keeps them, over any number of runs: docs/bias.md has a
// worker in which `none` was a fifth slower for one run and not for the next. A
// copy for each launch makes chance of it. Not thread-safe.
#ifndef SERIALBENCH_PROGRAM_COPY_H
#define SERIALBENCH_PROGRAM_COPY_H

struct program_copy {
	int fd; /* above LANE_COMMON_FD, closed by exec; -1: there is none */
	const char *path; /* to start the program by */
	char link[32];
};

/* Copies the file at `path`, which has to stay valid, or takes the file itself
 * where there is no memory or the kernel starts no program from it. */
void program_copy_make(struct program_copy *copy, const char *path);

/* What was started from the copy keeps it. */
void program_copy_drop(struct program_copy *copy);

#endif /* SERIALBENCH_PROGRAM_COPY_H */
