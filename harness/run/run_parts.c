// SPDX-License-Identifier: MIT
//
// What a run measures besides its launches, one file each. A file that is
// there is whole, and not made again.
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "compare.h"
#include "counters_table.h"
#include "footprint_table.h"
#include "latency.h"
#include "latency_table.h"
#include "memory_table.h"
#include "metrics.h"
#include "micro_agreement.h"
#include "relay.h"
#include "run_files.h"
#include "serial_table.h"
#include "stop.h"

/* A table was written, or not: `failed` of its rows, or -1. One that Ctrl-C
 * cut short is not kept. */
static int end_table(
	struct run *run, const char *name, int failed, struct error *error)
{
	if (failed >= 0 && !stop_asked) {
		run->failed += (size_t)failed;
		if (run_publish(run, name) == 0)
			return 0;
		failed = -1;
	}
	run_discard(run, name);
	return failed < 0 ? run_fail(error, run) : 0;
}

/* A file, and rows of metrics.csv that are whole where the file is. */
static int weigh_blocks(struct run *run, struct error *error)
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

static int watch_numbers(struct run *run, struct error *error)
{
	if (run_has(run, "serial.csv"))
		return 0;
	fprintf(stderr, "serialbench: numbers under contention\n");
	if (metric_write(&run->metrics, "clock_ns", NULL, NULL,
		    environment_clock_ns(), "ns",
		    "one reading of the clock of turns") != 0)
		return run_fail(error, run);
	return end_table(run, "serial.csv",
		serial_table_write(run->plan.request, run->topology,
			run_new_path(run, "serial.csv")),
		error);
}

int run_probes(struct run *run, struct error *error)
{
	if (weigh_blocks(run, error) != 0)
		return -1;
	return stop_asked ? 0 : watch_numbers(run, error);
}

int run_counters(struct run *run, struct error *error)
{
	if (run_has(run, "counters.csv"))
		return 0;
	return end_table(run, "counters.csv",
		counters_table_write(&run->plan, run->topology,
			run->options->deadline_ns,
			run_new_path(run, "counters.csv")),
		error);
}

/* Launches of each cell: six are the fewest that give an interval, as many as
 * the run's at most. */
static unsigned latency_launches(const struct run *run)
{
	static const unsigned presets[] = {[PRESET_QUICK] = 3,
		[PRESET_STANDARD] = 6,
		[PRESET_THOROUGH] = 30};
	unsigned most =
		(unsigned)(run->plan.launch_count / run->plan.cell_count);
	unsigned wanted = presets[run->options->preset];

	return wanted < most ? wanted : most;
}

/* latency.csv is what latency_launches.csv says. */
static int conclude_latency(struct run *run, struct error *error)
{
	struct latency latency;
	struct error reason;
	int result = -1;

	if (latency_read(&latency, run_path(run, "latency_launches.csv"),
		    COMPARE_BASELINE, &reason) != 0)
		error_set(error, "%s", reason.text);
	else if (latency_write(&latency, run_new_path(run, "latency.csv")) !=
			0 ||
		run_publish(run, "latency.csv") != 0)
		run_fail(error, run);
	else
		result = 0;
	run_discard(run, "latency.csv");
	latency_finish(&latency);
	return result;
}

int run_latency(struct run *run, struct error *error)
{
	bool more = run->options->preset != PRESET_QUICK;

	if (!run_has(run, "latency_launches.csv")) {
		fprintf(stderr, "serialbench: latency of single calls\n");
		if (end_table(run, "latency_launches.csv",
			    latency_table_write(&run->plan, run->topology,
				    latency_launches(run), more,
				    run->options->deadline_ns,
				    run_new_path(run, "latency_launches.csv")),
			    error) != 0)
			return -1;
	}
	return run_has(run, "latency.csv") ||
			!run_has(run, "latency_launches.csv")
		? 0
		: conclude_latency(run, error);
}

int run_micro(struct run *run, struct error *error)
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
		return run_fail(error, run);
	}
	run_discard(run, "micro.json");
	if (stop_asked)
		return 0;
	/* A second opinion that failed is named; the first one stands. */
	fprintf(stderr, "serialbench: %s\n", error->text);
	run->failed++;
	return 0;
}

int run_parts(struct run *run, struct error *error)
{
	const struct run_options *options = run->options;

	if (options->shard > 1)
		return 0;
	if (!stop_asked && run_probes(run, error) != 0)
		return -1;
	if (!stop_asked && run_counters(run, error) != 0)
		return -1;
	if (!stop_asked && options->latency && run_latency(run, error) != 0)
		return -1;
	if (!stop_asked && options->exec && run_real_program(run, error) != 0)
		return -1;
	if (!stop_asked && options->micro && run_micro(run, error) != 0)
		return -1;
	return 0;
}
