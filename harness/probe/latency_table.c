// SPDX-License-Identifier: MIT
#include "latency_table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "latency.h"
#include "latency_lane.h"
#include "prng.h"
#include "relay.h"
#include "stop.h"

/* Operations of each thread: of a warm-up, of the turns that settle the open
 * loop's period, and of the two that count. */
#define WARM_UP_OPS 3000
#define PERIOD_OPS 1000
#define PERIOD_TURNS 3
#define CLOSED_OPS 30000
#define OPEN_OPS 15000

/* Calls to one that is timed: whether it is one is not to follow a pattern in
 * the workload. */
#define ONE_IN 2

/* In open loop the slowest variant is busy for one of so many periods. */
#define PERIODS_TO_BUSY 2

/* The second one on the fewest threads alone. */
static const char *const workloads_timed[] = {
	"pair,size=64", "realloc-growth,to=4096"};

struct lane_seen {
	struct latency_histogram seen[LATENCY_OPERATIONS];
	double clock_ns;
};

struct probe {
	struct plan_request request;
	struct plan plan;
	struct relay relay;
	double ticks_per_ns;
	double period_ns; /* of this launch */
	struct lane_seen lanes[LATIN_MAX];
	struct csv_writer writer;
};

uint64_t latency_samples_least(double percentile)
{
	return percentile < 100 ? (uint64_t)lround(100 / (100 - percentile))
				: 1;
}

static int take_turn(struct probe *probe, unsigned index, uint64_t period_ticks,
	uint64_t ops)
{
	struct relay *relay = &probe->relay;

	if (latency_turn(&relay->lanes[index], relay->launch->seed,
		    period_ticks, ops, relay->deadline_ns) == 0)
		return 0;
	relay->failed_lane = (int)index;
	return -1;
}

/* What an operation takes a thread of the lane where the next one is always
 * due, ns; the least of a few turns. */
static int time_flat_out(struct probe *probe, unsigned index, double *least)
{
	unsigned threads = probe->relay.cell->counted_threads;

	if (take_turn(probe, index, 1, WARM_UP_OPS) != 0)
		return -1;
	*least = INFINITY;
	for (unsigned i = 0; i < PERIOD_TURNS; i++) {
		if (take_turn(probe, index, 1, PERIOD_OPS) != 0)
			return -1;
		*least = fmin(*least,
			threads *
				probe->relay.lanes[index]
					.shared->turn.ns_per_op);
	}
	return 0;
}

/* One period for all variants, so that they are asked for the same. */
static int settle_period(struct probe *probe)
{
	double slowest = 0;

	for (unsigned i = 0; i < probe->relay.lane_count; i++) {
		double ns;

		if (time_flat_out(probe, i, &ns) != 0)
			return -1;
		slowest = fmax(slowest, ns);
	}
	probe->period_ns = PERIODS_TO_BUSY * slowest;
	return 0;
}

static int time_lane(struct probe *probe, unsigned index)
{
	struct lane *lane = &probe->relay.lanes[index];
	struct lane_seen *seen = &probe->lanes[index];
	uint64_t period_ticks =
		(uint64_t)(probe->period_ns * probe->ticks_per_ns) + 1;

	/* The lane before has the caches. */
	if (take_turn(probe, index, 0, WARM_UP_OPS) != 0 ||
		take_turn(probe, index, 0, CLOSED_OPS) != 0)
		return -1;
	for (unsigned i = 0; i < LATENCY_WHOLE; i++)
		latency_sum(&seen->seen[i], lane, (enum latency_operation)i);
	if (take_turn(probe, index, period_ticks, OPEN_OPS) != 0)
		return -1;
	latency_sum(&seen->seen[LATENCY_WHOLE], lane, LATENCY_WHOLE);
	seen->clock_ns = (double)lane_latency(lane->shared, 0)->clock_ticks /
		probe->ticks_per_ns;
	return 0;
}

static int time_lanes(struct probe *probe)
{
	struct relay *relay = &probe->relay;
	unsigned order[LATIN_MAX];
	uint64_t state = prng_mix(relay->launch->seed);

	if (relay_begin(relay) != 0 || settle_period(probe) != 0)
		return -1;
	shuffle_indexes(order, relay->lane_count, &state);
	for (unsigned i = 0; i < relay->lane_count; i++)
		if (time_lane(probe, order[i]) != 0)
			return -1;
	return relay_verify(relay);
}

static double reached(const struct probe *probe,
	const struct latency_histogram *seen, double percentile)
{
	uint64_t least = latency_samples_least(percentile);

	if (seen->total < least)
		return NAN;
	if (percentile >= 100)
		return (double)seen->max / probe->ticks_per_ns;
	return (double)latency_reached_by(seen, least) / probe->ticks_per_ns;
}

