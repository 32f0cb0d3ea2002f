// SPDX-License-Identifier: MIT
#include "certify_stand.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pilot.h"
#include "prng.h"
#include "statistics.h"
#include "stop.h"

/* A launch that fails is run again: a worker that was killed from outside says
 * nothing about the instrument. */
#define LAUNCH_TRIES 3

double certify_time(const struct trial *row)
{
	return log(row->ns_per_op);
}

void certify_estimate(
	struct certify_estimate *estimate, double *values, size_t count)
{
	size_t rank = sign_interval(count, CERTIFY_ALPHA, &estimate->level);

	estimate->launches = count;
	estimate->ratio = exp(median(values, count)); /* sorts them */
	estimate->low = rank > 0 ? exp(values[rank - 1]) : NAN;
	estimate->high = rank > 0 ? exp(values[count - rank]) : NAN;
}

bool certify_differs(const struct certify_estimate *estimate)
{
	return estimate->low > 1 || estimate->high < 1;
}

double certify_thread_ns(const struct certify_stand *stand)
{
	const struct plan_cell *cell = &stand->plan.cells[0];

	return cell->alone_ns_per_op * cell->threads;
}

static int fail_memory(struct error *error)
{
	return error_set(error, "%s", error_reason(errno));
}

static int fail_row(const struct trial *row, struct error *error)
{
	return error_set(error, "%s, %s: %s: %s", row->cell, row->variant,
		row->status, row->exclude_reason);
}

static int stopped(struct error *error)
{
	return error_set(error, "stopped: no certificate is made");
}

void certify_stand_name(
	struct certify_stand *stand, unsigned lane, const char *name)
{
	snprintf(stand->texts[lane], sizeof(stand->texts[lane]), "%s", name);
}

static void draw_launch(struct certify_stand *stand, struct plan_launch *launch)
{
	uint64_t *seed = &stand->place->seed;

	*launch = (struct plan_launch){
		.launch = stand->launches_done,
		.seed = prng_next(seed),
		.link_order = stand->launches_done % LINK_ORDERS,
		.env_bytes = (unsigned)prng_below(seed, PLAN_ENV_BYTES),
	};
	stand->launches_done++;
}

static int pilot(struct certify_stand *stand, struct error *error)
{
	struct pilot_result result;
	struct plan_launch launch;
	int status = -1;

	for (unsigned i = 0; status != 0 && i < LAUNCH_TRIES; i++) {
		draw_launch(stand, &launch);
		stand->relay.launch = &launch;
		status = pilot_run(
			&stand->relay, &stand->plan.cells[0], &result);
		if (status != 0)
			relay_failure(&stand->relay, &stand->rows[0]);
		relay_end(&stand->relay);
		if (stop_asked)
			return stopped(error);
	}
	return status == 0 ? 0 : fail_row(&stand->rows[0], error);
}

static void name_lanes(
	struct certify_stand *stand, const char *const *lanes, unsigned count)
{
	stand->request.variant_count = count;
	for (unsigned i = 0; i < count; i++) {
		certify_stand_name(stand, i, lanes[i]);
		stand->names[i].variant = stand->texts[i];
		stand->request.variants[i] = &stand->names[i];
	}
}

int certify_stand_begin(struct certify_stand *stand,
	struct certify_place *place, const char *const *lanes, unsigned count,
	bool planted, unsigned threads, unsigned rounds, unsigned turn_us,
	struct error *error)
{
	struct plan_request *request = &stand->request;

	memset(stand, 0, sizeof(*stand));
	stand->place = place;
	name_lanes(stand, lanes, count);
	request->allocators[0] = place->allocator;
	request->allocator_count = 1;
	request->rounds = rounds;
	request->turn_us = turn_us;
	request->pin = place->pin;
	request->planted = planted;
	stand->plan.request = request;
	stand->relay.plan = &stand->plan;
	stand->relay.topology = place->topology;
	stand->relay.deadline_ns = place->deadline_ns;
	stand->rows = calloc((size_t)rounds * count + 1, sizeof(*stand->rows));
	if (stand->rows == NULL)
		return fail_memory(error);
	if (plan_add_cell(&stand->plan, CERTIFY_WORKLOAD, 0, threads,
		    PLACEMENT_CORES, error) != 0)
		return -1;
	stand->relay.cell = &stand->plan.cells[0];
	return pilot(stand, error);
}

void certify_stand_finish(struct certify_stand *stand)
{
	plan_finish(&stand->plan);
	free(stand->rows);
	memset(stand, 0, sizeof(*stand));
}

/* The row of a lane in a round, by its name. */
static const struct trial *find_row(
	const struct certify_stand *stand, unsigned round, unsigned lane)
{
	size_t lanes = stand->request.variant_count;
	const struct trial *rows = &stand->rows[round * lanes];

	for (size_t i = 0; i < lanes; i++)
		if (strcmp(rows[i].variant, stand->texts[lane]) == 0)
			return &rows[i];
	return NULL;
}

