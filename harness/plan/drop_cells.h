// SPDX-License-Identifier: MIT
//
// A time budget that cannot give every cell enough launches for a verdict gives
// up whole cells, those of the least weight, and never launches of all of them.
// Costs and names are all that the choice sees. No function allocates; all are
// thread-safe.
#ifndef SERIALBENCH_DROP_CELLS_H
#define SERIALBENCH_DROP_CELLS_H

#include "plan.h"

/* With Holm over the cells of one variant (102 in the standard run on two PUs)
 * the smallest p of a sign test, 2^(1-n), reaches 5 % from 12 launches on; 17
 * leave room for launches that lie on the other side. */
#define LAUNCHES_LEAST 17

/* How little a cell says that another does not, from the least on. "Before it"
 * is in the order of the plan. */
enum cell_weight {
	WEIGHT_EXPLORATORY, /* not of the headline family */
	WEIGHT_OTHER_PARAMETERS, /* as one before it, with other parameters */
	WEIGHT_OTHER_ALLOCATOR, /* as one before it, on another allocator */
	WEIGHT_OTHER_THREADS, /* the same with other threads or placement */
	WEIGHT_FIRST, /* of its workload */
};

/* What a budget leaves to the least launches, ns, once pilots have taken some
 * of it: half of it at the least, since a machine on which pilots take longer
 * than that would have them for nothing. */
double least_launches_room(double budget_ns, double spent_ns);

enum cell_weight cell_weight(const struct plan *plan, size_t cell);

/* What the launches take, ns, that the cell lacks of its least ones; 0 where
 * no rehearsal says what one takes. */
double cell_least_ns(const struct plan *plan, size_t cell);

/*
 * Sets `dropped` of cells until the least launches of the others take no more
 * than room_ns: the least weight first, of one weight the cell that takes
 * longest, then the last. One cell is always left. Cells that lack none of
 * their least launches stay. Returns how many were dropped.
 */
size_t drop_cells(struct plan *plan, double room_ns);

#endif /* SERIALBENCH_DROP_CELLS_H */
