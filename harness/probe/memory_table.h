// SPDX-License-Identifier: MIT
//
// memory.csv: what a block of each size costs under each variant.
#ifndef SERIALBENCH_MEMORY_TABLE_H
#define SERIALBENCH_MEMORY_TABLE_H

#include "csv_writer.h"
#include "plan.h"

/* Sizes of a run, closed by 0; `quick` takes one of each residue mod 16. */
const size_t *memory_sizes(bool quick);

/*
 * Weighs every allocating variant on every allocator, each in a process of its
 * own, twice; the exact parts must agree to the byte. Writes memory.csv, and
 * jemalloc's own counts to `metrics`. Returns the number of failed weighings
 * (each reported on stderr), or -1 with errno where a file cannot be written.
 * Ctrl-C ends it early (stop_asked).
 */
int memory_table_write(const struct plan_request *request, const char *path,
	struct csv_writer *metrics, bool quick);

#endif /* SERIALBENCH_MEMORY_TABLE_H */
