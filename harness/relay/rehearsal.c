// SPDX-License-Identifier: MIT
#include "rehearsal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "rounds.h"

static const struct trial *find_failure(const struct trial *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(rows[i].status, lane_status_name(LANE_OK)) != 0)
			return &rows[i];
	return NULL;
}

/* Index of the row's lane. */
static size_t lane_of(
	const struct plan_request *request, const struct trial *row)
{
	size_t lane = 0;

	while (lane + 1 < request->variant_count &&
		strcmp(request->variants[lane]->variant, row->variant) != 0)
		lane++;
	return lane;
}

/* The rounds that are kept, lane by lane; how many. */
static size_t take_logs(const struct plan_request *request,
	const struct trial *rows, double *logs)
{
	size_t lanes = request->variant_count, kept = 0;

	for (size_t i = 0; i < ROUNDS_REHEARSED; i++) {
		const struct trial *round = &rows[i * lanes];

		for (size_t k = 0; k < lanes && !round->excluded; k++)
			logs[kept * lanes + lane_of(request, &round[k])] =
				log(round[k].ns_per_op);
		kept += !round->excluded;
	}
	return kept;
}

static int take_deviation(const struct relay *relay, const struct trial *rows,
	struct plan_cell *cell)
{
	const struct plan_request *request = relay->plan->request;
	size_t lanes = request->variant_count;
	size_t logs_room = lanes * ROUNDS_REHEARSED;
	double *logs =
		calloc(logs_room + rounds_room(lanes, ROUNDS_REHEARSED) + 1,
			sizeof(*logs));
	size_t kept;

	if (logs == NULL)
		return -1;
	kept = take_logs(request, rows, logs);
	cell->round_sd = rounds_deviation(logs, lanes, kept, logs + logs_room);
	free(logs);
	return 0;
}

/* From the first turn's start to the last one's end is the time of rounds; what
 * else the launch took is its start and end. Rows are stamped by a clock that
 * may be set: where it was, nothing is known. */
static void take_times(const struct trial *rows, size_t count,
	uint64_t launch_ns, struct plan_cell *cell)
{
	const struct trial *last = &rows[count - 1];
	double rounds_ns = (double)(int64_t)(last->t_start_unix_ns -
				   rows[0].t_start_unix_ns) +
		last->wall_ns;

	if (rounds_ns <= 0 || rounds_ns > (double)launch_ns)
		return;
	cell->round_ns = rounds_ns / ROUNDS_REHEARSED;
	cell->start_ns = (double)launch_ns - rounds_ns;
}

int rehearse(struct relay *relay, struct plan_cell *cell, struct trial *failure)
{
	size_t lanes = relay->plan->request->variant_count, count;
	struct trial *rows =
		calloc(ROUNDS_REHEARSED * lanes + 1, sizeof(*rows));
	unsigned rounds = cell->rounds;
	uint64_t start = clock_now();
	const struct trial *failed;
	int result = 0;

	cell->round_sd = cell->start_ns = cell->round_ns = NAN;
	if (rows == NULL)
		return -1;
	cell->rounds = ROUNDS_REHEARSED;
	count = relay_run(relay, rows);
	cell->rounds = rounds;
	failed = find_failure(rows, count);
	if (failed != NULL) {
		*failure = *failed;
		result = 1;
	} else if (count > 0) {
		take_times(rows, count, clock_now() - start, cell);
		result = take_deviation(relay, rows, cell);
	}
	free(rows);
	return result;
}
