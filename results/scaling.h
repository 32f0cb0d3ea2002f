// SPDX-License-Identifier: MIT
//
// How throughput grows with threads: the Universal Scalability Law fitted to
// every workload, allocator, placement and variant of a run, where that can be
// done.
#ifndef SERIALBENCH_SCALING_H
#define SERIALBENCH_SCALING_H

#include "csv_table.h"
#include "error_text.h"
#include "usl.h"

/* Thread counts, and launches at each of them, below which nothing is
 * estimated. */
#define SCALING_COUNTS 6
#define SCALING_LAUNCHES 6

struct scaling_item {
	char cells[RECORD_TEXT]; /* "pair,size=64/system/t*[/placement]" */
	char variant[RECORD_TEXT];
	size_t thread_counts; /* distinct */
	size_t launches; /* at the count that has the fewest */
	char status[96]; /* "estimated", or "not estimable: " and why */
	/* NaN where not estimated; γ in million operations a second. */
	struct usl fit, low, high; /* 95 % of the bootstrap's fits */
};

struct scaling {
	size_t count;
	struct scaling_item *items; /* by cells, then variant */
};

/*
 * Reads RUN/trials.csv; rounds and launches that a comparison leaves out are
 * left out here, too, and so are cells with more threads than PUs, whose
 * placement is `oversubscribed`. Intervals are percentiles of fits to launches
 * drawn anew, with replacement, at each thread count; the draw is the same
 * every time. 0, or -1 with error; finish it in
 * both cases.
 */
int scaling_read(struct scaling *scaling, const char *run, struct error *error);

/* Writes scaling.csv at `path`, which must not exist. 0, or -1 with errno. */
int scaling_write(const struct scaling *scaling, const char *path);

/* Accepts NULL and a zeroed one. */
void scaling_finish(struct scaling *scaling);

#endif /* SERIALBENCH_SCALING_H */
