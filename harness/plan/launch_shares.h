// SPDX-License-Identifier: MIT
//
// While a time budget lasts, not every cell takes part in every pass: where a
// launch costs four times as much, half as many are made. Of one time that
// leaves the least sum of variances where launches scatter alike (Neyman's
// allocation with costs: Cochran, Sampling Techniques, 1977, 5.5). Costs are
// all that it sees. No function allocates; all are thread-safe.
#ifndef SERIALBENCH_LAUNCH_SHARES_H
#define SERIALBENCH_LAUNCH_SHARES_H

#include "plan.h"

/* In the first passes every cell takes part: LAUNCHES_LEAST (drop_cells.h), and
 * as many of each link order. */
#define LAUNCH_PASSES_LEAST 18

/* No cell has less. */
#define LAUNCH_SHARE_LEAST 0.25

/* What a launch of all lanes takes, with the rounds that the pilot will choose
 * where it has not; NaN where the pilot did not rehearse. */
double launch_ns(const struct plan_cell *cell);

/* Sets each cell's share of the passes from what a launch took in the
 * rehearsal: 1 for the cheapest, and where that is not known. */
void launch_shares(struct plan *plan);

/*
 * Whether a cell of that share takes part in a pass. Passes go by as many as
 * there are link orders, so that a cell has as many launches of each.
 */
bool launch_takes_part(double share, unsigned pass);

#endif /* SERIALBENCH_LAUNCH_SHARES_H */
