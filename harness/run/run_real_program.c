// SPDX-License-Identifier: MIT
//
// The suite's first real input: an interpreter's start and end, under every
// variant that can be preloaded.
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "certificate.h"
#include "environment.h"
#include "exec.h"
#include "progress.h"
#include "run_files.h"

static const char *const environment[] = {
	REAL_PROGRAM_MALLOC, REAL_PROGRAM_HASH, NULL};

static unsigned launches_of(const struct run *run)
{
	switch (run->options->preset) {
	case PRESET_QUICK:
		return 8;
	case PRESET_STANDARD:
		return 30;
	default:
		return 60;
	}
}

static void step(void *context, unsigned done, unsigned of)
{
	struct progress *progress = context;

	if (progress->all == 0)
		progress_begin(progress, "python3 -c pass", of);
	if (done > 0)
		progress_step(progress, "");
}

static int keep_result(
	struct run *run, const struct exec_result *result, struct error *error)
{
	for (size_t i = 0; i < result->row_count; i++)
		run->failed += result->rows[i].failed != 0;
	if (exec_write_csv(result, run_new_path(run, "exec.csv")) != 0 ||
		run_publish(run, "exec.csv") != 0) {
		error_set(error, "%s: %s", run_path(run, "exec.csv"),
			error_reason(errno));
		run_discard(run, "exec.csv");
		return -1;
	}
	exec_print(result, stdout, FORMAT_TABLE);
	putchar('\n');
	return 0;
}

int run_real_program(struct run *run, struct error *error)
{
	static const char *const command[] = {
		REAL_PROGRAM, "-c", REAL_PROGRAM_SCRIPT, NULL};
	struct exec_result result = {0};
	struct progress progress = {0};
	struct exec_request request = {
		.command = (char *const *)command,
		.environment = environment,
		.allocators = run->plan.request->allocators,
		.allocator_count = run->plan.request->allocator_count,
		.launches = launches_of(run),
		.seed = run->plan.request->seed,
		.margin = certificate_margin(run->record.certificate, 0.02),
		.progress = step,
		.context = &progress,
	};
	enum exec_outcome outcome;
	int status = 0;

	if (run_has(run, "exec.csv"))
		return 0;
	if (access(REAL_PROGRAM, X_OK) != 0) {
		fprintf(stderr,
			"serialbench: no " REAL_PROGRAM
			": the real program is left out\n");
		return 0;
	}
	outcome = exec_measure(&request, &result, error);
	if (progress.all > 0)
		progress_end(&progress);
	if (outcome == EXEC_DONE || outcome == EXEC_FAILED) {
		status = keep_result(run, &result, error);
	} else if (outcome == EXEC_REFUSED) {
		fprintf(stderr, "serialbench: real program: %s\n", error->text);
		run->failed++;
	}
	exec_result_finish(&result);
	return status;
}
