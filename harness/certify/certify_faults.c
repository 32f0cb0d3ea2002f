// SPDX-License-Identifier: MIT
//
// The planted faults that are no slowdown: bytes, a stall, a slow thread.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certify.h"
#include "clock.h"
#include "latency_lane.h"
#include "planted.h"
#include "statistics.h"

/* How long a planted stall is, ns. */
#define STALL_NS 50000

/* A median that a stall of 1 in 10000 must not move further. */
#define MEDIAN_SHIFT 0.05

/*
 * The slow thread's work, as a multiple of that of the largest slowdown: twice
 * the time. Threads that are uneven by themselves may hide less, where the one
 * that is slowed would have been first.
 */
#define UNEVEN_TIMES 10

/* Launches, as a multiple of the design's. Where a host slows one PU for a
 * while, a thread is slow of itself: the fault has to stand out in the rest. */
#define UNEVEN_LAUNCHES 4

/* Both residues modulo 16, whose slots round differently on glibc. */
static const uint64_t block_sizes[CERTIFY_SIZES] = {64, 72, 1000, 1008};
#define POPULATION 10000

static int fail_lane(
	const struct lane *lane, const char *variant, struct error *error)
{
	return error_set(error, "%s: %s: %s", variant,
		lane_status_name(lane->status), lane->message);
}

/* A job of a certifying worker; the lane is the caller's to end. 0, or -1 with
 * error. */
static int do_job(const struct certify *certify, struct lane *lane,
	struct lane_setup *setup, const char *variant, unsigned link_order,
	struct error *error)
{
	struct lane_start start = {
		.worker = lane_program_path(
			LANE_PLANTED_WORKER, link_order % LINK_ORDERS),
	};

	snprintf(setup->variant, LANE_TEXT, "%s", variant);
	if (lane_begin(lane, setup, &start) == 0 &&
		lane_wait(lane, certify->place.deadline_ns) == 0)
		return 0;
	return fail_lane(lane, variant, error);
}

/* Bytes of the slots of a population: what is exact. */
static int weigh(const struct certify *certify, const char *variant,
	uint64_t size, uint64_t *bytes, struct error *error)
{
	struct lane_setup setup = {
		.job = LANE_MEMORY, .size = size, .blocks = POPULATION};
	struct lane lane;
	int result = do_job(certify, &lane, &setup, variant, 0, error);

	if (result == 0)
		*bytes = lane.shared->memory.requested +
			lane.shared->memory.header_tail +
			lane.shared->memory.rounding;
	lane_end(&lane);
	return result;
}

int certify_weigh(struct certify *certify, struct error *error)
{
	for (size_t i = 0; i < CERTIFY_SIZES; i++) {
		struct certify_bytes *bytes = &certify->findings.bytes[i];
		uint64_t plain_again, padded_again;

		bytes->size = block_sizes[i];
		bytes->blocks = POPULATION;
		if (weigh(certify, "none", bytes->size, &bytes->plain, error) !=
				0 ||
			weigh(certify, "padded", bytes->size, &bytes->padded,
				error) != 0 ||
			weigh(certify, "none", bytes->size, &plain_again,
				error) != 0 ||
			weigh(certify, "padded", bytes->size, &padded_again,
				error) != 0)
			return -1;
		bytes->exact = bytes->plain == plain_again &&
			bytes->padded == padded_again &&
			bytes->padded - bytes->plain ==
				POPULATION * PLANTED_BYTES;
	}
	return 0;
}

/* The stalls fall on every PLANTED_STALL_PERIOD-th allocation, so all calls
 * are timed. */
static int time_turns(const struct certify *certify, struct lane *lane,
	double rate, double *p50, double *p9999, double *clock_cost)
{
	uint64_t deadline_ns = certify->place.deadline_ns;
	struct latency_histogram seen;

	if (latency_turn(lane, 0, 0, PLANTED_STALL_PERIOD, deadline_ns) != 0 ||
		latency_turn(lane, 0, 0, certify->design.stall_pairs,
			deadline_ns) != 0)
		return -1;
	latency_sum(&seen, lane, LATENCY_ALLOC);
	*p50 = (double)latency_reached_by(&seen, 2) / rate;
	*p9999 = (double)latency_reached_by(&seen, PLANTED_STALL_PERIOD) / rate;
	*clock_cost = (double)lane_latency(lane->shared, 0)->clock_ticks / rate;
	return 0;
}

