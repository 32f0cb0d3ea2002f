// SPDX-License-Identifier: MIT
//
// The thread counts of a workload's cells: those that were asked for, or those
// of its own team.
#ifndef SERIALBENCH_PLAN_THREADS_H
#define SERIALBENCH_PLAN_THREADS_H

#include "error_text.h"
#include "plan.h"

struct plan_threads {
	unsigned counts[PLAN_LIST];
	size_t count;
	char remark[512]; /* as struct workload_team has it */
};

/*
 * A workload without a team has the request's counts. One with a team has
 * them, too, where they were named and all do; else it has one: its whole team,
 * or, where that has more threads than there are PUs, as many as do. 0, or -1
 * with error, also where the workload's file is damaged.
 */
int plan_threads_choose(struct plan_threads *threads,
	const struct plan_request *request, const char *text, unsigned pus,
	struct error *error);

#endif /* SERIALBENCH_PLAN_THREADS_H */
