// SPDX-License-Identifier: MIT
//
// From the CSV files of a run directory to pictures and one page:
// plots/*.dat and plots/*.gp, plots/*.svg (by gnuplot), report.html. The page
// is self-contained and opens offline.
#ifndef SERIALBENCH_REPORT_H
#define SERIALBENCH_REPORT_H

#include "csv_table.h"
#include "error_text.h"

/*
 * Writes the report of the run directory `run`. It reads comparisons.csv,
 * summary.csv, trials.csv, memory.csv, serial.csv, latency.csv, scaling.csv,
 * counters.csv, metrics.csv, exec.csv, plan.csv and meta.json; any of them may
 * be missing, and its section then says so. Files are written under temporary
 * names and renamed, so that an older report stays whole until the new one is.
 *
 * Returns 0, with warning[] empty or one line that says what the report had
 * to do without (no gnuplot on the PATH: tables instead of pictures). Returns
 * -1 with error, one line, where a file is damaged, the directory holds no
 * run or cannot be written. warning may be NULL. Not thread-safe; another
 * process may write a report of the same run at the same time.
 */
int report_write(const char *run, struct error *warning, struct error *error);

/* Deletes what reports of the run that were killed have left there, and nothing
 * of one that is being written. */
void report_sweep(const char *run);

#endif /* SERIALBENCH_REPORT_H */
