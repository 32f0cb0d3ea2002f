// SPDX-License-Identifier: MIT
//
// The one reader of a run's CSV files but trials.csv (trials_read) and those
// that a run is taken up from (plan_read, pilot_file_read): every command sees
// the same file, or the same refusal.
#ifndef SERIALBENCH_RUN_TABLE_H
#define SERIALBENCH_RUN_TABLE_H

#include "csv_table.h"
#include "error_text.h"

/*
 * Reads the file at `path` as `file`, "memory.csv" or another of a run. A
 * number is finite, and not below 0 but in columns of differences; what one row
 * is about no second row is about; columns may stand in any order, and unknown
 * ones are read as text. An empty field is none. 0, or -1 with error (which
 * names file, line and column) and nothing to finish.
 */
int run_table_read(struct csv_table *table, const char *path, const char *file,
	struct error *error);

#endif /* SERIALBENCH_RUN_TABLE_H */
