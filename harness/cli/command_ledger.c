// SPDX-License-Identifier: MIT
//
// serialbench ledger: a run of the wrapper's specialised builds, and what each
// part of the wrapper costs by it.
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "commands.h"
#include "ledger.h"
#include "ledger_bytes.h"
#include "ledger_options.h"
#include "relay.h"
#include "report.h"
#include "run_files.h"
#include "stop.h"

static int close_record(struct run *run, struct error *error)
{
	run->record.end_unix_ns = clock_ns(CLOCK_REALTIME);
	if (csv_writer_close(&run->trials) != 0 ||
		csv_writer_close(&run->metrics) != 0 ||
		environment_write(&run->record, run_path(run, "meta.json")) !=
			0)
		return run_fail(error, run);
	return 0;
}

static int weigh_lanes(struct run *run, struct error *error)
{
	int failed = ledger_bytes_write(&run->plan, &run->metrics);

	if (failed < 0)
		return run_fail(error, run);
	run->failed += (size_t)failed;
	return 0;
}

/* ledger.csv, and the ledger on stdout. */
static int conclude(
	struct run *run, enum table_format format, struct error *error)
{
	struct ledger ledger = {0};
	int result = ledger_read(&ledger, run->directory, error);

	if (result == 0 &&
		(ledger_write(&ledger, run_new_path(run, "ledger.csv")) != 0 ||
			run_publish(run, "ledger.csv") != 0)) {
		result = run_fail(error, run);
		run_discard(run, "ledger.csv");
	}
	if (result == 0 && ledger_print(&ledger, stdout, format) != 0)
		result = run_fail(error, run);
	ledger_finish(&ledger);
	return result;
}

static int write_page(const struct run *run, struct error *error)
{
	struct error reason;
	struct error warning = {0};

	if (report_write(run->directory, &warning, &reason) != 0) {
		return error_set(error, "report: %s", reason.text);
	}
	if (warning.text[0] != '\0')
		fprintf(stderr, "serialbench ledger: %s\n", warning.text);
	return 0;
}

static int run_steps(
	struct run *run, enum table_format format, struct error *error)
{
	if (run_launches(run, error) != 0)
		return -1;
	if (!stop_asked && weigh_lanes(run, error) != 0)
		return -1;
	if (close_record(run, error) != 0)
		return -1;
	return conclude(run, format, error) != 0 ? -1 : write_page(run, error);
}

static int make_run(struct ledger_options *options,
	const struct topology *topology, struct run *run)
{
	struct error error;
	int refusal;

	if (plan_create(&run->plan, &options->run.request, topology, &error) !=
		0)
		return command_refuse("ledger", error.text);
	refusal = run_create(run, &options->run, topology, &error);
	if (refusal != 0) {
		command_refuse("ledger", error.text);
		return refusal == RUN_NO_ROOM ? EXIT_FAILED_CELLS
					      : EXIT_WRONG_USE;
	}
	run->start_ns = clock_now();
	stop_catch();
	if (run_steps(run, options->format, &error) != 0) {
		command_refuse("ledger", error.text);
		return EXIT_FAILED_CELLS;
	}
	fprintf(stderr, "serialbench ledger: %s\n", run->directory);
	if (stop_asked)
		return stop_exit_code();
	return run->failed > 0 ? EXIT_FAILED_CELLS : EXIT_DONE;
}

static int print_run(const struct ledger_options *options)
{
	struct ledger ledger = {0};
	struct error error;
	int result = EXIT_DONE;

	if (ledger_read(&ledger, options->directory, &error) != 0)
		result = command_refuse("ledger", error.text);
	else if (ledger_print(&ledger, stdout, options->format) != 0)
		result = EXIT_FAILED_CELLS;
	ledger_finish(&ledger);
	return result;
}

int command_ledger(int argc, char **argv)
{
	static struct ledger_options options;
	static struct run run;
	struct topology *topology = NULL;
	struct error error;
	int result;

	if (topology_create(&topology, NULL, &error) != 0)
		return command_refuse("ledger", error.text);
	result = ledger_options_read(
		&options, argc, argv, topology_pu_count(topology), &error);
	if (result != 0)
		result = result < 0 ? command_refuse("ledger", error.text)
				    : EXIT_DONE;
	else if (options.directory != NULL)
		result = print_run(&options);
	else
		result = make_run(&options, topology, &run);
	run_finish(&run);
	topology_destroy(topology);
	return result;
}
