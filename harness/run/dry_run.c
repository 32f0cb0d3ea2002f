// SPDX-License-Identifier: MIT
//
// What a plan will see is not guessed: the launches of a run that was kept say
// how far launches lie apart in each cell, and order statistics of normal
// values what interval so many of them have.
#include "dry_run.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare.h"
#include "csv_table.h"
#include "drop_cells.h"
#include "launch_shares.h"
#include "pilot.h"
#include "pilot_file.h"
#include "plan_lanes.h"
#include "rounds.h"
#include "run_table.h"
#include "statistics.h"

/* What a pilot and a rehearsal take, about, in launches of the cell. */
#define PILOT_LAUNCHES 3

struct foresight {
	double *deviations; /* of a launch, by cell of the plan; NaN: unknown */
	double *seconds; /* of all launches, by cell */
	double pass_s; /* a launch of each, with the fewest rounds */
	double most_s; /* the same with the most rounds */
	unsigned fewest, most; /* rounds of a launch */
	unsigned *launches; /* by cell, as far as the budget goes */
	size_t dropped; /* cells */
	struct error reason; /* why nothing is known; or "" */
};

/* Where no rehearsal saw them: start and end of a worker, and its turns with
 * warm-up and hand-over. */
static void guess_times(
	const struct plan_request *request, struct plan_cell *cell)
{
	double turn_us = request->turn_us *
		(workload_find(cell->workload_name)->uniform ? 1 : PILOT_LONG);
	double lanes = (double)request->variant_count;

	if (!isnan(cell->start_ns) && !isnan(cell->round_ns))
		return;
	cell->start_ns = 4e6 * lanes;
	cell->round_ns = 1e3 * (1.6 * turn_us + 100) * lanes;
}

static double launch_seconds(const struct plan_cell *cell, unsigned rounds)
{
	return (cell->start_ns + rounds * cell->round_ns) / 1e9;
}

/* Rounds and times, as far as the plan's cells know them. */
static void foresee_launches(struct foresight *foresight, struct plan *plan)
{
	foresight->fewest = UINT_MAX;
	for (size_t i = 0; i < plan->cell_count; i++) {
		struct plan_cell *cell = &plan->cells[i];
		unsigned fewest =
			cell->rounds > 0 ? cell->rounds : ROUNDS_LEAST;
		unsigned most = cell->rounds > 0 ? cell->rounds : ROUNDS_MOST;

		guess_times(plan->request, cell);
		foresight->pass_s += launch_seconds(cell, fewest);
		foresight->most_s += launch_seconds(cell, most);
		if (fewest < foresight->fewest)
			foresight->fewest = fewest;
		if (most > foresight->most)
			foresight->most = most;
	}
}

/* A launch in which not all lanes ride takes so much less. */
static double launch_cost(
	const struct plan *plan, const struct plan_launch *launch)
{
	const struct plan_request *request = plan->request;

	return launch_ns(&plan->cells[launch->cell]) / 1e9 *
		(double)plan_lane_count(request, launch->launch) /
		(double)request->variant_count;
}

/* As run_launches.c goes through the plan: `all` is its second sweep. Returns
 * what is left of the time. */
static double sweep(const struct plan *plan, struct foresight *foresight,
	double left_s, bool all)
{
	unsigned pass = 0;

	for (size_t i = 0; i < plan->launch_count; i++) {
		const struct plan_launch *launch = &plan->launches[i];
		const struct plan_cell *cell = &plan->cells[launch->cell];
		double cost_s = launch_cost(plan, launch);
		bool begins;

		if (!plan_cell_runs(cell) ||
			launch_takes_part(cell->share, launch->launch) == all)
			continue;
		begins = launch->launch != pass;
		pass = launch->launch;
		if (begins && launch->launch >= LAUNCHES_LEAST && left_s <= 0)
			break;
		left_s -= cost_s;
		foresight->seconds[launch->cell] += cost_s;
		foresight->launches[launch->cell]++;
	}
	return left_s;
}

/* Cells that the budget drops, and how many launches the others have. */
static void foresee_budget(struct foresight *foresight, struct plan *plan,
	const struct run_options *options)
{
	double left_s = options->budget_s == 0 ? INFINITY : options->budget_s;

	launch_shares(plan);
	/* Pilots come first. */
	if (options->pilot == NULL)
		left_s = least_launches_room(
			left_s, PILOT_LAUNCHES * foresight->pass_s);
	if (options->budget_s > 0)
		foresight->dropped = drop_cells(plan, 1e9 * left_s);
	left_s = sweep(plan, foresight, left_s, false);
	if (left_s > 0)
		sweep(plan, foresight, left_s, true);
}

