// SPDX-License-Identifier: MIT
//
// Every launch of the plan, then extra ones while there is time.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "csv_writer.h"
#include "drop_cells.h"
#include "extra_launches.h"
#include "launch_shares.h"
#include "plan_lanes.h"
#include "progress.h"
#include "run_files.h"
#include "stop.h"

void run_report_failure(struct run *run, const struct trial *row)
{
	run->failed++;
	fprintf(stderr, "serialbench: %s, launch %llu, %s: %s: %s\n", row->cell,
		(unsigned long long)row->launch, row->variant, row->status,
		row->exclude_reason);
}

int run_write_row(struct run *run, struct trial *row)
{
	snprintf(row->run_id, RECORD_TEXT, "%s", run->record.run_id);
	return trial_write(&run->trials, row);
}

/* A failure after the last round goes first: where a kill parts it from the
 * rounds, they are not to look like a launch without one (trials_scan.c). */
static int write_rows(
	struct run *run, struct trial *rows, size_t count, unsigned rounds)
{
	bool late = count > 0 && rows[count - 1].round == rounds;

	if (late && run_write_row(run, &rows[--count]) != 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (run_write_row(run, &rows[i]) != 0)
			return -1;
	return 0;
}

/* Counts for meta.json, and the failure, if there was one, for stderr. */
static void count_launch(struct run *run, const struct plan_launch *launch,
	const struct trial *rows, size_t count)
{
	size_t lanes = plan_lane_count(run->plan.request, launch->launch);

	run->record.launches_extra += plan_is_extra(&run->plan, launch);
	for (size_t i = 0; i < count; i++)
		if (strcmp(rows[i].status, lane_status_name(LANE_OK)) != 0) {
			run->record.launches_failed++;
			run_report_failure(run, &rows[i]);
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
	return write_rows(run, rows, *count, relay->cell->rounds);
}

size_t run_count_left(const struct plan *plan)
{
	size_t left = 0;

	for (size_t i = 0; i < plan->launch_count; i++)
		left += plan->launches[i].left &&
			plan_cell_runs(&plan->cells[plan->launches[i].cell]);
	return left;
}

uint64_t run_budget_end(const struct run *run)
{
	return run->options->budget_s == 0
		? 0
		: run->start_ns + run->options->budget_s * UINT64_C(1000000000);
}

/* Between two passes, so that each cell has its share of the launches. */
static bool budget_ends(
	const struct run *run, const struct plan_launch *launch, unsigned *pass)
{
	bool begins = launch->launch != *pass;

	*pass = launch->launch;
	return run->options->budget_s > 0 && begins &&
		launch->launch >= LAUNCHES_LEAST &&
		clock_now() >= run_budget_end(run);
}

/* Launches that are left, in order: those that are their cell's share, or
 * all. Ends where the budget does. */
static int sweep(struct run *run, struct relay *relay, struct trial *rows,
	struct progress *progress, bool all)
{
	struct plan *plan = &run->plan;
	size_t rows_of_launch = 0;
	unsigned pass = 0;
	int result = 0;

	for (size_t i = 0; i < plan->launch_count && result == 0; i++) {
		struct plan_launch *launch = &plan->launches[i];
		const struct plan_cell *cell = &plan->cells[launch->cell];

		if (stop_asked)
			break;
		if (!launch->left || !plan_cell_runs(cell) ||
			!(all ||
				launch_takes_part(cell->share, launch->launch)))
			continue;
		run->record.budget_spent = budget_ends(run, launch, &pass);
		if (run->record.budget_spent)
			break;
		result = run_launch(run, relay, launch, rows, &rows_of_launch);
		launch->left = rows_of_launch == 0;
		progress_step(progress, cell->name);
	}
	return result;
}

static void say_dropped(const struct plan *plan, size_t count)
{
	const char *sign = ": ";

	fprintf(stderr,
		"serialbench: the time budget drops %zu of %zu cells, so that "
		"each of the others has %u launches",
		count, plan->cell_count,
		plan->request->launches < LAUNCHES_LEAST
			? plan->request->launches
			: LAUNCHES_LEAST);
	for (size_t i = 0; i < plan->cell_count; i++)
		if (plan->cells[i].dropped) {
			fprintf(stderr, "%s%s", sign, plan->cells[i].name);
			sign = ", ";
		}
	fputc('\n', stderr);
}

/* Before the first launch: it is known what each cell costs. */
static void fit_budget(struct run *run)
{
	double budget_ns = run->options->budget_s * 1e9;
	size_t dropped;

	launch_shares(&run->plan);
	if (run->options->budget_s == 0)
		return;
	dropped = drop_cells(&run->plan,
		least_launches_room(
			budget_ns, (double)(clock_now() - run->start_ns)));
	if (dropped > 0)
		say_dropped(&run->plan, dropped);
}

/* What the shares left out follows where the budget is not spent. */
static int run_all(struct run *run, struct relay *relay, struct trial *rows)
{
	bool budgeted = run->options->budget_s > 0;
	struct progress progress;
	int result = 0;

	fit_budget(run);
	progress_begin(&progress, "launches", run_count_left(&run->plan));
	progress.end_ns = run_budget_end(run);
	if (budgeted)
		result = sweep(run, relay, rows, &progress, false);
	if (result == 0 && !run->record.budget_spent)
		result = sweep(run, relay, rows, &progress, true);
	progress_end(&progress);
	return result;
}

/* Extra launches, batch by batch. One that was begun is always ended, so that
 * each link order has as many launches. */
static int run_batches(struct run *run, struct relay *relay, struct trial *rows,
	struct extra_launches *extra, struct error *reason)
{
	struct progress progress;
	int result = 0;

	progress_begin_open(&progress, "extra launches",
		run->plan.extra_count - run->record.launches_extra,
		run_budget_end(run));
	while (result == 0 && !stop_asked &&
		(extra_is_amid(extra) || clock_now() < run_budget_end(run))) {
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
	struct error reason = {0};
	int result;

	extra_begin(&extra, &run->plan);
	if (stop_asked || run->record.budget_spent ||
		run->plan.extra_count == 0 || run->record.launches_done == 0 ||
		(!extra_is_amid(&extra) && clock_now() >= run_budget_end(run)))
		return 0;
	result = extra_read(&extra, run->directory, &reason);
	if (result == 0)
		result = run_batches(run, relay, rows, &extra, &reason);
	if (reason.text[0] != '\0')
		fprintf(stderr, "serialbench: extra launches: %s\n",
			reason.text);
	extra_finish(&extra);
	return result;
}

static int run_planned(struct run *run, struct relay *relay)
{
	size_t rows = (size_t)plan_most_rounds(&run->plan) *
			run->plan.request->variant_count +
		1;
	struct trial *trials = calloc(rows, sizeof(*trials));
	int result = -1;

	if (trials != NULL) {
		result = run_all(run, relay, trials);
		if (result == 0)
			result = run_extra(run, relay, trials);
	}
	free(trials);
	return result;
}

int run_launches(struct run *run, struct error *error)
{
	struct relay *relay = calloc(1, sizeof(*relay));
	int result = -1;

	if (relay != NULL) {
		relay->plan = &run->plan;
		relay->topology = run->topology;
		relay->deadline_ns = run->options->deadline_ns;
		result = run->has_pilot || run_count_left(&run->plan) == 0
			? 0
			: run_pilots(run, relay);
		if (result == 0)
			result = run_planned(run, relay);
		run->record.stopped = stop_asked != 0;
	}
	if (result != 0)
		run_fail(error, run);
	free(relay);
	return result;
}
