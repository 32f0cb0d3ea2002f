// SPDX-License-Identifier: MIT
//
// A/A: how often identical code is called different, by the relay and by the
// design that most tools have.
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "busy.h"
#include "certify.h"
#include "clock.h"
#include "progress.h"
#include "statistics.h"

/* Processes that keep PUs busy beside the experiments. */
#define BUSY_PROCESSES 2

int certify_row(struct certify *certify, const struct certify_row *row,
	const struct certify_estimate *estimate, struct error *error)
{
	struct csv_writer *writer = &certify->experiments;

	csv_text(writer, row->kind);
	csv_count(writer, row->threads);
	csv_count(writer, row->busy);
	csv_text(writer, row->lane);
	if (row->link_order == CERTIFY_ALL_ORDERS)
		csv_text(writer, "");
	else
		csv_count(writer, row->link_order);
	csv_real(writer, row->planted);
	csv_count(writer, estimate->launches);
	csv_count(writer, row->rounds);
	csv_real(writer, estimate->ratio);
	csv_real(writer, estimate->low);
	csv_real(writer, estimate->high);
	csv_real(writer, estimate->level > 0 ? estimate->level : NAN);
	csv_count(writer, certify_differs(estimate));
	csv_real(writer, row->seconds);
	if (csv_end_row(writer) == 0)
		return 0;
	return error_set(error, "experiments.csv: %s", error_reason(errno));
}

bool certify_in_band(const struct certify_false_positives *found)
{
	return found->found >= found->band_low &&
		found->found <= found->band_high;
}

/* The same program twice: the certifying worker knows `none` by two names. */
static const char *const lanes[2] = {"none=1", "none=2"};

static void begin_count(struct certify_false_positives *found, unsigned threads,
	unsigned experiments, unsigned launches)
{
	double level;

	*found = (struct certify_false_positives){
		.threads = threads,
		.launches = launches,
		.experiments = experiments,
	};
	sign_interval(launches, CERTIFY_ALPHA, &level);
	found->nominal = 1 - level;
	binomial_band(experiments, found->nominal, CERTIFY_ALPHA,
		&found->band_low, &found->band_high);
}

/* One of the experiments: 0, or -1 with error. */
static int try_once(struct certify *certify,
	struct certify_false_positives *found, struct certify_stand *stand,
	double *seconds, struct error *error)
{
	struct certify_estimate estimates[2];
	uint64_t begin = clock_now();
	struct certify_row row = {
		.kind = "aa",
		.lane = lanes[1],
		.threads = found->threads,
		.busy = found->busy,
		.link_order = CERTIFY_ALL_ORDERS,
		.rounds = certify->design.rounds,
	};

	if (certify_experiment(stand, found->launches, certify_time, estimates,
		    error) != 0)
		return -1;
	*seconds = row.seconds = (double)(clock_now() - begin) / 1e9;
	found->found += certify_differs(&estimates[1]);
	return certify_row(certify, &row, &estimates[1], error);
}

static int try_all(struct certify *certify,
	struct certify_false_positives *found, struct certify_stand *stand,
	struct error *error)
{
	double *seconds = calloc(found->experiments + 1, sizeof(*seconds));
	struct progress progress;
	char what[64];
	int result = 0;

	if (seconds == NULL) {
		return error_set(error, "%s", error_reason(errno));
	}
	snprintf(what, sizeof(what), "A/A on %u thread%s%s", found->threads,
		found->threads > 1 ? "s" : "",
		found->busy > 0 ? " beside busy processes" : "");
	progress_begin(&progress, what, found->experiments);
	for (unsigned i = 0; i < found->experiments && result == 0; i++) {
		result = try_once(certify, found, stand, &seconds[i], error);
		progress_step(&progress, "");
	}
	progress_end(&progress);
	found->seconds = median(seconds, found->experiments);
	free(seconds);
	return result;
}

static int relay_beside(struct certify *certify,
	struct certify_false_positives *found, struct error *error)
{
	const struct certify_design *design = &certify->design;
	struct certify_stand *stand = calloc(1, sizeof(*stand));
	int result;

	if (stand == NULL) {
		return error_set(error, "%s", error_reason(errno));
	}
	result = certify_stand_begin(stand, &certify->place, lanes, 2, true,
		found->threads, design->rounds, design->turn_us, error);
	if (result == 0)
		result = try_all(certify, found, stand, error);
	certify_stand_finish(stand);
	free(stand);
	return result;
}

int certify_relay(struct certify *certify, unsigned threads, bool busy,
	struct error *error)
{
	const struct certify_design *design = &certify->design;
	struct certify_findings *findings = &certify->findings;
	struct certify_false_positives *found = busy
		? &findings->busy[findings->busy_count++]
		: &findings->relay[findings->relay_count++];
	pid_t processes[BUSY_PROCESSES] = {0};
	int result = 0;

	begin_count(found, threads,
		busy ? design->busy_experiments : design->experiments,
		busy ? design->busy_launches : design->launches);
	if (busy) {
		found->busy = BUSY_PROCESSES;
		result = busy_begin(processes, BUSY_PROCESSES);
		if (result != 0)
			error_set(
				error, "busy process: %s", error_reason(errno));
	}
	if (result == 0)
		result = relay_beside(certify, found, error);
	busy_end(processes, BUSY_PROCESSES);
	return result;
}

static int try_sequential(struct certify *certify, struct certify_stand *stand,
	struct error *error)
{
	struct certify_false_positives *found = &certify->findings.sequential;
	struct certify_estimate estimate;
	struct certify_row row = {
		.kind = "sequential",
		.lane = lanes[1],
		.threads = found->threads,
		.link_order = CERTIFY_ALL_ORDERS,
		.rounds = certify->design.rounds,
	};
	struct progress progress;
	int result = 0;

	progress_begin(&progress, "one after the other", found->experiments);
	for (unsigned i = 0; i < found->experiments && result == 0; i++) {
		uint64_t begin = clock_now();

		result = certify_sequential(
			stand, found->launches, &estimate, error);
		row.seconds = (double)(clock_now() - begin) / 1e9;
		if (result == 0) {
			found->seconds = row.seconds;
			found->found += certify_differs(&estimate);
			result = certify_row(certify, &row, &estimate, error);
		}
		progress_step(&progress, "");
	}
	progress_end(&progress);
	return result;
}

int certify_wrong_design(struct certify *certify, struct error *error)
{
	const struct certify_design *design = &certify->design;
	struct certify_stand *stand = calloc(1, sizeof(*stand));
	int result;

	if (stand == NULL) {
		return error_set(error, "%s", error_reason(errno));
	}
	begin_count(&certify->findings.sequential, 1, design->sequential,
		design->launches);
	result = certify_stand_begin(stand, &certify->place, lanes, 2, true, 1,
		design->rounds, design->turn_us, error);
	if (result == 0)
		result = try_sequential(certify, stand, error);
	certify_stand_finish(stand);
	free(stand);
	return result;
}
