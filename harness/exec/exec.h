// SPDX-License-Identifier: MIT
//
// serialbench exec: an unmodified program on the debug wrapper. Either once,
// in place, or measured under every variant: time, peak RSS, and the exact
// bytes of the wrapper at the program's peak.
#ifndef SERIALBENCH_EXEC_H
#define SERIALBENCH_EXEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "allocators.h"
#include "compare.h"
#include "error_text.h"
#include "record.h"

#define EXEC_ROWS_MAX 1024 /* variants × allocators */

/* What is said of a program that has its own malloc. */
#define EXEC_UNSEEN                                                            \
	"no allocation came to the wrapper: the program makes none, or "       \
	"brings its own malloc, and nothing was checked"

/* Everything belongs to the caller and outlives the call. */
struct exec_request {
	/* Program and arguments, closed by NULL. */
	char *const *command;

	/* The program is serialbench-python (python_host.h), which takes the
	 * variant without a preloaded library, and PYTHON_OWN_HOOKS is one. */
	bool python;

	/* NAME=VALUE on top of this process's environment, closed by NULL; or
	 * NULL. LD_PRELOAD, DBGALLOC and variables that steer an allocator
	 * never reach the command from this process. */
	const char *const *environment;

	/* As allocator_find() proved them, at least one. */
	const struct allocator *allocators;
	size_t allocator_count;

	/* Closed by NULL, no name twice; NULL for all. Those that
	 * exec_variant_known() knows, and PYTHON_OWN_HOOKS for python. "none"
	 * is the baseline and is measured even where it is not named. */
	const char *const *variants;

	/* What each run reads as its stdin, from its start; NULL: nothing. */
	const char *stdin_file;

	/* Measure a program that fails by itself. Else only one that ends with
	 * exit code 0 is measured. */
	bool allow_failure;

	unsigned launches; /* at least 1 */
	uint64_t seed; /* of orders and of paddings of the environment */
	double margin; /* δ of the verdicts; 0.02 is the standard */

	/* Called after every run of the command; NULL for none. */
	void (*progress)(void *context, unsigned done, unsigned of);
	void *context;
};

/* One variant over one allocator. RECORD_NO_COUNT, NaN and "": not measured,
 * as the bytes of `plain` and the ratio of the baseline to itself. */
struct exec_row {
	char allocator[LANE_TEXT];
	char allocator_version[LANE_TEXT];
	char variant[32];
	unsigned launches; /* that count */
	double wall_ms_median;
	double ratio, ci_low, ci_high, ci_level; /* against `none` */
	double p_raw, p_adj; /* Holm over all rows of the table */
	char verdict[64];
	size_t launches_needed; /* where the verdict is inconclusive, else 0 */
	uint64_t peak_rss_kib; /* median over launches; largest process */

	/* Of the counting run: processes (a program that execs is one), and
	 * of the one with the largest peak its state at that moment, the first
	 * at which most bytes were requested. */
	uint64_t processes;
	uint64_t live_blocks_at_peak;
	uint64_t requested_bytes_at_peak;
	uint64_t debug_bytes_at_peak; /* the serial's included */
	uint64_t serial_bytes_at_peak; /* 8 × live blocks, 0 without serial */
	uint64_t usable_bytes_at_peak; /* underlying blocks; CPython only */

	/* Requested bytes and 24, or 32, for each live block; CPython only. */
	uint64_t peak_bytes_24, peak_bytes_32;

	/* Of wall time against the same variant over the baseline of the
	 * allocators, which is "system" where that is measured and else the
	 * first one; as above, Holm over all of these. "" and NaN: it is that
	 * allocator's row, or there is one allocator. */
	char allocator_baseline[LANE_TEXT];
	double allocator_ratio, allocator_ci_low, allocator_ci_high;
	double allocator_p_adj;
	char allocator_verdict[64];

	/* "ok", or what went wrong in this row or did not repeat. */
	char status[256];
	int failed; /* a run went wrong */
};

/* One timed run. */
struct exec_trial {
	uint32_t row, launch, position, environment_bytes;
	uint64_t wall_ns, cpu_ns, start_unix_ns;
	uint64_t peak_rss_kib;
	uint64_t minflt, majflt, nvcsw, nivcsw;
	int failed;
};

struct exec_result {
	/* As a line for a shell with its stdin; of python without the program.
	 */
	char *command;
	char *environment; /* variables that were set for it, the same way */
	bool python; /* as requested */
	int status; /* as wait() has it, of every run that is ok */

	/* No call for a block came to the wrapper (EXEC_UNSEEN). */
	bool unseen;
	unsigned launches;
	uint64_t seed;
	double margin;
	struct exec_row *rows; /* by allocator, then in order of variants */
	size_t row_count;
	struct exec_trial *trials; /* in the order in which they ran */
	size_t trial_count;
};

enum exec_outcome {
	EXEC_DONE = 0,
	EXEC_FAILED = 1, /* rows that failed are there, with their status */
	EXEC_REFUSED = 2, /* the command cannot be measured; no result */
	EXEC_STOPPED = 3, /* SIGINT, SIGTERM or SIGHUP; no result */
};

/* A variant's name without `null`, which holds no program's memory. */
int exec_variant_known(const char *variant);

/*
 * Runs the command once as it is, twice per row with the bytes counted, once
 * per row to warm up, then launches × rows times, in an order drawn afresh for
 * each launch. Every run has its stdout on /dev/null, its stderr in a pipe of
 * which the end is kept, and is in a session of its own; nothing is left of it
 * when it has ended, not even what left the session. All runs must end alike.
 * Counting runs have fixed addresses and the same
 * ones in every variant (exec_level.c), so that what a program asks for is the
 * same in every run, where it does not hang on time or threads. Returns an
 * exec_outcome; where it is not EXEC_DONE, error has one line, and behind it
 * the end of the stderr of the program that failed. Catches the
 * three signals meanwhile, and hands one that came on to the caller's handler
 * where there is one.
 *
 * Peak RSS is the kernel's ru_maxrss. That has a floor, as a new program's
 * peak begins with that of the process that started it. So the command is
 * started by serialbench-exec-child, which is static and tiny: the floor is
 * its own peak, 0.6 MiB, which any dynamically linked program exceeds.
 */
int exec_measure(const struct exec_request *request, struct exec_result *result,
	struct error *error);

/* Writes exec.csv; the file must not exist. 0, or -1 with errno and no file. */
int exec_write_csv(const struct exec_result *result, const char *path);

/* Writes the timed runs as a run directory has them, plan.csv and trials.csv,
 * for `serialbench compare`. 0, or -1 with errno and neither file. */
int exec_write_trials(const struct exec_result *result, const char *folder);

/* What could not be written shows in ferror(out). */
void exec_print(
	const struct exec_result *result, FILE *out, enum table_format format);

/* Accepts NULL and a zeroed result. */
void exec_result_finish(struct exec_result *result);

/* The subcommand; argv[0] is "exec". Returns the exit code, or not at all
 * where it becomes the command. */
int exec_command(int argc, char **argv);

/* The same of serialbench-python. */
int python_command(int argc, char **argv);

#endif /* SERIALBENCH_EXEC_H */
