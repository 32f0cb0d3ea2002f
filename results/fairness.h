// SPDX-License-Identifier: MIT
//
// How evenly the threads of a turn get on: unevenness, the time of the thread
// that finished last over that of the first, all having begun together with
// the same work. 1 is even.
#ifndef SERIALBENCH_FAIRNESS_H
#define SERIALBENCH_FAIRNESS_H

#include <stddef.h>

#include "csv_table.h"
#include "error_text.h"

/* One variant in one cell: the median over launches of their medians over
 * rounds, and its sign interval. */
struct fairness_item {
	char cell[RECORD_TEXT], variant[RECORD_TEXT];
	size_t launches;
	double unevenness, low, high; /* bounds NaN: too few launches */
};

struct fairness {
	size_t count;
	struct fairness_item *items; /* by cell, then variant */
};

/* Reads a run's trials.csv; rounds and launches that a comparison leaves out
 * are left out here, too. 0, or -1 with error; finish it in both cases. */
int fairness_read(
	struct fairness *fairness, const char *run, struct error *error);

/* Accepts NULL and a zeroed one. */
void fairness_finish(struct fairness *fairness);

#endif /* SERIALBENCH_FAIRNESS_H */