static int write_row(
	struct probe *probe, unsigned index, enum latency_operation operation)
{
	const struct relay *relay = &probe->relay;
	const struct latency_histogram *seen =
		&probe->lanes[index].seen[operation];
	bool open = operation == LATENCY_WHOLE;
	struct latency_launch row = {
		.cell = relay->cell->name,
		.variant = probe->request.variants[index]->variant,
		.loop = open ? "open" : "closed",
		.operation = latency_operation_name(operation),
		.launch = relay->launch->launch,
		.samples = seen->total,
		.one_in = open ? 1 : ONE_IN,
		.clock_ns = probe->lanes[index].clock_ns,
		.period_ns = open ? probe->period_ns : NAN,
	};

	if (seen->total == 0)
		return 0;
	for (unsigned i = 0; i < LATENCY_PERCENTILES; i++)
		row.ns[i] = reached(probe, seen, latency_percentile(i));
	return latency_launch_write(&probe->writer, &row);
}

static int write_rows(struct probe *probe)
{
	for (unsigned i = 0; i < probe->request.variant_count; i++)
		for (unsigned k = 0; k < LATENCY_OPERATIONS; k++)
			if (write_row(probe, i, (enum latency_operation)k) != 0)
				return -1;
	return 0;
}

static void report_failure(const struct probe *probe)
{
	const struct relay *relay = &probe->relay;
	const struct lane *lane = &relay->lanes[relay->failed_lane];

	fprintf(stderr, "serialbench: latency of %s, %s, launch %u: %s: %s\n",
		probe->request.variants[relay->failed_lane]->variant,
		relay->cell->name, relay->launch->launch,
		lane_status_name(lane->status), lane->message);
}

/* 0, 1 where it failed, -1 where the file did. */
static int run_launch(struct probe *probe, const struct plan_launch *launch)
{
	int result = 0;

	probe->relay.launch = launch;
	probe->relay.cell = &probe->plan.cells[launch->cell];
	if (time_lanes(probe) != 0) {
		report_failure(probe);
		result = 1;
	} else if (write_rows(probe) != 0) {
		result = -1;
	}
	relay_end(&probe->relay);
	return result;
}

/* What the run has, but other workloads, and its fewest and most threads. */
static void fill_request(struct plan_request *request, const struct plan *plan,
	unsigned launches, bool more)
{
	unsigned least = UINT32_MAX, most = 0;

	*request = *plan->request;
	for (size_t i = 0; i < plan->cell_count; i++) {
		unsigned threads = plan->cells[i].threads;

		least = threads < least ? threads : least;
		most = threads > most ? threads : most;
	}
	request->workload_count = more ? 2 : 1;
	memcpy(request->workloads, workloads_timed, sizeof(workloads_timed));
	request->thread_count = least < most ? 2 : 1;
	request->threads[0] = least;
	request->threads[1] = most;
	request->placement_count = 1;
	request->placements[0] = plan->cells[0].placement;
	request->placements_that_exist = true;
	request->launches = launches;
	request->extra_launches = 0;
}

static bool is_left_out(const struct probe *probe, const struct plan_cell *cell)
{
	return strcmp(cell->asked, workloads_timed[0]) != 0 &&
		cell->threads != probe->request.threads[0];
}

/* Failed launches, or -1 where the file failed. */
static int run_launches(struct probe *probe)
{
	int failed = 0;

	for (size_t i = 0; i < probe->plan.launch_count && !stop_asked; i++) {
		const struct plan_launch *launch = &probe->plan.launches[i];
		int more = 0;

		if (!is_left_out(probe, &probe->plan.cells[launch->cell]))
			more = run_launch(probe, launch);
		if (more < 0)
			return -1;
		failed += more;
	}
	return failed;
}

/* A plan that cannot be made counts as a launch that failed. */
static int run_probe(struct probe *probe)
{
	struct error error;

	if (plan_create(&probe->plan, &probe->request, probe->relay.topology,
		    &error) != 0) {
		fprintf(stderr, "serialbench: latency: %s\n", error.text);
		return 1;
	}
	probe->ticks_per_ns = latency_ticks_per_ns();
	return run_launches(probe);
}

int latency_table_write(const struct plan *plan,
	const struct topology *topology, unsigned launches, bool more,
	uint64_t deadline_ns, const char *path)
{
	struct probe *probe = calloc(1, sizeof(*probe));
	int result = -1;

	if (probe == NULL)
		return -1;
	fill_request(&probe->request, plan, launches, more);
	probe->relay.plan = &probe->plan;
	probe->relay.topology = topology;
	probe->relay.deadline_ns = deadline_ns;
	probe->relay.job = LANE_LATENCY;
	probe->relay.one_in = ONE_IN;
	if (csv_writer_create(&probe->writer, path, latency_launch_header) == 0)
		result = run_probe(probe);
	if (csv_writer_close(&probe->writer) != 0)
		result = -1;
	plan_finish(&probe->plan);
	free(probe);
	return result;
}
