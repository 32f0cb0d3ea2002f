// SPDX-License-Identifier: MIT
//
// Pilots, then every launch of the plan, then extra ones while there is time.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "csv_writer.h"
#include "extra_launches.h"
#include "metrics.h"
#include "pilot.h"
#include "pilot_file.h"
#include "progress.h"
#include "run_files.h"

static int fail_at(char error[RUN_ERROR], const struct run *run)
{
	snprintf(error, RUN_ERROR, "%s: %s; the rows written so far are whole",
		run->directory, strerror(errno));
	return -1;
}

static void report_failure(struct run *run, const struct trial *row)
{
	run->failed++;
	fprintf(stderr, "serialbench: %s, launch %llu, %s: %s: %s\n", row->cell,
		(unsigned long long)row->launch, row->variant, row->status,
		row->exclude_reason);
}

static int write_row(struct run *run, struct trial *row)
{
	snprintf(row->run_id, RECORD_TEXT, "%s", run->record.run_id);
	return trial_write(&run->trials, row);
}

/* A failure after the last round goes first: where a kill parts it from the
 * rounds, they are not to look like a launch without one (trials_scan.c). */
static int write_rows(struct run *run, struct trial *rows, size_t count)
{
	bool late =
		count > 0 && rows[count - 1].round == run->plan.request->rounds;

	if (late && write_row(run, &rows[--count]) != 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (write_row(run, &rows[i]) != 0)
			return -1;
	return 0;
}

/* Keeps what the pilot of a cell saw for the report. */
static int write_pilot(struct run *run, const struct plan_cell *cell)
{
	const char *baseline = run->plan.request->variants[0]->variant;
	struct csv_writer *metrics = &run->metrics;

	return metric_write(metrics, "turn_ops", cell->name, NULL,
		       (double)cell->ops, "operations",
		       "of each thread in a turn") != 0 ||
			metric_write(metrics, "warmup_ops", cell->name, NULL,
				(double)cell->warmup_ops, "operations",
				"of each thread before a turn, "
				"untimed") != 0 ||
			metric_write(metrics, "alone_ns_per_op", cell->name,
				baseline, cell->alone_ns_per_op, "ns",
				"pilot: turn after turn") != 0 ||
			metric_write(metrics, "relay_ns_per_op", cell->name,
				baseline, cell->relay_ns_per_op, "ns",
				"pilot: between the other lanes") != 0
		? -1
		: 0;
}

int run_write_pilot_metrics(struct run *run)
{
	for (size_t i = 0; i < run->plan.cell_count; i++)
		if (!run->plan.cells[i].failed && run->plan.cells[i].ops > 0 &&
			write_pilot(run, &run->plan.cells[i]) != 0)
			return -1;
	return 0;
}

/* A cell whose pilot fails twice is not run; one row says why. */
static int fail_pilot(struct run *run, struct relay *relay,
	struct plan_cell *cell, bool again)
{
	struct trial *row = calloc(1, sizeof(*row));
	int result = 0;

	if (row == NULL)
		return -1;
	relay_failure(relay, row);
	report_failure(run, row);
	if (again) {
		cell->failed = true;
		result = write_rows(run, row, 1);
	}
	free(row);
	return result;
}

/* Tried twice: a worker that was killed from outside is not to cost the
 * cell. */
static int pilot_cell(
	struct run *run, struct relay *relay, struct plan_cell *cell)
{
	struct pilot_result pilot;
	bool done = false;
	int result = 0;

	relay->cell = cell;
	for (unsigned i = 0; i < 2 && result == 0 && !done; i++) {
		done = pilot_run(relay, cell, &pilot) == 0;
		if (!done && !relay_stop_asked)
			result = fail_pilot(run, relay, cell, i > 0);
		done = done || relay_stop_asked;
		relay_end(relay);
	}
	return result;
}

/* The first launch of a cell that this run does; NULL where it does none. */
static const struct plan_launch *first_launch(
	const struct plan *plan, size_t cell)
{
	for (size_t i = 0; i < plan->launch_count; i++)
		if (plan->launches[i].cell == cell && plan->launches[i].left)
			return &plan->launches[i];
	return NULL;
}

/* All or none: the turns of a run are settled when pilot.csv is there. */
static int keep_pilots(struct run *run)
{
	if (run_write_pilot_metrics(run) != 0 ||
		pilot_file_write(&run->plan, run_new_path(run, "pilot.csv")) !=
			0 ||
		run_publish(run, "pilot.csv") != 0) {
		run_discard(run, "pilot.csv");
		return -1;
	}
	run->has_pilot = true;
	return 0;
}

static int run_pilots(struct run *run, struct relay *relay)
{
	struct plan *plan = &run->plan;
	struct progress progress;
	int result = 0;

	progress_begin(&progress, "pilots", plan->cell_count);
	for (size_t i = 0;
		i < plan->cell_count && result == 0 && !relay_stop_asked; i++) {
		relay->launch = first_launch(plan, i);
		if (relay->launch != NULL)
			result = pilot_cell(run, relay, &plan->cells[i]);
		progress_step(&progress, plan->cells[i].name);
	}
	progress_end(&progress);
	if (result != 0 || relay_stop_asked)
		return result;
	return keep_pilots(run);
}

/* Counts for meta.json, and the failure, if there was one, for stderr. */
static void count_launch(struct run *run, const struct plan_launch *launch,
	const struct trial *rows, size_t count)
{
	size_t lanes = run->plan.request->variant_count;

	run->record.launches_extra += plan_is_extra(&run->plan, launch);
	for (size_t i = 0; i < count; i++)
		if (strcmp(rows[i].status, lane_status_name(LANE_OK)) != 0) {
			run->record.launches_failed++;
			report_failure(run, &rows[i]);
			return;
		}
	run->record.launches_done++;
	for (size_t i = 0; i < count; i += lanes) {
		run->record.rounds++;
		run->record.rounds_excluded += rows[i].excluded;
	}
}

/* *count: of the launch's rows, 0 where it was stopped. */
static int run_launch(struct run *run, struct relay *relay,
	const struct plan_launch *launch, struct trial *rows, size_t *count)
{
	relay->cell = &run->plan.cells[launch->cell];
	relay->launch = launch;
	*count = relay_run(relay, rows);
	if (*count == 0)
		return 0;
	count_launch(run, launch, rows, *count);
	return write_rows(run, rows, *count);
}

static size_t count_left(const struct plan *plan)
{
	size_t left = 0;

	for (size_t i = 0; i < plan->launch_count; i++)
		left += plan->launches[i].left &&
			!plan->cells[plan->launches[i].cell].failed;
	return left;
}

/* Launches of each cell before a budget may end them: with fewer no interval
 * reaches 95 %. */
#define PASSES_LEAST 6

/* By clock_now(); 0 without a budget. */
static uint64_t budget_end(const struct run *run)
{
	return run->options->budget_s == 0
		? 0
		: run->start_ns + run->options->budget_s * UINT64_C(1000000000);
}

/* Between two passes, so that all cells have as many launches. */
static bool budget_ends(
	const struct run *run, const struct plan_launch *launch, unsigned *pass)
{
	bool begins = launch->launch != *pass;

	*pass = launch->launch;
	return run->options->budget_s > 0 && begins &&
		launch->launch >= PASSES_LEAST &&
		clock_now() >= budget_end(run);
}

static int run_all(struct run *run, struct relay *relay, struct trial *rows)
{
	struct plan *plan = &run->plan;
	struct progress progress;
	size_t rows_of_launch;
	unsigned pass = 0;
	int result = 0;

	progress_begin(&progress, "launches", count_left(plan));
	progress.end_ns = budget_end(run);
	for (size_t i = 0; i < plan->launch_count && result == 0; i++) {
		const struct plan_launch *launch = &plan->launches[i];

		if (relay_stop_asked)
			break;
		if (!launch->left || plan->cells[launch->cell].failed)
			continue;
		run->record.budget_spent = budget_ends(run, launch, &pass);
		if (run->record.budget_spent)
			break;
		result = run_launch(run, relay, launch, rows, &rows_of_launch);
		progress_step(&progress, plan->cells[launch->cell].name);
	}
	progress_end(&progress);
	return result;
}

/* Extra launches, batch by batch. One that was begun is always ended, so that
 * each link order has as many launches. */
static int run_batches(struct run *run, struct relay *relay, struct trial *rows,
	struct extra_launches *extra, char reason[CSV_ERROR])
{
	struct progress progress;
	int result = 0;

	progress_begin_open(&progress, "extra launches",
		run->plan.extra_count - run->record.launches_extra,
		budget_end(run));
	while (result == 0 && !relay_stop_asked &&
		(extra_is_amid(extra) || clock_now() < budget_end(run))) {
		const struct plan_launch *launch = extra_next(extra);
		size_t count;

		if (launch == NULL)
			break;
		result = run_launch(run, relay, launch, rows, &count);
		if (result == 0 && count > 0 &&
			spread_take(&extra->spread, rows, count, reason) != 0)
			result = -1;
		progress_step(&progress, relay->cell->name);
	}
	progress_end(&progress);
	return result;
}

/* After the planned launches, all of them. */
static int run_extra(struct run *run, struct relay *relay, struct trial *rows)
{
	struct extra_launches extra;
	char reason[CSV_ERROR] = "";
	int result;

	extra_begin(&extra, &run->plan);
	if (relay_stop_asked || run->record.budget_spent ||
		run->plan.extra_count == 0 || run->record.launches_done == 0 ||
		(!extra_is_amid(&extra) && clock_now() >= budget_end(run)))
		return 0;
	result = extra_read(&extra, run->directory, reason);
	if (result == 0)
		result = run_batches(run, relay, rows, &extra, reason);
	if (reason[0] != '\0')
		fprintf(stderr, "serialbench: extra launches: %s\n", reason);
	extra_finish(&extra);
	return result;
}

int run_launches(struct run *run, char error[RUN_ERROR])
{
	const struct plan_request *request = run->plan.request;
	size_t rows = (size_t)request->rounds * request->variant_count + 1;
	struct trial *trials = calloc(rows, sizeof(*trials));
	struct relay *relay = calloc(1, sizeof(*relay));
	int result = -1;

	if (trials != NULL && relay != NULL) {
		relay->plan = &run->plan;
		relay->topology = run->topology;
		relay->deadline_ns = run->options->deadline_ns;
		result = run->has_pilot || count_left(&run->plan) == 0
			? 0
			: run_pilots(run, relay);
		if (result == 0)
			result = run_all(run, relay, trials);
		if (result == 0)
			result = run_extra(run, relay, trials);
		run->record.stopped = relay_stop_asked != 0;
	}
	if (result != 0)
		fail_at(error, run);
	free(trials);
	free(relay);
	return result;
}
