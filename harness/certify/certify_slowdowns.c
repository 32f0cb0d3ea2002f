// SPDX-License-Identifier: MIT
//
// Planted slowdowns: how large each one is, and how often it is found.
//
// The lanes differ in steps of work alone, in one allocation of 32. A long
// measurement, with many times the turns of an experiment, sets the steps right
// and a second one states the truth; since work costs time in proportion, a
// line through all sizes says it with less noise than each size alone. Beside
// it stands the same by count: steps times the time of a step, timed alone.
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certify.h"
#include "clock.h"
#include "compiler.h"
#include "planted.h"
#include "progress.h"
#include "statistics.h"

#define LANES (CERTIFY_PLANTED + 1)

/* Of the first look: about a hundred steps for every operation. */
#define LOOK_STEPS 3200u
#define LOOK_LAUNCHES 4u

static const double sizes[CERTIFY_PLANTED] = {0.01, 0.02, 0.05, 0.10};

/* The quickest of a few long runs: what disturbs one lengthens it. */
static double time_step(void)
{
	enum { STEPS = 2000000, RUNS = 9 };
	uint64_t quickest = UINT64_MAX;

	for (int i = 0; i < RUNS; i++) {
		uint64_t begin = clock_now(), took;

		private_work(STEPS);
		took = clock_now() - begin;
		quickest = took < quickest ? took : quickest;
	}
	return (double)quickest / STEPS;
}

static void name_amount(char name[48], unsigned steps)
{
	snprintf(name, 48, "slowed=%u", steps);
}

/* What LOOK_STEPS cost, as a share of the operation. 0, or -1. */
static int look(struct certify *certify, struct certify_curve *curve,
	double *share, struct error *error)
{
	const struct certify_design *design = &certify->design;
	struct certify_stand *stand = calloc(1, sizeof(*stand));
	struct certify_estimate estimates[2];
	char planted[48];
	const char *lanes[] = {"slowed=0", planted};
	int result = -1;

	if (stand == NULL) {
		return error_set(error, "%s", error_reason(errno));
	}
	name_amount(planted, LOOK_STEPS);
	if (certify_stand_begin(stand, &certify->place, lanes, 2, true,
		    curve->threads, design->truth_rounds, design->turn_us,
		    error) != 0)
		goto out;
	curve->operation_ns = certify_thread_ns(stand);
	if (certify_experiment(
		    stand, LOOK_LAUNCHES, certify_time, estimates, error) != 0)
		goto out;
	*share = estimates[1].ratio - 1;
	result = *share > 0 ? 0 : -1;
	if (result != 0)
		error_set(error,
			"planted work of %u steps did not slow %s down",
			LOOK_STEPS, stand->plan.cells[0].name);
out:
	certify_stand_finish(stand);
	free(stand);
	return result;
}

static void set_steps(struct certify_stand *stand, struct certify_curve *curve,
	unsigned index, double steps)
{
	struct certify_power *size = &curve->sizes[index];
	char name[48];

	size->planted = sizes[index];
	size->steps = (unsigned)fmax(1, fmin(round(steps), 1000000));
	size->by_count = 1 +
		size->steps * curve->step_ns /
			(PLANTED_PERIOD * curve->operation_ns);
	if (stand != NULL) {
		name_amount(name, size->steps);
		certify_stand_name(stand, index + 1, name);
	}
}

/*
 * Least squares: share = slope × steps, through nothing for no steps. An offset
 * would be fitted to where the code of the lanes lies, and set the smallest
 * sizes wrong by half of theirs.
 */
static double fit_slope(const struct certify_curve *curve)
{
	double xx = 0, xy = 0;

	for (unsigned i = 0; i < CERTIFY_PLANTED; i++) {
		double steps = curve->sizes[i].steps;

		xx += steps * steps;
		xy += steps * (curve->sizes[i].truth.ratio - 1);
	}
	return xx > 0 ? xy / xx : 0;
}

/* The steps are corrected by no more than this factor. */
#define MOST_CORRECTION 3.0

static void correct_steps(
	struct certify_stand *stand, struct certify_curve *curve, double slope)
{
	for (unsigned i = 0; i < CERTIFY_PLANTED; i++) {
		double steps = curve->sizes[i].steps;
		double wanted = slope > 0 ? sizes[i] / slope : steps;

		set_steps(stand, curve, i,
			fmax(steps / MOST_CORRECTION,
				fmin(wanted, steps * MOST_CORRECTION)));
	}
}

/* The long measurement of all sizes: the first sets the steps right, the
 * second states what they are. */
static int measure_truth(struct certify *certify, struct certify_stand *stand,
	struct certify_curve *curve, struct error *error)
{
	struct certify_estimate estimates[LANES];
	double slope;

