// SPDX-License-Identifier: MIT
//
// trials.csv against its plan: which launches are there, and where.
#ifndef SERIALBENCH_TRIALS_SCAN_H
#define SERIALBENCH_TRIALS_SCAN_H

#include <sys/types.h>

#include "csv_table.h"
#include "error_text.h"
#include "plan.h"

/* One launch that is there whole. */
struct trials_launch {
	struct plan_launch *launch; /* the plan's */
	size_t first_row, row_count;
	off_t from, to; /* bytes of the file */
	bool failed; /* one of its rows is not ok */
	size_t rounds, rounds_excluded; /* 0 where it failed */
};

struct trials_scan {
	struct trials_launch *launches; /* in the order of the file */
	size_t count;
	off_t header; /* bytes of the header line */
	off_t whole; /* bytes up to the end of the last whole launch */
};

/*
 * Reads trials.csv. What follows the last whole launch (a launch that a kill
 * cut short, a torn line) is left out. Every other row has to be one of the
 * plan's: its cell, launch, seed, link order, environment, its place in the
 * launch, the build and the allocator version of the request's allocators, and
 * in each round the same operations on every lane. A launch has the rounds of
 * its cell, or any number where these are 0. 0, or -1 with one line in
 * error; finish it in both cases.
 */
int trials_scan(struct trials_scan *scan, const struct plan *plan,
	const char *path, struct error *error);

/* Accepts a zeroed scan. */
void trials_scan_finish(struct trials_scan *scan);

#endif /* SERIALBENCH_TRIALS_SCAN_H */
