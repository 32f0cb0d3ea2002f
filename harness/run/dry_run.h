// SPDX-License-Identifier: MIT
//
// `run --dry-run`: the plan, how long it takes, and what it will be able to
// see.
#ifndef SERIALBENCH_DRY_RUN_H
#define SERIALBENCH_DRY_RUN_H

#include <stdio.h>

#include "run_options.h"

/* Prints the plan. With --pilot RUN/pilot.csv every cell has the half-width
 * that its interval is expected to have, from the scatter of that run's
 * launches, and the plan has its rounds where none are named; where there is
 * none a line says why, and who chooses the rounds. What the run would refuse
 * of the pilots is refused here, too. 0, or -1 with error. */
int dry_run_print(FILE *out, struct plan *plan,
	const struct run_options *options, struct error *error);

#endif /* SERIALBENCH_DRY_RUN_H */
