// SPDX-License-Identifier: MIT
//
// counters.csv: what the hardware counted in turns of every cell and variant.
#ifndef SERIALBENCH_COUNTERS_TABLE_H
#define SERIALBENCH_COUNTERS_TABLE_H

#include "plan.h"

/*
 * Runs one launch of every cell of the plan that has a pilot, as many turns as
 * a launch has rounds, apart from those that are timed. Where the machine has
 * no counters nothing is run, and every row says why. Returns the number of
 * failed launches (each reported on stderr), or -1 with errno where the file
 * cannot be written. Ctrl-C ends it early (stop_asked).
 */
int counters_table_write(const struct plan *plan,
	const struct topology *topology, uint64_t deadline_ns,
	const char *path);

#endif /* SERIALBENCH_COUNTERS_TABLE_H */
