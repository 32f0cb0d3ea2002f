// SPDX-License-Identifier: MIT
//
// Pilots, then every launch of the plan.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv_writer.h"
#include "metrics.h"
#include "pilot.h"
#include "progress.h"
#include "run.h"

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

static int write_rows(struct run *run, struct trial *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		snprintf(rows[i].run_id, RECORD_TEXT, "%s", run->record.run_id);
		if (trial_write(&run->trials, &rows[i]) != 0)
			return -1;
	}
	return 0;
}

/* Keeps what the pilot saw for the report. */
static int write_pilot(struct run *run, const struct plan_cell *cell,
	const struct pilot_result *pilot)
{
	const char *baseline = run->plan.request->variants[0]->variant;
	struct csv_writer *metrics = &run->metrics;

	return metric_write(metrics, "turn_ops", cell->name, NULL,
		       (double)pilot->ops, "operations",
		       "of each thread in a turn") != 0 ||
			metric_write(metrics, "warmup_ops", cell->name, NULL,
				(double)pilot->warmup_ops, "operations",
				"of each thread before a turn, "
				"untimed") != 0 ||
			metric_write(metrics, "alone_ns_per_op", cell->name,
				baseline, pilot->alone_ns_per_op, "ns",
				"pilot: turn after turn") != 0 ||
			metric_write(metrics, "relay_ns_per_op", cell->name,
				baseline, pilot->relay_ns_per_op, "ns",
				"pilot: between the other lanes") != 0
		? -1
		: 0;
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
		if (done)
			result = write_pilot(run, cell, &pilot);
		else if (!relay_stop_asked)
			result = fail_pilot(run, relay, cell, i > 0);
		done = done || relay_stop_asked;
		relay_end(relay);
	}
	return result;
}

static int run_pilots(struct run *run, struct relay *relay)
{
	struct progress progress;
	int result = 0;

	progress_begin(&progress, "pilots", run->plan.cell_count);
	for (size_t i = 0;
		i < run->plan.cell_count && result == 0 && !relay_stop_asked;
		i++) {
		relay->launch = &run->plan.launches[i];
		result = pilot_cell(run, relay, &run->plan.cells[i]);
		progress_step(&progress, run->plan.cells[i].name);
	}
	progress_end(&progress);
	return result;
}

/* Counts for meta.json, and the failure, if there was one, for stderr. */
static void count_launch(
	struct run *run, const struct trial *rows, size_t count)
{
	size_t lanes = run->plan.request->variant_count;

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

static int run_launch(struct run *run, struct relay *relay,
	const struct plan_launch *launch, struct trial *rows)
{
	struct plan_cell *cell = &run->plan.cells[launch->cell];
	size_t count;

	if (cell->failed)
		return 0;
	relay->cell = cell;
	relay->launch = launch;
	count = relay_run(relay, rows);
	if (count == 0)
		return 0;
	count_launch(run, rows, count);
	return write_rows(run, rows, count);
}

static int run_all(struct run *run, struct relay *relay, struct trial *rows)
{
	struct progress progress;
	int result = 0;

	progress_begin(&progress, "launches", run->plan.launch_count);
	for (size_t i = 0;
		i < run->plan.launch_count && result == 0 && !relay_stop_asked;
		i++) {
		const struct plan_launch *launch = &run->plan.launches[i];

		result = run_launch(run, relay, launch, rows);
		progress_step(&progress, run->plan.cells[launch->cell].name);
	}
	progress_end(&progress);
	run->record.stopped = relay_stop_asked != 0;
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
		result = run_pilots(run, relay);
		if (result == 0)
			result = run_all(run, relay, trials);
	}
	if (result != 0)
		fail_at(error, run);
	free(trials);
	free(relay);
	return result;
}
