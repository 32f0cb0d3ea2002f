// SPDX-License-Identifier: MIT
//
// What the workloads whose point is bytes hold, and what the process has for
// it under each variant: rows of metrics.csv.
#ifndef SERIALBENCH_FOOTPRINT_TABLE_H
#define SERIALBENCH_FOOTPRINT_TABLE_H

#include "csv_writer.h"
#include "plan.h"

/*
 * Runs the course of every such workload of the plan, untimed, on each of its
 * allocators and thread counts under each allocating variant, in a process of
 * its own. A cell whose placement is not the first of its kind has the same
 * rows and is left out. Returns the number of failed ones (each reported on
 * stderr), or -1 with errno where the rows cannot be written. Ctrl-C ends it
 * early (stop_asked).
 */
int footprint_table_write(const struct plan *plan, struct csv_writer *metrics);

#endif /* SERIALBENCH_FOOTPRINT_TABLE_H */
