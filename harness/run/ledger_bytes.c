// SPDX-License-Identifier: MIT
//
// The bytes of the ledger's lanes, each weighed in a process of its own.
#include <stdio.h>
#include <string.h>

#include "ledger_bytes.h"
#include "metrics.h"
#include "relay.h"
#include "stop.h"

#define DEADLINE_NS 60000000000u

/* Operations of each thread; no block of them is freed. */
#define OPERATIONS 2000

static int run_turn(struct lane *lane, struct slots_result *slots)
{
	if (lane_wait(lane, DEADLINE_NS) != 0)
		return -1;
	lane_order(lane, ACTION_TURN, 0, OPERATIONS);
	if (lane_wait(lane, DEADLINE_NS) != 0)
		return -1;
	*slots = lane->shared->slots;
	return 0;
}

static int weigh(const struct plan *plan, const struct plan_cell *cell,
	const char *variant, struct slots_result *slots)
{
	const struct allocator *allocator =
		&plan->request->allocators[cell->allocator];
	struct lane_setup setup = {
		.job = LANE_SLOTS,
		.threads = cell->threads,
		.seed = plan->request->seed,
	};
	struct lane_start start = {
		.worker = lane_program_path(LANE_LEDGER_WORKER, 0),
		.library = allocator->library[0] != '\0' ? allocator->library
							 : NULL,
	};
	struct lane lane;
	int status = -1;

	snprintf(setup.variant, LANE_TEXT, "%s", variant);
	snprintf(setup.workload, WORKLOAD_TEXT, "%s", cell->asked);
	if (lane_begin(&lane, &setup, &start) == 0)
		status = run_turn(&lane, slots);
	if (status != 0)
		fprintf(stderr, "serialbench: bytes of %s, %s: %s: %s\n",
			variant, cell->name, lane_status_name(lane.status),
			lane.message);
	lane_end(&lane);
	return status;
}

static int write_rows(struct csv_writer *metrics, const char *cell,
	const char *variant, const struct slots_result *slots)
{
	return metric_write(metrics, "ledger_blocks", cell, variant,
		       (double)slots->blocks, "blocks",
		       "weighed for the ledger, none freed") != 0 ||
			metric_write(metrics, "ledger_asked", cell, variant,
				(double)slots->asked, "bytes",
				"asked of the underlying allocator") != 0 ||
			metric_write(metrics, "ledger_slots", cell, variant,
				(double)slots->slots, "bytes",
				"usable size of its slots") != 0
		? -1
		: 0;
}

int ledger_bytes_write(const struct plan *plan, struct csv_writer *metrics)
{
	const struct plan_request *request = plan->request;
	int failed = 0;

	for (size_t i = 0; i < plan->cell_count; i++)
		for (size_t j = 0; j < request->variant_count; j++) {
			const char *variant = request->variants[j]->variant;
			struct slots_result slots;

			if (stop_asked)
				return failed;
			if (weigh(plan, &plan->cells[i], variant, &slots) != 0)
				failed++;
			else if (write_rows(metrics, plan->cells[i].name,
					 variant, &slots) != 0)
				return -1;
		}
	return failed;
}
