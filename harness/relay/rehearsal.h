// SPDX-License-Identifier: MIT
//
// A launch before the first one, whose times go into no comparison: how far the
// rounds of a cell lie apart, and what they cost.
#ifndef SERIALBENCH_REHEARSAL_H
#define SERIALBENCH_REHEARSAL_H

#include "relay.h"

/*
 * Runs a launch of ROUNDS_REHEARSED rounds and sets the cell's round_sd
 * (rounds_deviation() of the rounds that are kept), start_ns (start and end of
 * all workers) and round_ns. `relay` has plan, cell, launch, topology and
 * deadline filled in, cell is its own, and a pilot has sized its turns; its
 * rounds stay as they are. 0, also where a stop was asked for; 1 with *failure
 * where a lane failed, and the three are NaN; -1 where memory ran out.
 */
int rehearse(
	struct relay *relay, struct plan_cell *cell, struct trial *failure);

#endif /* SERIALBENCH_REHEARSAL_H */
