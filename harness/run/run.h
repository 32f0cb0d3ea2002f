// SPDX-License-Identifier: MIT
//
// One run from plan to report.
#ifndef SERIALBENCH_RUN_H
#define SERIALBENCH_RUN_H

#include "csv_writer.h"
#include "environment.h"
#include "error_text.h"

#define RUN_PATH 4096

/* How a run that cannot begin fails. */
enum run_refusal {
	RUN_REFUSED = -1, /* what was asked for is not allowed */
	RUN_NO_ROOM = -2, /* the file system took no more */
};

struct run {
	const struct run_options *options;
	const struct topology *topology;
	struct plan plan;
	char directory[RUN_PATH];
	char run_id[RECORD_TEXT]; /* of a run that is resumed */
	int lock_fd; /* of the directory; 0: none */
	struct environment_run record;
	struct csv_writer trials, metrics;
	uint64_t start_ns; /* by clock_now() */
	bool has_pilot; /* the turns are settled: pilot.csv is there */
	bool record_is_written; /* meta.json stays as it is (merge) */
	size_t failed; /* launches, weighings, probes that failed */
};

/* Makes the directory and its first files; meta.json is the last of them. 0, or
 * an enum run_refusal with one line in error and nothing left behind. */
int run_create(struct run *run, const struct run_options *options,
	const struct topology *topology, struct error *error);

/*
 * Opens the run that options->resume names: fills the options from its record,
 * reads its plan, cuts an unfinished launch off its trials and leaves to the
 * run what is not done. 0, or an enum run_refusal with one line in error.
 */
int run_resume(struct run *run, struct run_options *options,
	const struct topology *topology, struct error *error);

/* Path of a file of the run; the text is valid until the next call. */
const char *run_path(const struct run *run, const char *name);

/* Pilots and launches, all that are left of the plan, or until Ctrl-C or the
 * end of the time budget. 0, or -1 with error where a file cannot be written;
 * failed launches count in run->failed. */
int run_launches(struct run *run, struct error *error);

/* What besides launches is not there yet, until Ctrl-C: the five below. Of
 * several shards the first has them. */
int run_parts(struct run *run, struct error *error);

/* memory.csv, serial.csv, metrics of the harness itself. */
int run_probes(struct run *run, struct error *error);

/* What the hardware counts, where it does: counters.csv. */
int run_counters(struct run *run, struct error *error);

/* Percentiles of single calls and operations: latency_launches.csv and
 * latency.csv. */
int run_latency(struct run *run, struct error *error);

/* A real program under every variant: exec.csv. */
int run_real_program(struct run *run, struct error *error);

/* The same cells by google-benchmark, and how far the two agree. */
int run_micro(struct run *run, struct error *error);

/* comparisons.csv, summary.csv, report.html, the table on stdout; written anew
 * where they are there. */
int run_conclude(struct run *run, struct error *error);

/* Closes files; accepts a zeroed run. */
void run_finish(struct run *run);

#endif /* SERIALBENCH_RUN_H */
