// SPDX-License-Identifier: MIT
//
// One run from plan to report.
#ifndef SERIALBENCH_RUN_H
#define SERIALBENCH_RUN_H

#include "csv_writer.h"
#include "environment.h"

#define RUN_ERROR 1024
#define RUN_PATH 4096

struct run {
	const struct run_options *options;
	const struct topology *topology;
	struct plan plan;
	char directory[RUN_PATH];
	struct environment_run record;
	struct csv_writer trials, metrics;
	size_t failed; /* launches, weighings, probes that failed */
};

/* Makes the directory and its first files. 0, or -1 with one line in error[]
 * and nothing left behind. */
int run_create(struct run *run, const struct run_options *options,
	const struct topology *topology, char error[RUN_ERROR]);

/* Path of a file of the run; the text is valid until the next call. */
const char *run_path(const struct run *run, const char *name);

/* Pilots and launches, all of the plan or until Ctrl-C. 0, or -1 with error[]
 * where a file cannot be written; failed launches count in run->failed. */
int run_launches(struct run *run, char error[RUN_ERROR]);

/* memory.csv, serial.csv, metrics of the harness itself. */
int run_probes(struct run *run, char error[RUN_ERROR]);

/* A real program under every variant: exec.csv. */
int run_real_program(struct run *run, char error[RUN_ERROR]);

/* The same cells by google-benchmark, and how far the two agree. */
int run_micro(struct run *run, char error[RUN_ERROR]);

/* comparisons.csv, report.html, the table on stdout. */
int run_conclude(struct run *run, char error[RUN_ERROR]);

/* Closes files; accepts a zeroed run. */
void run_finish(struct run *run);

#endif /* SERIALBENCH_RUN_H */
