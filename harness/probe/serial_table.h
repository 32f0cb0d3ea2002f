// SPDX-License-Identifier: MIT
//
// serial.csv: what each scheme's numbers are good for, with one thread and
// with as many as the run has.
#ifndef SERIALBENCH_SERIAL_TABLE_H
#define SERIALBENCH_SERIAL_TABLE_H

#include "plan.h"

/*
 * Lets every variant that numbers blocks take numbers on pinned threads, twice,
 * and writes what came out; `repeats` is yes where each thread got the same
 * numbers both times. Returns the number of failed probes (each reported on
 * stderr), or -1 with errno.
 */
int serial_table_write(const struct plan_request *request,
	const struct topology *topology, const char *path);

#endif /* SERIALBENCH_SERIAL_TABLE_H */