/* Median over the rounds of the launch that were kept. */
static double launch_median(const struct certify_stand *stand, unsigned lane,
	certify_measure *measure, double *scratch)
{
	size_t count = 0;

	for (unsigned i = 0; i < stand->request.rounds; i++) {
		const struct trial *row = find_row(stand, i, lane);

		if (!row->excluded)
			scratch[count++] =
				measure(row) - measure(find_row(stand, i, 0));
	}
	return median(scratch, count);
}

/* 0, or -1 with error where it failed as often as it was tried. */
static int run_launch(
	struct certify_stand *stand, unsigned *link_order, struct error *error)
{
	size_t all =
		(size_t)stand->request.rounds * stand->request.variant_count;
	struct plan_launch launch;

	for (unsigned i = 0; i < LAUNCH_TRIES; i++) {
		size_t count;

		draw_launch(stand, &launch);
		*link_order = launch.link_order;
		stand->relay.launch = &launch;
		count = relay_run(&stand->relay, stand->rows);
		if (count == 0 || stop_asked)
			return stopped(error);
		/* A lane that failed is in the last row, or in its own of the
		 * last round. */
		for (size_t k = 0; k < count; k++)
			if (strcmp(stand->rows[k].status,
				    lane_status_name(LANE_OK)) != 0) {
				fail_row(&stand->rows[k], error);
				count = 0;
			}
		if (count == all)
			return 0;
	}
	return -1;
}

int certify_launches(struct certify_stand *stand, unsigned launches,
	certify_measure *measure, double *medians, unsigned *orders,
	struct error *error)
{
	unsigned lanes = (unsigned)stand->request.variant_count;
	double *scratch = calloc(stand->request.rounds, sizeof(*scratch));
	int result = 0;

	if (scratch == NULL)
		return fail_memory(error);
	for (unsigned i = 0; i < launches && result == 0; i++) {
		unsigned order;

		result = run_launch(stand, &order, error);
		if (orders != NULL)
			orders[i] = order;
		for (unsigned lane = 1; result == 0 && lane < lanes; lane++)
			medians[(size_t)lane * launches + i] =
				launch_median(stand, lane, measure, scratch);
	}
	free(scratch);
	return result;
}

int certify_experiment(struct certify_stand *stand, unsigned launches,
	certify_measure *measure, struct certify_estimate *estimates,
	struct error *error)
{
	unsigned lanes = (unsigned)stand->request.variant_count;
	double *medians = calloc((size_t)lanes * launches, sizeof(*medians));
	int result;

	if (medians == NULL)
		return fail_memory(error);
	result = certify_launches(
		stand, launches, measure, medians, NULL, error);
	for (unsigned lane = 1; result == 0 && lane < lanes; lane++)
		certify_estimate(
			&estimates[lane], &medians[lane * launches], launches);
	free(medians);
	return result;
}

/* All turns of one lane; logs[i] is the median of the i-th group. */
static int run_alone(struct certify_stand *stand, unsigned lane,
	const struct plan_launch *launch, unsigned groups, double *logs,
	double *scratch, struct error *error)
{
	struct relay *relay = &stand->relay;
	const struct plan_cell *cell = relay->cell;
	struct turn_result turn;
	int result;

	stand->request.variants[0] = &stand->names[lane];
	stand->request.variant_count = 1;
	relay->launch = launch;
	result = relay_begin(relay);
	for (unsigned i = 0; i < groups && result == 0; i++) {
		for (unsigned k = 0; k < stand->request.rounds && result == 0;
			k++) {
			result = relay_turn(
				relay, 0, cell->warmup_ops, cell->ops, &turn);
			if (result == 0)
				scratch[k] = log(turn.ns_per_op);
		}
		logs[i] = median(scratch, stand->request.rounds);
	}
	if (result != 0) {
		relay_failure(relay, &stand->rows[0]);
		fail_row(&stand->rows[0], error);
	}
	relay_end(relay);
	stand->request.variants[0] = &stand->names[0];
	stand->request.variant_count = 2;
	return result;
}

int certify_sequential(struct certify_stand *stand, unsigned groups,
	struct certify_estimate *estimate, struct error *error)
{
	double *logs = calloc(
		2 * (size_t)groups + stand->request.rounds, sizeof(*logs));
	struct plan_launch launch;
	int result = 0;

	if (logs == NULL)
		return fail_memory(error);
	draw_launch(stand, &launch);
	for (unsigned lane = 0; lane < 2 && result == 0; lane++)
		result = stop_asked ? stopped(error)
				    : run_alone(stand, lane, &launch, groups,
					      logs + (size_t)lane * groups,
					      logs + 2 * (size_t)groups, error);
	for (unsigned i = 0; result == 0 && i < groups; i++)
		logs[i] = logs[groups + i] - logs[i];
	if (result == 0)
		certify_estimate(estimate, logs, groups);
	free(logs);
	return result;
}
