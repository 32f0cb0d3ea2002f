// SPDX-License-Identifier: MIT
//
// serialbench run.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certificate.h"
#include "clock.h"
#include "commands.h"
#include "dry_run.h"
#include "options.h"
#include "program_path.h"
#include "relay.h"
#include "run.h"
#include "stop.h"

/* All steps; what fails on the way leaves what was written before it. */
static int run_steps(struct run *run, struct error *error)
{
	if (run_launches(run, error) != 0 || run_parts(run, error) != 0)
		return -1;
	return run_conclude(run, error);
}

static int finish_run(struct run *run)
{
	struct error error;

	run->start_ns = clock_now();
	stop_catch();
	if (run_steps(run, &error) != 0) {
		command_refuse("run", error.text);
		return EXIT_FAILED_CELLS;
	}
	if (run->failed > 0)
		fprintf(stderr,
			"serialbench run: %zu failed, named above and "
			"in the report\n",
			run->failed);
	if (run->record.budget_spent)
		fprintf(stderr,
			"serialbench run: the time budget of %u s ended the "
			"launches at %zu of %zu; serialbench run --resume %s "
			"does the rest\n",
			run->options->budget_s, run->record.launches_done,
			run->plan.launch_count, run->directory);
	if (stop_asked) {
		fprintf(stderr,
			"serialbench run: stopped by %s; serialbench run "
			"--resume %s finishes it\n",
			stop_name(), run->directory);
		return stop_exit_code();
	}
	return run->failed > 0 ? EXIT_FAILED_CELLS : EXIT_DONE;
}

static void find_certificate(const struct run_options *options,
	const struct topology *topology, struct environment_run *record)
{
	struct certificate_subject subject;
	struct error error;
	char folder[CERTIFICATE_PATH];

	certificate_folder(folder, options->runs);
	if (certificate_subject(&subject, &error) == 0)
		record->certificate = certificate_find(
			folder, topology, &subject, &record->no_certificate);
	else
		error_set(&record->no_certificate,
			"no certificate is looked up: %s", error.text);
}

/* For the report, beside the trials. A certificate without its experiments is
 * one all the same. */
static void keep_experiments(
	const struct run *run, const struct topology *topology)
{
	char folder[CERTIFICATE_PATH], from[CERTIFICATE_PATH];
	char machine[CERTIFICATE_ID];

	if (run->record.certificate == NULL)
		return;
	certificate_folder(folder, run->options->runs);
	certificate_machine(topology, machine);
	certificate_experiments(from, folder, machine);
	if (certificate_copy(from, run_path(run, CERTIFICATE_EXPERIMENTS)) != 0)
		fprintf(stderr,
			"serialbench run: %s: %s; the report has no picture of "
			"the certificate\n",
			from, error_reason(errno));
}

/* One line in every run. */
static void say_certificate(const struct environment_run *record)
{
	if (record->certificate != NULL)
		fprintf(stderr, "serialbench: this machine's certificate: %s\n",
			certificate_line(record->certificate));
	else
		fprintf(stderr, "serialbench: %s\n",
			record->no_certificate.text);
}

/* Begins a run, or takes one up. */
static int run_plan(struct run_options *options,
	const struct topology *topology, struct run *run)
{
	struct error error;
	int refusal;

	find_certificate(options, topology, &run->record);
	if (options->resume != NULL)
		refusal = run_resume(run, options, topology, &error);
	else
		refusal = run_create(run, options, topology, &error);
	if (refusal == 0) {
		say_certificate(&run->record);
		keep_experiments(run, topology);
		return finish_run(run);
	}
	command_refuse("run", error.text);
	return refusal == RUN_NO_ROOM ? EXIT_FAILED_CELLS : EXIT_WRONG_USE;
}

/* For the workers as well. */
static int name_shipped_traces(void)
{
	char folder[RUN_PATH];

	program_path(folder, sizeof(folder), PROGRAM_TRACE, ".");
	return setenv(program_path_variable(PROGRAM_TRACE), folder, 1);
}

int command_run(int argc, char **argv)
{
	static struct run_options options;
	static struct run run;
	struct topology *topology = NULL;
	struct error error;
	int result;

	if (name_shipped_traces() != 0)
		return command_refuse("run", error_reason(errno));
	if (topology_create(&topology, NULL, &error) != 0)
		return command_refuse("run", error.text);
	result = options_read(
		&options, argc, argv, topology_pu_count(topology), &error);
	if (result != 0) {
		result = result < 0 ? command_refuse("run", error.text)
				    : EXIT_DONE;
		goto out;
	}
	if (options.resume == NULL &&
		plan_create(&run.plan, &options.request, topology, &error) !=
			0) {
		result = command_refuse("run", error.text);
		goto out;
	}
	fputs(run.plan.remarks.text, stderr);
	if (options.dry_run) {
		result = dry_run_print(stdout, &run.plan, &options, &error) == 0
			? EXIT_DONE
			: command_refuse("run", error.text);
	} else {
		result = run_plan(&options, topology, &run);
	}
out:
	run_finish(&run);
	topology_destroy(topology);
	return result;
}
