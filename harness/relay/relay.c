// SPDX-License-Identifier: MIT
#include "relay.h"

#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "launch_common.h"
#include "plan_lanes.h"
#include "program_copy.h"

static int relay_fail(struct relay *relay, unsigned lane)
{
	relay->failed_lane = (int)lane;
	return -1;
}

static void fill_setup(const struct relay *relay, struct lane_setup *setup)
{
	const struct plan_request *request = relay->plan->request;
	const struct plan_cell *cell = relay->cell;

	memset(setup, 0, sizeof(*setup));
	setup->job = relay->job;
	setup->one_in = relay->one_in;
	snprintf(setup->workload, sizeof(setup->workload), "%s", cell->asked);
	setup->threads = cell->threads;
	setup->pin = request->pin;
	setup->spin = cell->threads <= topology_pu_count(relay->topology);
	memcpy(setup->pus, relay->pus, sizeof(setup->pus));
	setup->seed = relay->launch->seed;
	setup->heap_bytes = plan_heap_bytes(relay->launch);
}

static void name_pus(struct relay *relay)
{
	size_t used = 0;

	relay->pus_text[0] = '\0';
	for (unsigned i = 0; i < relay->cell->threads; i++)
		if (used < sizeof(relay->pus_text))
			used += (size_t)snprintf(relay->pus_text + used,
				sizeof(relay->pus_text) - used, "%s%u",
				i > 0 ? "+" : "", relay->pus[i]);
}

/* The lane's worker must run on the allocator that the cell names. */
static int check_identity(struct relay *relay, unsigned index)
{
	struct lane *lane = &relay->lanes[index];
	const struct allocator *allocator = relay->runs_on[index];

	if (allocator_is(allocator, &lane->shared->identity))
		return 0;
	lane->status = LANE_FAILED;
	snprintf(lane->message, LANE_TEXT, "runs on %.80s and not on %.80s",
		lane->shared->identity.allocator_path,
		allocator->identity.allocator_path);
	return relay_fail(relay, index);
}

static void add_common(struct lane_setup *setup, struct lane_start *start)
{
	const struct launch_common *common =
		launch_common(setup->workload, setup->threads, setup->seed);

	if (common == NULL)
		return;
	setup->common_bytes = common->bytes;
	start->common_fd = common->fd;
}

static const char *worker_path(const struct relay *relay)
{
	const struct plan_request *request = relay->plan->request;
	const char *program = request->worker;

	if (request->planted)
		program = LANE_PLANTED_WORKER;
	else if (program == NULL)
		program = LANE_WORKER;
	return lane_program_path(program, relay->launch->link_order);
}

/* All from one copy of the worker, so that they share the pages of its code. */
static int start_lanes(struct relay *relay)
{
	const struct plan_request *request = relay->plan->request;
	const struct allocator *allocator =
		&request->allocators[relay->cell->allocator];
	struct program_copy worker;
	struct lane_setup setup;
	struct lane_start start = {
		.worker = worker_path(relay),
		.env_bytes = relay->launch->env_bytes,
	};
	int result = 0;

	program_copy_make(&worker, start.worker);
	start.copy = worker.path;
	fill_setup(relay, &setup);
	add_common(&setup, &start);
	for (unsigned i = 0; i < relay->lane_count && result == 0; i++) {
		relay->runs_on[i] = plan_start_lane(
			request, relay->variants[i], allocator, &setup, &start);
		if (lane_begin(&relay->lanes[i], &setup, &start) != 0)
			result = relay_fail(relay, i);
	}
	program_copy_drop(&worker);
	return result;
}

static int begin_lanes(struct relay *relay)
{
	if (start_lanes(relay) != 0)
		return -1;
	for (unsigned i = 0; i < relay->lane_count; i++) {
		if (lane_wait(&relay->lanes[i], relay->deadline_ns) != 0)
			return relay_fail(relay, i);
		if (check_identity(relay, i) != 0)
			return -1;
	}
	return 0;
}

static void choose_lanes(struct relay *relay)
{
	const struct plan_request *request = relay->plan->request;

	relay->lane_count = 0;
	for (size_t i = 0; i < request->variant_count; i++)
		if (relay->all_lanes ||
			plan_lane_rides(request, i, relay->launch->launch))
			relay->variants[relay->lane_count++] =
				request->variants[i];
}

int relay_begin(struct relay *relay)
{
	struct error error;

	relay->failed_lane = -1;
	choose_lanes(relay);
	memset(relay->lanes, 0, sizeof(relay->lanes));
	if (topology_place(relay->topology, relay->cell->placement,
		    relay->cell->threads, relay->launch->seed, relay->pus,
		    &error) != 0) {
		relay->lanes[0].status = LANE_FAILED;
		snprintf(relay->lanes[0].message, LANE_TEXT, "%s", error.text);
		return relay_fail(relay, 0);
	}
	name_pus(relay);
	return begin_lanes(relay);
}

int relay_turn(struct relay *relay, unsigned index, uint64_t warmup_ops,
	uint64_t ops, struct turn_result *turn)
{
	struct lane *lane = &relay->lanes[index];

	lane_order(lane, ACTION_TURN, warmup_ops, ops);
	if (lane_wait(lane, relay->deadline_ns) != 0)
		return relay_fail(relay, index);
	*turn = lane->shared->turn;
	return 0;
}

/* Lanes of one thread all at once; threads that spin for each other would only
 * stand in each other's way. */
static int order_all(struct relay *relay, enum lane_action action)
{
	bool at_once = relay->cell->threads == 1;

	for (unsigned i = 0; i < relay->lane_count; i++) {
		lane_order(&relay->lanes[i], action, 0, 0);
		if (!at_once &&
			lane_wait(&relay->lanes[i], relay->deadline_ns) != 0)
			return relay_fail(relay, i);
	}
	for (unsigned i = 0; at_once && i < relay->lane_count; i++)
		if (lane_wait(&relay->lanes[i], relay->deadline_ns) != 0)
			return relay_fail(relay, i);
	return 0;
}

int relay_verify(struct relay *relay)
{
	if (order_all(relay, ACTION_VERIFY) != 0)
		return -1;
	return order_all(relay, ACTION_FINISH);
}

void relay_end(struct relay *relay)
{
	for (unsigned i = 0; i < relay->lane_count; i++)
		lane_kill(&relay->lanes[i]);
	for (unsigned i = 0; i < relay->lane_count; i++)
		lane_end(&relay->lanes[i]);
	relay->lane_count = 0;
}
