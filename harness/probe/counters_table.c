// SPDX-License-Identifier: MIT
#include "counters_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv_writer.h"
#include "perf_counters.h"
#include "prng.h"
#include "relay.h"
#include "stop.h"

static const char *const header =
	"cell,variant,ops,cycles,instructions,cache_misses,l1d_load_misses,"
	"status";

struct counted {
	uint64_t ops, counts[PERF_COUNTERS];
};

struct probe {
	struct csv_writer writer;
	struct relay relay;
	char missing[PERF_TEXT]; /* why nothing is counted, or "" */
	struct counted lanes[LATIN_MAX];
};

static bool can_count(char why[PERF_TEXT])
{
	struct perf_group group;
	bool can = perf_open(&group) == 0;

	why[0] = '\0';
	if (!can)
		perf_reason(why, group.error);
	perf_close(&group);
	return can;
}

static int write_row(struct probe *probe, const struct plan_cell *cell,
	const char *variant, const struct counted *counted)
{
	const char *status = probe->missing;
	bool done = counted->counts[PERF_CYCLES] != PERF_NO_COUNT;

	/* A thread that is born in a turn, or a counter that was taken away. */
	if (status[0] == '\0')
		status = done ? "counted" : "not counted in all threads";
	csv_text(&probe->writer, cell->name);
	csv_text(&probe->writer, variant);
	csv_count(&probe->writer, counted->ops);
	for (int i = 0; i < PERF_COUNTERS; i++)
		csv_count(&probe->writer, counted->counts[i]);
	csv_text(&probe->writer, status);
	return csv_end_row(&probe->writer);
}

static int write_rows(struct probe *probe, const struct plan_cell *cell)
{
	const struct plan_request *request = probe->relay.plan->request;

	for (size_t i = 0; i < request->variant_count; i++)
		if (write_row(probe, cell, request->variants[i]->variant,
			    &probe->lanes[i]) != 0)
			return -1;
	return 0;
}

static int count_turn(struct probe *probe, unsigned index)
{
	const struct plan_cell *cell = probe->relay.cell;
	struct counted *counted = &probe->lanes[index];
	struct turn_result turn;

	if (relay_turn(&probe->relay, index, cell->warmup_ops, cell->ops,
		    &turn) != 0)
		return -1;
	counted->ops += turn.ops;
	for (int i = 0; i < PERF_COUNTERS; i++)
		if (turn.counts[i] == PERF_NO_COUNT)
			counted->counts[i] = PERF_NO_COUNT;
		else if (counted->counts[i] != PERF_NO_COUNT)
			counted->counts[i] += turn.counts[i];
	return 0;
}

static int count_lanes(struct probe *probe)
{
	struct relay *relay = &probe->relay;
	unsigned order[LATIN_MAX];
	uint64_t state = prng_mix(relay->launch->seed);

	memset(probe->lanes, 0, sizeof(probe->lanes));
	if (relay_begin(relay) != 0)
		return -1;
	for (unsigned i = 0; i < relay->cell->rounds; i++) {
		shuffle_indexes(order, relay->lane_count, &state);
		for (unsigned k = 0; k < relay->lane_count; k++)
			if (count_turn(probe, order[k]) != 0)
				return -1;
	}
	return relay_verify(relay);
}

/* 0, 1 where the launch failed, -1 where the file did. */
static int run_launch(struct probe *probe, const struct plan_launch *launch)
{
	struct relay *relay = &probe->relay;
	int result = 0;

	relay->launch = launch;
	relay->cell = &relay->plan->cells[launch->cell];
	if (count_lanes(probe) != 0) {
		const struct lane *lane = &relay->lanes[relay->failed_lane];

		fprintf(stderr, "serialbench: counters of %s, %s: %s: %s\n",
			relay->plan->request->variants[relay->failed_lane]
				->variant,
			relay->cell->name, lane_status_name(lane->status),
			lane->message);
		result = 1;
	} else if (write_rows(probe, relay->cell) != 0) {
		result = -1;
	}
	relay_end(relay);
	return result;
}

/* The first launch of each cell is the one whose seed and link order the
 * turns have. */
static int count_cells(struct probe *probe)
{
	const struct plan *plan = probe->relay.plan;
	int failed = 0;

	for (size_t i = 0; i < plan->launch_count && !stop_asked; i++) {
		const struct plan_launch *launch = &plan->launches[i];
		const struct plan_cell *cell = &plan->cells[launch->cell];
		int more = 0;

		if (launch->launch == 0 && cell->ops > 0 && !cell->failed)
			more = run_launch(probe, launch);
		if (more < 0)
			return -1;
		failed += more;
	}
	return failed;
}

/* Empty fields and the reason, so that a reader finds every cell. */
static int write_missing(struct probe *probe)
{
	const struct plan *plan = probe->relay.plan;

	for (size_t v = 0; v < LATIN_MAX; v++) {
		probe->lanes[v].ops = PERF_NO_COUNT;
		for (int i = 0; i < PERF_COUNTERS; i++)
			probe->lanes[v].counts[i] = PERF_NO_COUNT;
	}
	for (size_t i = 0; i < plan->cell_count; i++)
		if (write_rows(probe, &plan->cells[i]) != 0)
			return -1;
	return 0;
}

_Static_assert(PERF_NO_COUNT == RECORD_NO_COUNT, "an empty field");

int counters_table_write(const struct plan *plan,
	const struct topology *topology, uint64_t deadline_ns, const char *path)
{
	struct probe *probe = calloc(1, sizeof(*probe));
	int result = -1;

	if (probe == NULL)
		return -1;
	probe->relay.plan = plan;
	probe->relay.topology = topology;
	probe->relay.deadline_ns = deadline_ns;
	probe->relay.job = LANE_COUNTERS;
	if (csv_writer_create(&probe->writer, path, header) == 0)
		result = can_count(probe->missing) ? count_cells(probe)
						   : write_missing(probe);
	if (csv_writer_close(&probe->writer) != 0)
		result = -1;
	free(probe);
	return result;
}
