// SPDX-License-Identifier: MIT
//
// What a plan will see is not guessed: the launches of a run that was kept say
// how far launches lie apart in each cell, and order statistics of normal
// values what interval so many of them have.
#include "dry_run.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare.h"
#include "csv_table.h"
#include "statistics.h"

/* The fewest launches of a cell that a budget leaves it (run_launches.c). */
#define LAUNCHES_LEAST 6

struct foresight {
	double *deviations; /* of a launch, by cell of the plan; NaN: unknown */
	double launch_s; /* about, of any cell */
	unsigned launches; /* of a cell, as far as a budget goes */
	char reason[CSV_ERROR]; /* why nothing is known; or "" */
};

/* Start and end of a worker, and its turns with warm-up and hand-over. */
static double launch_seconds(const struct plan_request *request)
{
	double lane_us = 1.6 * request->turn_us + 100;

	return (lane_us * request->rounds + 4000) *
		(double)request->variant_count / 1e6;
}

static unsigned launches_of_budget(const struct plan *plan,
	const struct run_options *options, double launch_s)
{
	double passes =
		ceil(options->budget_s / (launch_s * (double)plan->cell_count));
	unsigned most = plan->request->launches;

	if (options->budget_s == 0 || passes >= most)
		return most;
	if (passes < LAUNCHES_LEAST)
		return most < LAUNCHES_LEAST ? most : LAUNCHES_LEAST;
	return (unsigned)passes;
}

/* Launches are alike only where they have as many rounds of such turns. */
static int check_rounds(struct foresight *foresight, const char *folder,
	const struct plan_request *request)
{
	static const char *const names[] = {"rounds", "turn_us"};
	struct csv_table table;
	char path[4200];
	int at[2], result = -1;

	snprintf(path, sizeof(path), "%s/plan.csv", folder);
	if (csv_table_read(&table, path, foresight->reason) != 0)
		return -1;
	if (csv_table_need(&table, names, 2, at, foresight->reason) != 0)
		goto out;
	if (table.rows > 0 &&
		csv_table_real(&table, 0, at[0]) == request->rounds &&
		csv_table_real(&table, 0, at[1]) == request->turn_us)
		result = 0;
	else
		snprintf(foresight->reason, CSV_ERROR,
			"%.200s: not %u rounds of turns of %u us", path,
			request->rounds, request->turn_us);
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

static int read_deviations(struct foresight *foresight, const char *folder,
	const struct plan *plan)
{
	static const char *const names[COLUMNS] = {
		"cell", "metric", "baseline", "sigma"};
	struct csv_table table;
	int at[COLUMNS], result = -1;
	double *room = NULL;
	char path[4200];

	snprintf(path, sizeof(path), "%s/comparisons.csv", folder);
	if (csv_table_read(&table, path, foresight->reason) != 0)
		return -1;
	if (csv_table_need(&table, names, COLUMNS, at, foresight->reason) != 0)
		goto out;
	room = calloc(table.rows + 1, sizeof(*room));
	if (room == NULL)
		goto out;
	for (size_t i = 0; i < plan->cell_count; i++)
		foresight->deviations[i] =
			deviation_of(&table, at, plan->cells[i].name, room);
	result = 0;
out:
	free(room);
	csv_table_finish(&table);
	return result;
}

static void foresee(
	struct foresight *foresight, const struct plan *plan, const char *pilot)
{
	const char *slash = pilot == NULL ? NULL : strrchr(pilot, '/');
	char folder[4096];

	for (size_t i = 0; i < plan->cell_count; i++)
		foresight->deviations[i] = NAN;
	if (pilot == NULL) {
		snprintf(foresight->reason, CSV_ERROR,
			"--pilot RUN/pilot.csv of a run with these cells is "
			"missing");
		return;
	}
	snprintf(folder, sizeof(folder), "%.*s",
		slash == NULL ? 1 : (int)(slash - pilot + 1),
		slash == NULL ? "." : pilot);
	if (check_rounds(foresight, folder, plan->request) == 0 &&
		read_deviations(foresight, folder, plan) == 0 &&
		foresight->launches < sign_interval_least(0.05))
		snprintf(foresight->reason, CSV_ERROR,
			"from %u launches no interval can be made",
			foresight->launches);
}

/* Percent. The order statistics of normal values lie about where Blom has them
 * (Statistical Estimates and Transformed Beta-Variables, 1958). NaN where so
 * few launches have no interval. */
static double half_width(double deviation, unsigned launches)
{
	double level, n = launches;
	size_t rank = sign_interval(launches, 0.05, &level);

	if (rank == 0)
		return NAN;
	return 100 *
		expm1(deviation *
			normal_quantile(
				(n - (double)rank + 1 - 0.375) / (n + 0.25)));
}

static void print_cell(FILE *out, const struct plan_cell *cell,
	const struct foresight *foresight, double deviation)
{
	double percent = half_width(deviation, foresight->launches);

	fprintf(out, "  %s%s", cell->name,
		cell->headline ? "" : "  (exploratory)");
	if (!isnan(percent))
		fprintf(out, "  sees about %.2g %% in %.1f s", percent,
			foresight->launch_s * foresight->launches);
	fputc('\n', out);
}

/* The median cell, or why there is none. */
static void print_sight(FILE *out, const struct plan *plan,
	const struct foresight *foresight, double *room)
{
	size_t known = 0;

	for (size_t i = 0; i < plan->cell_count; i++) {
		room[known] = half_width(
			foresight->deviations[i], foresight->launches);
		known += !isnan(room[known]);
	}
	if (known > 0)
		fprintf(out,
			"sees about %.2g %% with %u launches, median over %zu "
			"cells, if launches scatter as in that run\n",
			median(room, known), foresight->launches, known);
	else
		fprintf(out, "what it will see is not known: %s\n",
			foresight->reason[0] != '\0'
				? foresight->reason
				: "that run compares none of these cells");
}

static void print_all(FILE *out, const struct plan *plan,
	const struct foresight *foresight, double *room)
{
	const struct plan_request *request = plan->request;

	fprintf(out,
		"%zu cells, %u launches of each, %u rounds of %zu lanes, turns "
		"of about %u us, seed %llu\n",
		plan->cell_count, request->launches, request->rounds,
		request->variant_count, request->turn_us,
		(unsigned long long)request->seed);
	for (size_t i = 0; i < plan->cell_count; i++)
		print_cell(out, &plan->cells[i], foresight,
			foresight->deviations[i]);
	fprintf(out, "about %.0f s of launches\n",
		foresight->launch_s * (double)plan->launch_count);
	print_sight(out, plan, foresight, room);
}

int dry_run_print(
	FILE *out, const struct plan *plan, const struct run_options *options)
{
	struct foresight *foresight = calloc(1, sizeof(*foresight));
	double *room = calloc(2 * plan->cell_count, sizeof(*room));
	int result = -1;

	if (foresight != NULL && room != NULL) {
		foresight->deviations = room + plan->cell_count;
		foresight->launch_s = launch_seconds(plan->request);
		foresight->launches =
			launches_of_budget(plan, options, foresight->launch_s);
		foresee(foresight, plan, options->pilot);
		print_all(out, plan, foresight, room);
		result = 0;
	}
	free(foresight);
	free(room);
	return result;
}
