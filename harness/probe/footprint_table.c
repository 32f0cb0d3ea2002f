// SPDX-License-Identifier: MIT
#include "footprint_table.h"

#include <stdio.h>
#include <string.h>

#include "metrics.h"
#include "relay.h"
#include "stop.h"

#define DEADLINE_NS 120000000000u

/* What a trace of billions of calls may take beyond it, for each operation of
 * the course: it is surveyed and replayed. */
#define OPERATION_NS 10000u

struct footprint {
	const struct plan *plan;
	const struct plan_cell *cell;
	const struct alloc_backend *variant;
	struct workload_instance instance;
	uint64_t course; /* of the instance */
	struct footprint_result result;
};

/* All that the workload does, then its blocks are looked at and freed. */
static int run_course(struct footprint *footprint, struct lane *lane)
{
	uint64_t course = footprint->course;
	uint64_t deadline_ns = DEADLINE_NS +
		course * footprint->instance.threads * OPERATION_NS;

	if (lane_wait(lane, deadline_ns) != 0)
		return -1;
	lane_order(lane, ACTION_TURN, 0, course);
	if (lane_wait(lane, deadline_ns) != 0)
		return -1;
	lane_order(lane, ACTION_VERIFY, 0, 0);
	if (lane_wait(lane, DEADLINE_NS) != 0)
		return -1;
	footprint->result = lane->shared->footprint;
	lane_order(lane, ACTION_FINISH, 0, 0);
	return lane_wait(lane, DEADLINE_NS);
}

static int weigh(struct footprint *footprint)
{
	const struct plan_request *request = footprint->plan->request;
	const struct plan_cell *cell = footprint->cell;
	const struct allocator *allocator =
		&request->allocators[cell->allocator];
	struct lane_setup setup = {
		.job = LANE_FOOTPRINT,
		.threads = cell->threads,
		.seed = request->seed,
	};
	struct lane_start start = {
		.worker = lane_worker_path(0),
	};
	struct lane lane;
	int status = -1;

	plan_start_lane(request, footprint->variant, allocator, &setup, &start);
	snprintf(setup.workload, WORKLOAD_TEXT, "%s", cell->asked);
	if (lane_begin(&lane, &setup, &start) == 0)
		status = run_course(footprint, &lane);
	if (status != 0)
		fprintf(stderr, "serialbench: footprint of %s, %s: %s: %s\n",
			footprint->variant->variant, cell->name,
			lane_status_name(lane.status), lane.message);
	else if (footprint->result.failed || footprint->result.live_peak == 0)
		fprintf(stderr,
			"serialbench: footprint of %s, %s: the process could "
			"not be weighed\n",
			footprint->variant->variant, cell->name);
	lane_end(&lane);
	return status == 0 && !footprint->result.failed &&
			footprint->result.live_peak > 0
		? 0
		: -1;
}

static int write_rows(
	struct csv_writer *metrics, const struct footprint *footprint)
{
	const struct footprint_result *result = &footprint->result;
	const char *cell = footprint->cell->name;
	const char *variant = footprint->variant->variant;
	double live = (double)result->live_peak;

#define METRIC(name, value, unit, note)                                        \
	metric_write(metrics, name, cell, variant, value, unit, note)
	if (METRIC("live_peak", live, "bytes",
		    "asked for by the blocks: the most of each thread, added "
		    "up") != 0 ||
		METRIC("resident_peak", (double)result->resident_peak, "bytes",
			"growth of the process since before set-up") != 0 ||
		METRIC("resident_first", (double)result->resident_first,
			"bytes", "at the first checkpoint") != 0 ||
		METRIC("resident_last", (double)result->resident_last, "bytes",
			"at the last checkpoint") != 0 ||
		METRIC("resident_over_live",
			(double)result->resident_peak / live, "ratio",
			"resident_peak over live_peak") != 0)
		return -1;
	if (footprint->instance.workload->live_blocks == NULL)
		return 0;
	return METRIC("live_blocks", (double)result->blocks, "blocks",
		       "of live_peak") != 0 ||
			METRIC("live_slots", (double)result->slots, "bytes",
				"of the underlying blocks of live_blocks") != 0
		? -1
		: 0;
#undef METRIC
}

/* Another placement of what an earlier cell has is the same footprint. */
static bool is_repeated(const struct plan *plan, size_t index)
{
	const struct plan_cell *cell = &plan->cells[index];

	for (size_t i = 0; i < index; i++)
		if (strcmp(plan->cells[i].asked, cell->asked) == 0 &&
			plan->cells[i].allocator == cell->allocator &&
			plan->cells[i].threads == cell->threads)
			return true;
	return false;
}

/* All variants of one cell: failed ones, or -1. */
static int write_cell(struct footprint *footprint, struct csv_writer *metrics)
{
	const struct plan_request *request = footprint->plan->request;
	int failed = 0;

	for (size_t i = 0; i < request->variant_count && !stop_asked; i++) {
		footprint->variant = request->variants[i];
		if (!footprint->variant->allocates)
			continue;
		if (weigh(footprint) != 0)
			failed++;
		else if (write_rows(metrics, footprint) != 0)
			return -1;
	}
	return failed;
}

int footprint_table_write(const struct plan *plan, struct csv_writer *metrics)
{
	struct footprint footprint = {.plan = plan};
	int failed = 0;

	for (size_t i = 0; i < plan->cell_count && !stop_asked; i++) {
		char error[WORKLOAD_TEXT];
		int more;

		footprint.cell = &plan->cells[i];
		if (workload_parse(footprint.cell->asked, &footprint.instance,
			    error) != 0 ||
			footprint.instance.workload->course == NULL ||
			is_repeated(plan, i))
			continue;
		footprint.instance.threads = footprint.cell->threads;
		footprint.course = footprint.instance.workload->course(
			&footprint.instance);
		more = write_cell(&footprint, metrics);
		if (more < 0)
			return -1;
		failed += more;
	}
	return failed;
}