	for (unsigned pass = 0; pass < 2; pass++) {
		if (pass > 0)
			correct_steps(stand, curve, slope);
		if (certify_experiment(stand, certify->design.truth_launches,
			    certify_time, estimates, error) != 0)
			return -1;
		for (unsigned i = 0; i < CERTIFY_PLANTED; i++)
			curve->sizes[i].truth = estimates[i + 1];
		slope = fit_slope(curve);
	}
	for (unsigned i = 0; i < CERTIFY_PLANTED; i++)
		curve->sizes[i].by_line = 1 + slope * curve->sizes[i].steps;
	return 0;
}

/* A stand whose lanes are the sizes. */
static int begin_sizes(struct certify *certify, struct certify_stand *stand,
	const struct certify_curve *curve, unsigned rounds, struct error *error)
{
	char names[CERTIFY_PLANTED][48];
	const char *lanes[LANES] = {"slowed=0"};

	for (unsigned i = 0; i < CERTIFY_PLANTED; i++) {
		name_amount(names[i], curve->sizes[i].steps);
		lanes[i + 1] = names[i];
	}
	return certify_stand_begin(stand, &certify->place, lanes, LANES, true,
		curve->threads, rounds, certify->design.turn_us, error);
}

static int find_once(struct certify *certify, struct certify_stand *stand,
	struct certify_curve *curve, double *seconds, struct error *error)
{
	struct certify_estimate estimates[LANES];
	uint64_t begin = clock_now();
	struct certify_row row = {
		.kind = "planted",
		.threads = curve->threads,
		.link_order = CERTIFY_ALL_ORDERS,
		.rounds = certify->design.planted_rounds,
	};

	if (certify_experiment(stand, certify->design.launches, certify_time,
		    estimates, error) != 0)
		return -1;
	*seconds = row.seconds = (double)(clock_now() - begin) / 1e9;
	for (unsigned i = 0; i < CERTIFY_PLANTED; i++) {
		struct certify_power *size = &curve->sizes[i];

		/* Faster is not found. */
		size->experiments++;
		size->found += estimates[i + 1].low > 1;
		row.lane = stand->texts[i + 1];
		row.planted = size->planted;
		if (certify_row(certify, &row, &estimates[i + 1], error) != 0)
			return -1;
	}
	return 0;
}

static int find_all(struct certify *certify, struct certify_stand *stand,
	struct certify_curve *curve, struct error *error)
{
	unsigned experiments = certify->design.planted;
	double *seconds = calloc(experiments + 1, sizeof(*seconds));
	struct progress progress;
	char what[64];
	int result = 0;

	if (seconds == NULL) {
		return error_set(error, "%s", error_reason(errno));
	}
	snprintf(what, sizeof(what), "planted slowdowns on %u thread%s",
		curve->threads, curve->threads > 1 ? "s" : "");
	progress_begin(&progress, what, experiments);
	for (unsigned i = 0; i < experiments && result == 0; i++) {
		result = find_once(certify, stand, curve, &seconds[i], error);
		progress_step(&progress, "");
	}
	progress_end(&progress);
	curve->seconds = median(seconds, experiments);
	free(seconds);
	return result;
}

/* As it was planted, unless the truth turned out to be another. */
static double true_size(const struct certify_power *size)
{
	double share = size->by_line - 1;

	return fabs(share - size->planted) <= size->planted / 10 ? size->planted
								 : share;
}

double certify_smallest_found(const struct certify_curve *curve)
{
	double smallest = NAN;

	for (unsigned i = CERTIFY_PLANTED; i > 0; i--) {
		const struct certify_power *size = &curve->sizes[i - 1];

		/* One that is no slowdown by the truth was not found. */
		if (size->found < CERTIFY_POWER * size->experiments ||
			!(true_size(size) > 0))
			break;
		smallest = true_size(size);
	}
	return smallest;
}

static int plant(struct certify *certify, struct certify_stand *stand,
	struct certify_curve *curve, struct error *error)
{
	int result = begin_sizes(
		certify, stand, curve, certify->design.truth_rounds, error);

	if (result == 0)
		result = measure_truth(certify, stand, curve, error);
	certify_stand_finish(stand);
	return result;
}

int certify_slowdowns(
	struct certify *certify, unsigned threads, struct error *error)
{
	struct certify_findings *findings = &certify->findings;
	struct certify_curve *curve =
		&findings->curves[findings->curve_count++];
	struct certify_stand *stand = calloc(1, sizeof(*stand));
	double share = 0;
	int result = -1;

	if (stand == NULL) {
		return error_set(error, "%s", error_reason(errno));
	}
	*curve = (struct certify_curve){
		.threads = threads, .step_ns = time_step()};
	if (look(certify, curve, &share, error) != 0)
		goto out;
	for (unsigned i = 0; i < CERTIFY_PLANTED; i++)
		set_steps(NULL, curve, i, LOOK_STEPS * sizes[i] / share);
	if (plant(certify, stand, curve, error) != 0)
		goto out;
	result = begin_sizes(
		certify, stand, curve, certify->design.planted_rounds, error);
	if (result == 0)
		result = find_all(certify, stand, curve, error);
	curve->smallest = certify_smallest_found(curve);
out:
	certify_stand_finish(stand);
	free(stand);
	return result;
}