static unsigned fewest_launches(
	const struct plan *plan, const struct foresight *foresight)
{
	unsigned fewest = plan->request->launches;

	for (size_t i = 0; i < plan->cell_count; i++)
		if (plan_cell_runs(&plan->cells[i]) &&
			foresight->launches[i] < fewest)
			fewest = foresight->launches[i];
	return fewest;
}

/* Launches are alike only where they have as many rounds of such turns. Rounds
 * that are not named are those of that run. */
static int check_rounds(struct foresight *foresight, const char *folder,
	const struct plan_request *request)
{
	static const char *const names[] = {"rounds", "turn_us"};
	struct csv_table table;
	char path[4200], rounds[32] = "";
	int at[2], result = -1;

	snprintf(path, sizeof(path), "%s/plan.csv", folder);
	if (run_table_read(&table, path, "plan.csv", &foresight->reason) != 0)
		return -1;
	if (csv_table_need(&table, names, 2, at, &foresight->reason) != 0)
		goto out;
	if (request->rounds > 0)
		snprintf(rounds, sizeof(rounds), "%u rounds of ",
			request->rounds);
	if (table.rows > 0 &&
		(request->rounds == 0 ||
			csv_table_real(&table, 0, at[0]) == request->rounds) &&
		csv_table_real(&table, 0, at[1]) == request->turn_us)
		result = 0;
	else
		error_set(&foresight->reason, "%s: not %sturns of %u us", path,
			rounds, request->turn_us);
out:
	csv_table_finish(&table);
	return result;
}

/* Columns of comparisons.csv. */
enum { CELL, METRIC, BASELINE, SIGMA, COLUMNS };

/* Median over the variants; NaN where none has one. */
static double deviation_of(const struct csv_table *table, const int at[COLUMNS],
	const char *cell, double *room)
{
	size_t kept = 0;

	for (size_t i = 0; i < table->rows; i++) {
		if (strcmp(csv_table_text(table, i, at[CELL]), cell) != 0 ||
			strcmp(csv_table_text(table, i, at[METRIC]),
				"ns_per_op") != 0 ||
			strcmp(csv_table_text(table, i, at[BASELINE]),
				COMPARE_BASELINE) != 0)
			continue;
		room[kept] = csv_table_real(table, i, at[SIGMA]);
		kept += !isnan(room[kept]);
	}
	return median(room, kept);
}

static void read_deviations(struct foresight *foresight, const char *folder,
	const struct plan *plan)
{
	static const char *const names[COLUMNS] = {
		"cell", "metric", "baseline", "sigma"};
	struct csv_table table;
	int at[COLUMNS];
	double *room = NULL;
	char path[4200];

	snprintf(path, sizeof(path), "%s/comparisons.csv", folder);
	if (run_table_read(
		    &table, path, "comparisons.csv", &foresight->reason) != 0)
		return;
	if (csv_table_need(&table, names, COLUMNS, at, &foresight->reason) != 0)
		goto out;
	room = calloc(table.rows + 1, sizeof(*room));
	if (room == NULL)
		goto out;
	for (size_t i = 0; i < plan->cell_count; i++)
		foresight->deviations[i] =
			deviation_of(&table, at, plan->cells[i].name, room);
out:
	free(room);
	csv_table_finish(&table);
}

/* What that run says of this plan, which has its pilots. */
static void foresee_kept(
	struct foresight *foresight, const struct plan *plan, const char *pilot)
{
	const char *slash = strrchr(pilot, '/');
	char folder[4096];

	snprintf(folder, sizeof(folder), "%.*s",
		slash == NULL ? 1 : (int)(slash - pilot + 1),
		slash == NULL ? "." : pilot);
	if (check_rounds(foresight, folder, plan->request) == 0)
		read_deviations(foresight, folder, plan);
}

static void foresee(struct foresight *foresight, struct plan *plan,
	const struct run_options *options)
{
	unsigned fewest;

	for (size_t i = 0; i < plan->cell_count; i++)
		foresight->deviations[i] = NAN;
	if (options->pilot != NULL)
		foresee_kept(foresight, plan, options->pilot);
	else
		error_set(&foresight->reason,
			"--pilot RUN/pilot.csv of a run with these cells is "
			"missing");
	foresee_launches(foresight, plan);
	foresee_budget(foresight, plan, options);
	fewest = fewest_launches(plan, foresight);
	if (foresight->reason.text[0] == '\0' &&
		fewest < sign_interval_least(0.05))
		error_set(&foresight->reason,
			"from %u launches no interval can be made", fewest);
}

/* Percent; NaN where so few launches have no interval. */
static double half_width(double deviation, unsigned launches)
{
	return 100 * expm1(sign_half_width(deviation, launches, 0.05));
}