/* One launch of each lane, without and with. */
static int time_calls(const struct certify *certify, const char *variant,
	unsigned launch, double rate, double *p50, double *p9999,
	double *clock_cost, struct error *error)
{
	struct lane_setup setup = {
		.job = LANE_LATENCY,
		.workload = "pair,size=64",
		.threads = 1,
		.one_in = 1,
		.pin = certify->place.pin,
	};
	struct error reason;
	struct lane lane = {0};
	int result = -1;

	if (topology_place(certify->place.topology, PLACEMENT_CORES, 1,
		    certify->place.seed, setup.pus, &reason) != 0)
		error_set(error, "%s", reason.text);
	else
		result = do_job(certify, &lane, &setup, variant, launch, error);
	if (result == 0 &&
		time_turns(certify, &lane, rate, p50, p9999, clock_cost) != 0)
		result = fail_lane(&lane, variant, error);
	lane_end(&lane);
	return result;
}

int certify_stalls(struct certify *certify, struct error *error)
{
	struct certify_stall *stall = &certify->findings.stall;
	unsigned launches = certify->design.stall_launches;
	double *values = calloc(6 * (size_t)launches, sizeof(*values));
	double *cost = values == NULL ? NULL : values + 4 * (size_t)launches;
	double *ratios = values == NULL ? NULL : cost + launches;
	double rate = latency_ticks_per_ns();
	char planted[48];
	int result = 0;

	if (values == NULL) {
		return error_set(error, "out of memory");
	}
	*stall = (struct certify_stall){
		.planted_ns = STALL_NS, .launches = launches};
	snprintf(planted, sizeof(planted), "stalled=%.0f", STALL_NS * rate);
	for (unsigned i = 0; i < 2 * launches && result == 0; i++) {
		/* Without and with by turns, each first in half of them. */
		unsigned launch = i / 2, lane = (i + launch) % 2;

		result = time_calls(certify, lane == 0 ? "stalled=0" : planted,
			launch, rate, &values[lane * launches + launch],
			&values[(2 + lane) * launches + launch], &cost[launch],
			error);
	}
	/* The two of a launch, as the machine's speed may change between
	 * launches, and the clock may have steps of 10 ns. */
	for (unsigned i = 0; i < launches; i++)
		ratios[i] = values[launches + i] / values[i];
	stall->p50_ratio = median(ratios, launches);
	for (unsigned lane = 0; lane < 2; lane++) {
		stall->p50_ns[lane] =
			median(values + lane * launches, launches);
		stall->p9999_ns[lane] =
			median(values + (2 + lane) * launches, launches);
	}
	stall->clock_ns = median(cost, launches);
	/* A bucket's least time is up to one in LATENCY_LINEAR below. */
	stall->seen = stall->p9999_ns[1] >=
			STALL_NS * (1 - 1.0 / LATENCY_LINEAR) * 0.99 &&
		stall->p9999_ns[0] < STALL_NS / 2.0;
	stall->median_stays = fabs(stall->p50_ratio - 1) < MEDIAN_SHIFT;
	free(values);
	return result;
}

/* The slower thread's time over the quicker one's. Both do the same number of
 * operations and start together. */
static double unevenness(const struct trial *row)
{
	return log(row->wall_ns / (row->wall_ns - row->finish_skew_ns));
}

int certify_uneven(struct certify *certify, struct error *error)
{
	struct certify_findings *findings = &certify->findings;
	const struct certify_curve *curve =
		&findings->curves[findings->curve_count - 1];
	unsigned steps = UNEVEN_TIMES * curve->sizes[CERTIFY_PLANTED - 1].steps;
	struct certify_stand *stand = calloc(1, sizeof(*stand));
	struct certify_estimate estimates[2];
	uint64_t begin = clock_now();
	char planted[48];
	const char *lanes[] = {"uneven=0", planted};
	struct certify_row row = {
		.kind = "uneven",
		.lane = planted,
		.threads = curve->threads,
		.link_order = CERTIFY_ALL_ORDERS,
		.planted = UNEVEN_TIMES *
			curve->sizes[CERTIFY_PLANTED - 1].planted,
		.rounds = certify->design.rounds,
	};
	int result = -1;

	if (stand == NULL) {
		return error_set(error, "out of memory");
	}
	snprintf(planted, sizeof(planted), "uneven=%u", steps);
	if (certify_stand_begin(stand, &certify->place, lanes, 2, true,
		    curve->threads, certify->design.rounds,
		    certify->design.turn_us, error) != 0 ||
		certify_experiment(stand,
			UNEVEN_LAUNCHES * certify->design.launches, unevenness,
			estimates, error) != 0)
		goto out;
	findings->has_fairness = true;
	findings->fairness = (struct certify_fairness){
		.by_count = 1 +
			steps * curve->step_ns /
				(PLANTED_PERIOD * curve->operation_ns),
		.measured = estimates[1],
		.seen = estimates[1].low > 1,
	};
	row.seconds = (double)(clock_now() - begin) / 1e9;
	result = certify_row(certify, &row, &estimates[1], error);
out:
	certify_stand_finish(stand);
	free(stand);
	return result;
}
