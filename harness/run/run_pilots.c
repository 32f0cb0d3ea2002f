// SPDX-License-Identifier: MIT
//
// Before the first launch: the pilot of every cell, and the rounds of all.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "metrics.h"
#include "pilot.h"
#include "pilot_file.h"
#include "progress.h"
#include "rehearsal.h"
#include "rounds.h"
#include "run_files.h"
#include "stop.h"

/* Keeps what the pilot of a cell saw for the report. */
static int write_pilot(struct run *run, const struct plan_cell *cell)
{
	const char *baseline = run->plan.request->variants[0]->variant;
	struct csv_writer *metrics = &run->metrics;

	const struct {
		const char *name, *variant;
		double value;
		const char *unit, *note;
	} rows[] = {
		{"turn_ops", NULL, (double)cell->ops, "operations",
			"of each thread in a turn"},
		{"warmup_ops", NULL, (double)cell->warmup_ops, "operations",
			"of each thread before a turn, untimed"},
		{"alone_ns_per_op", baseline, cell->alone_ns_per_op, "ns",
			"pilot: turn after turn"},
		{"relay_ns_per_op", baseline, cell->relay_ns_per_op, "ns",
			"pilot: between the other lanes"},
		{"rounds", NULL, cell->rounds, "rounds", "of each launch"},
		{"round_sd", NULL, cell->round_sd, "log ratio",
			"pilot: of two lanes in a round"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!(i > 4 && isnan(rows[i].value)) &&
			metric_write(metrics, rows[i].name, cell->name,
				rows[i].variant, rows[i].value, rows[i].unit,
				rows[i].note) != 0)
			return -1;
	return 0;
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
	run_report_failure(run, row);
	if (again) {
		cell->failed = true;
		result = run_write_row(run, row);
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
		if (!done && !stop_asked)
			result = fail_pilot(run, relay, cell, i > 0);
		done = done || stop_asked;
		relay_end(relay);
	}
	return result;
}

/* Where the rehearsal fails twice, too, the launches have to show it: nothing
 * is known of the rounds. */
static int rehearse_cell(
	struct run *run, struct relay *relay, struct plan_cell *cell)
{
	struct trial *failure = calloc(1, sizeof(*failure));
	int result = 1;

	if (failure == NULL)
		return -1;
	for (unsigned i = 0; i < 2 && result > 0 && !stop_asked; i++) {
		result = rehearse(relay, cell, failure);
		if (result > 0 && !stop_asked)
			run_report_failure(run, failure);
	}
	free(failure);
	return result < 0 ? -1 : 0;
}

/* Turns, and what the choice of the rounds needs. */
static int try_cell(
	struct run *run, struct relay *relay, struct plan_cell *cell)
{
	int result = pilot_cell(run, relay, cell);

	if (result != 0 || cell->failed || stop_asked ||
		(run->plan.request->rounds > 0 && run->options->budget_s == 0))
		return result;
	return rehearse_cell(run, relay, cell);
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

/* One line in every run whose rounds are chosen. */
static void say_rounds(const struct plan *plan)
{
	unsigned fewest = ROUNDS_MOST, most = 0;
	size_t cells = 0, there = 0;

	for (size_t i = 0; i < plan->cell_count; i++) {
		const struct plan_cell *cell = &plan->cells[i];

		if (cell->failed || first_launch(plan, i) == NULL)
			continue;
		cells++;
		there += rounds_half_width(cell->round_sd, cell->rounds,
				 plan->request->launches) <= ROUNDS_TARGET;
		fewest = cell->rounds < fewest ? cell->rounds : fewest;
		most = cell->rounds > most ? cell->rounds : most;
	}
	if (cells == 0)
		return;
	fprintf(stderr, "serialbench: pilots chose %u", fewest);
	if (most > fewest)
		fprintf(stderr, " to %u", most);
	fprintf(stderr,
		" rounds of a launch; by the scatter of rounds %zu of %zu "
		"cells come to ±%g %% over %u launches\n",
		there, cells, 100 * ROUNDS_TARGET, plan->request->launches);
}

static void choose_rounds(struct plan *plan)
{
	for (size_t i = 0; i < plan->cell_count; i++) {
		struct plan_cell *cell = &plan->cells[i];

		cell->rounds = rounds_best(cell->start_ns, cell->round_ns);
	}
	say_rounds(plan);
}

int run_pilots(struct run *run, struct relay *relay)
{
	struct plan *plan = &run->plan;
	struct progress progress;
	int result = 0;

	relay->all_lanes = true;
	progress_begin(&progress, "pilots", plan->cell_count);
	for (size_t i = 0; i < plan->cell_count && result == 0 && !stop_asked;
		i++) {
		relay->launch = first_launch(plan, i);
		if (relay->launch != NULL)
			result = try_cell(run, relay, &plan->cells[i]);
		progress_step(&progress, plan->cells[i].name);
	}
	progress_end(&progress);
	relay->all_lanes = false;
	if (result != 0 || stop_asked)
		return result;
	if (plan->request->rounds == 0)
		choose_rounds(plan);
	return keep_pilots(run);
}
