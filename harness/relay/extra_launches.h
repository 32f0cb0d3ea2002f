// SPDX-License-Identifier: MIT
//
// Which cell the launches after those of the plan go to: the one whose
// launches lie farthest apart, whatever they say. In batches of one launch of
// each link order.
#ifndef SERIALBENCH_EXTRA_LAUNCHES_H
#define SERIALBENCH_EXTRA_LAUNCHES_H

#include "error_text.h"
#include "plan.h"
#include "spread.h"

struct extra_launches {
	struct plan *plan;
	bool headline_only; /* the plan has cells of the headline family */
	struct spread spread;
};

/* Launches that are done are not `left`. Nothing is read. */
void extra_begin(struct extra_launches *extra, struct plan *plan);

/* Reads the launches that RUN/trials.csv has. 0, or -1 with error. */
int extra_read(
	struct extra_launches *extra, const char *run, struct error *error);

/* Whether a batch was begun and is not complete. */
bool extra_is_amid(const struct extra_launches *extra);

/* The launch to run next; NULL where none is left. It is then no longer
 * `left`. */
const struct plan_launch *extra_next(struct extra_launches *extra);

void extra_finish(struct extra_launches *extra);

#endif /* SERIALBENCH_EXTRA_LAUNCHES_H */
