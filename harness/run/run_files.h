// SPDX-License-Identifier: MIT
//
// The files of a run: each is whole or not there. What is written at once is
// written as NAME.new and renamed; what grows, grows by whole rows.
#ifndef SERIALBENCH_RUN_FILES_H
#define SERIALBENCH_RUN_FILES_H

#include "csv_table.h"
#include "error_text.h"
#include "relay.h"
#include "run.h"

/* As mkdir -p. 0, or -1 with errno. */
int run_make_folders(const char *path);

/* Path of a file of the run while it is written; what a run that was killed
 * left of it is deleted. Valid until the next call. */
const char *run_new_path(const struct run *run, const char *name);

/* NAME.new becomes NAME. 0, or -1 with errno. */
int run_publish(const struct run *run, const char *name);

/* Deletes NAME.new; errno stays. */
void run_discard(const struct run *run, const char *name);

bool run_has(const struct run *run, const char *name);

/* Holds the run's directory against a second runner until run_finish(). 0, or
 * -1 with errno; EWOULDBLOCK where another has it. */
int run_lock(struct run *run);

/* Deletes what a run that was killed left unfinished. */
void run_sweep(const struct run *run);

/* Writes a row of trials.csv as the run's. 0, or -1 with errno. */
int run_write_row(struct run *run, struct trial *row);

/* Counts a failure, and says it on stderr. */
void run_report_failure(struct run *run, const struct trial *row);

/* By clock_now(); 0 without a budget. */
uint64_t run_budget_end(const struct run *run);

/* Launches of the plan that are this run's to do. */
size_t run_count_left(const struct plan *plan);

/*
 * Pilots every cell that the run has launches of, chooses their rounds where
 * none are named, and writes pilot.csv, all or nothing: a run that is stopped
 * has none. `relay` has plan, topology and deadline. 0, or -1 with errno.
 */
int run_pilots(struct run *run, struct relay *relay);

/* Which rows of metrics.csv belong to which file of the run. */
enum metric_part {
	METRICS_OF_PILOT = 1, /* pilot.csv */
	METRICS_OF_MEMORY = 2, /* memory.csv */
	METRICS_OF_SERIAL = 4, /* serial.csv */
};

/* The files of the run that are there, as a set of enum metric_part. */
unsigned run_metric_parts(const struct run *run);

/* Writes the rows of pilot.csv. 0, or -1 with errno. */
int run_write_pilot_metrics(struct run *run);

/* Copies the rows of those parts from the metrics.csv at `path`, where there
 * is one; others are of a part that is not there, or are made anew. 0, or -1
 * with error. */
int run_copy_metrics(struct csv_writer *metrics, const char *path,
	unsigned parts, struct error *error);

/* Sets what errno says of the run's directory, and that what is written is
 * whole. -1. */
int run_fail(struct error *error, const struct run *run);

#endif /* SERIALBENCH_RUN_FILES_H */
