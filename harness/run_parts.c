// SPDX-License-Identifier: MIT
//
// What a run measures besides its launches, one file each. A file that is
// there is whole, and not made again.
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "footprint_table.h"
#include "memory_table.h"
#include "metrics.h"
#include "micro_agreement.h"
#include "relay.h"
#include "run_files.h"
#include "serial_table.h"

static int fail_at(char error[RUN_ERROR], const struct run *run)
{
	snprintf(error, RUN_ERROR, "%s: %s; what was written so far is whole",
		run->directory, strerror(errno));
	return -1;
}

/* A table was written, or not: `failed` of its rows, or -1. One that Ctrl-C
 * cut short is not kept. */
static int end_table(
	struct run *run, const char *name, int failed, char error[RUN_ERROR])
{
	if (failed >= 0 && !relay_stop_asked) {
		run->failed += (size_t)failed;
		if (run_publish(run, name) == 0)
			return 0;
		failed = -1;
	}
	run_discard(run, name);
	return failed < 0 ? fail_at(error, run) : 0;
}

/* A file, and rows of metrics.csv that are whole where the file is. */
static int weigh_blocks(struct run *run, char error[RUN_ERROR])
{
	bool quick = run->options->preset == PRESET_QUICK;
	int failed, more = 0;

	if (run_has(run, "memory.csv"))
		return 0;
	fprintf(stderr, "serialbench: bytes per block\n");
	failed = memory_table_write(run->plan.request,
		run_new_path(run, "memory.csv"), &run->metrics, quick);
	if (failed >= 0)
		more = footprint_table_write(&run->plan, &run->metrics);
	return end_table(run, "memory.csv",
		failed < 0 || more < 0 ? -1 : failed + more, error);
}

static int watch_numbers(struct run *run, char error[RUN_ERROR])
{
	if (run_has(run, "serial.csv"))
		return 0;
	fprintf(stderr, "serialbench: numbers under contention\n");
	if (metric_write(&run->metrics, "clock_ns", NULL, NULL,
		    environment_clock_ns(), "ns",
		    "one reading of the clock of turns") != 0)
		return fail_at(error, run);
	return end_table(run, "serial.csv",
		serial_table_write(run->plan.request, run->topology,
			run_new_path(run, "serial.csv")),
		error);
}

int run_probes(struct run *run, char error[RUN_ERROR])
{
	if (weigh_blocks(run, error) != 0)
		return -1;
	return relay_stop_asked ? 0 : watch_numbers(run, error);
}

int run_micro(struct run *run, char error[RUN_ERROR])
{
	bool quick = run->options->preset == PRESET_QUICK;

	if (run_has(run, "micro.json"))
		return 0;
	fprintf(stderr, "serialbench: the same cells by google-benchmark\n");
	if (micro_measure(&run->plan, run_new_path(run, "micro.json"), quick,
		    error) == 0) {
		/* No file: no cell that it can run. */
		if (run_publish(run, "micro.json") == 0 || errno == ENOENT)
			return 0;
		return fail_at(error, run);
	}
	run_discard(run, "micro.json");
	if (relay_stop_asked)
		return 0;
	/* A second opinion that failed is named; the first one stands. */
	fprintf(stderr, "serialbench: %s\n", error);
	run->failed++;
	return 0;
}

int run_parts(struct run *run, char error[RUN_ERROR])
{
	const struct run_options *options = run->options;

	if (options->shard > 1)
		return 0;
	if (!relay_stop_asked && run_probes(run, error) != 0)
		return -1;
	if (!relay_stop_asked && options->exec &&
		run_real_program(run, error) != 0)
		return -1;
	if (!relay_stop_asked && options->micro && run_micro(run, error) != 0)
		return -1;
	return 0;
}