static void print_cell(FILE *out, const struct plan *plan, size_t index,
	const struct foresight *foresight)
{
	const struct plan_cell *cell = &plan->cells[index];
	unsigned launches = foresight->launches[index];
	double percent = half_width(foresight->deviations[index], launches);

	fprintf(out, "  %s%s", cell->name,
		cell->headline ? "" : "  (exploratory)");
	if (cell->dropped)
		fprintf(out, "  dropped");
	else if (!isnan(percent))
		fprintf(out, "  sees about %.2g %% in %.1f s", percent,
			foresight->seconds[index]);
	fputc('\n', out);
}

/* "3" or "3 to 15". */
static void print_range(FILE *out, double least, double most)
{
	if (round(least) == round(most))
		fprintf(out, "%.0f", least);
	else
		fprintf(out, "%.0f to %.0f", least, most);
}

/* The median cell, or why there is none. */
static void print_sight(FILE *out, const struct plan *plan,
	const struct foresight *foresight, double *room)
{
	unsigned fewest = UINT_MAX, most = 0;
	size_t known = 0;

	for (size_t i = 0; i < plan->cell_count; i++) {
		unsigned launches = foresight->launches[i];

		if (launches == 0)
			continue;
		room[known] = half_width(foresight->deviations[i], launches);
		fewest = launches < fewest ? launches : fewest;
		most = launches > most ? launches : most;
		known += !isnan(room[known]);
	}
	if (known == 0) {
		fprintf(out, "what it will see is not known: %s\n",
			foresight->reason.text[0] != '\0'
				? foresight->reason.text
				: "that run compares none of these cells");
		return;
	}
	fprintf(out, "sees about %.2g %% with ", median(room, known));
	print_range(out, fewest, most);
	fprintf(out,
		" launches, median over %zu cells, if launches scatter as in "
		"that run\n",
		known);
}

static void print_plan(
	FILE *out, const struct plan *plan, const struct foresight *foresight)
{
	const struct plan_request *request = plan->request;

	fprintf(out, "%zu cells, %u launches of each, ", plan->cell_count,
		request->launches);
	print_range(out, foresight->fewest, foresight->most);
	fprintf(out, " rounds of %zu lanes, turns of about %u us, seed %llu\n",
		request->variant_count, request->turn_us,
		(unsigned long long)request->seed);
}

/* Who chooses the rounds that are not known yet. */
static void print_choice(FILE *out, const struct plan *plan)
{
	for (size_t i = 0; i < plan->cell_count; i++)
		if (plan->cells[i].rounds == 0) {
			fputs("the pilot chooses the rounds of each cell, by "
			      "what a start and a round cost\n",
				out);
			return;
		}
}

/* What a budget makes of the plan; nothing where there is none. */
static void print_budget(FILE *out, const struct plan *plan,
	const struct run_options *options, const struct foresight *foresight)
{
	unsigned fewest = fewest_launches(plan, foresight), most = 0;

	if (options->budget_s == 0)
		return;
	for (size_t i = 0; i < plan->cell_count; i++)
		if (foresight->launches[i] > most)
			most = foresight->launches[i];
	fprintf(out, "within %u s about ", options->budget_s);
	print_range(out, fewest, most);
	fprintf(out, " launches of each of %zu cells, and %zu dropped\n",
		plan->cell_count - foresight->dropped, foresight->dropped);
}

static void print_all(FILE *out, const struct plan *plan,
	const struct run_options *options, const struct foresight *foresight,
	double *room)
{
	unsigned launches = plan->request->launches;

	print_plan(out, plan, foresight);
	for (size_t i = 0; i < plan->cell_count; i++)
		print_cell(out, plan, i, foresight);
	print_choice(out, plan);
	fprintf(out, "about ");
	print_range(out, foresight->pass_s * launches,
		foresight->most_s * launches);
	fprintf(out, " s of launches\n");
	print_budget(out, plan, options, foresight);
	print_sight(out, plan, foresight, room);
}

int dry_run_print(FILE *out, struct plan *plan,
	const struct run_options *options, struct error *error)
{
	struct foresight *foresight = calloc(1, sizeof(*foresight));
	double *room = calloc(3 * plan->cell_count, sizeof(*room));
	unsigned *launches = calloc(plan->cell_count, sizeof(*launches));
	int result = -1;

	if (foresight == NULL || room == NULL || launches == NULL) {
		error_set_errno(error, "--dry-run");
	} else if (options->pilot == NULL ||
		pilot_file_take(plan, options->pilot, error) == 0) {
		foresight->deviations = room + plan->cell_count;
		foresight->seconds = room + 2 * plan->cell_count;
		foresight->launches = launches;
		foresee(foresight, plan, options);
		print_all(out, plan, options, foresight, room);
		result = 0;
	}
	free(foresight);
	free(launches);
	free(room);
	return result;
}
