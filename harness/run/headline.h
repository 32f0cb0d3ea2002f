// SPDX-License-Identifier: MIT
//
// The answer of a run as one table on a terminal: a row for each variant, A'
// first; a column for each key cell.
#ifndef SERIALBENCH_HEADLINE_H
#define SERIALBENCH_HEADLINE_H

#include <stdio.h>

#include "compare.h"
#include "error_text.h"
#include "plan.h"

/*
 * Prints ratio and verdict of every variant over the baseline, ns per operation
 * of the baseline and of `null`, and bytes per block, for the key cells of the
 * plan (the quick preset's workloads, or all where the plan has none of them).
 * `run` is the run directory; its trials give the ns. A place without a figure
 * has a -, with its reason below the table; where nothing was measured or
 * nothing can be compared there are only the reasons. 0, or -1 with error.
 */
int headline_print(FILE *out, const struct plan *plan, const char *run,
	const struct comparison_list *list, struct error *error);

#endif /* SERIALBENCH_HEADLINE_H */
