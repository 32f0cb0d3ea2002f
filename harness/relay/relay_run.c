// SPDX-License-Identifier: MIT
//
// A launch from its first round to its last, and what is kept of it.
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "lane_spec.h"
#include "prng.h"
#include "relay.h"
#include "stop.h"

/* Clock ticks that the hypervisor took from all PUs so far. The file is opened
 * once in the life of the runner. */
static uint64_t steal_ticks(void)
{
	static int fd = -2;
	char text[256];
	unsigned long long steal = 0;
	ssize_t got;

	if (fd == -2)
		fd = open("/proc/stat", O_RDONLY | O_CLOEXEC);
	got = fd < 0 ? -1 : pread(fd, text, sizeof(text) - 1, 0);
	if (got < 0)
		return 0;
	text[got] = '\0';
	if (sscanf(text, "cpu %*u %*u %*u %*u %*u %*u %*u %llu", &steal) != 1)
		return 0;
	return steal;
}

/* What is known of a turn before it ran. */
static void fill_row(const struct relay *relay, struct trial *row,
	unsigned lane, unsigned round, unsigned position)
{
	const struct plan_request *request = relay->plan->request;
	const struct plan_cell *cell = relay->cell;
	const struct alloc_backend *variant = relay->variants[lane];
	const struct peer *peer = plan_peer(request, variant);
	const struct allocator *allocator =
		&request->allocators[cell->allocator];
	const struct lane_identity *identity =
		peer != NULL ? &peer->allocator.identity : &allocator->identity;

	memset(row, 0, sizeof(*row));
	row->schema_version = RECORD_SCHEMA_VERSION;
#define TEXT(field, text) snprintf(row->field, RECORD_TEXT, "%s", text)
	TEXT(cell, cell->name);
	TEXT(variant, variant->variant);
	TEXT(role, lane_role_name(variant->role));
	TEXT(workload, cell->workload_name);
	TEXT(params, cell->params);
	TEXT(allocator, allocator->name);
	TEXT(allocator_version, identity->allocator_version);
	TEXT(build_id, identity->build_id);
	TEXT(placement, placement_name(cell->placement));
	TEXT(pus, request->pin ? relay->pus_text : "");
	TEXT(status, lane_status_name(LANE_OK));
#undef TEXT
	row->launch = relay->launch->launch;
	row->round = round;
	row->position = position;
	row->link_order = relay->launch->link_order;
	row->threads = cell->threads;
	row->env_bytes = relay->launch->env_bytes;
	row->seed = relay->launch->seed;
	row->t_start_unix_ns = clock_ns(CLOCK_REALTIME);
}

/* Nothing of this turn was measured. */
static void fill_unmeasured(struct trial *row)
{
	row->wall_ns = row->cpu_ns = row->ns_per_op = NAN;
	row->start_skew_ns = row->finish_skew_ns = NAN;
	row->ops = row->thread_ops_min = row->thread_ops_max = RECORD_NO_COUNT;
	row->minflt = row->majflt = row->nvcsw = RECORD_NO_COUNT;
	row->nivcsw = row->migrations = row->steal_ticks = RECORD_NO_COUNT;
	row->checksum = RECORD_NO_COUNT;
}

static void fill_turn(
	struct trial *row, const struct turn_result *turn, uint64_t steal)
{
	row->ops = turn->ops;
	row->wall_ns = (double)turn->wall_ns;
	row->cpu_ns = (double)turn->cpu_ns;
	/* 0: the clock saw no time pass. */
	row->ns_per_op = turn->ns_per_op > 0 ? turn->ns_per_op : NAN;
	row->start_skew_ns = (double)turn->start_skew_ns;
	row->finish_skew_ns = (double)turn->finish_skew_ns;
	row->thread_ops_min = turn->thread_ops_min;
	row->thread_ops_max = turn->thread_ops_max;
	row->minflt = turn->minflt;
	row->majflt = turn->majflt;
	row->nvcsw = turn->nvcsw;
	row->nivcsw = turn->nivcsw;
	row->migrations = turn->migrations;
	row->steal_ticks = steal;
	row->checksum = turn->checksum;
}

/* The last row of a launch that ended early carries the reason. */
static void fill_failure(const struct relay *relay, struct trial *row)
{
	const struct lane *lane = &relay->lanes[relay->failed_lane];

	snprintf(
		row->status, RECORD_TEXT, "%s", lane_status_name(lane->status));
	snprintf(row->exclude_reason, RECORD_TEXT, "%s", lane->message);
	row->excluded = 1;
	fill_unmeasured(row);
}

static uint64_t expected_ops(const struct relay *relay)
{
	return relay->cell->ops * relay->cell->counted_threads;
}

/* How many lanes of the round did what this one did, itself among them. */
static unsigned count_agreeing(
	const struct trial *round, unsigned lanes, unsigned index)
{
	unsigned agreeing = 0;

	for (unsigned i = 0; i < lanes; i++)
		agreeing += round[i].ops == round[index].ops &&
			round[i].checksum == round[index].checksum;
	return agreeing;
}

/*
 * All lanes of a round did the same operations (-1), or one did not do its
 * work: one that did another number of them, else one with whom the fewest
 * agree.
 */
static int find_culprit(const struct relay *relay, const struct trial *round)
{
	uint64_t expected = expected_ops(relay);
	unsigned lanes = relay->lane_count, fewest = lanes;
	int culprit = -1;

	for (unsigned i = 0; i < lanes; i++) {
		unsigned agreeing = round[i].ops != expected
			? 0
			: count_agreeing(round, lanes, i);

		if (agreeing < fewest) {
			fewest = agreeing;
			culprit = (int)i;
		}
	}
	return culprit;
}

static int run_turn(struct relay *relay, struct trial *row, unsigned lane,
	unsigned round, unsigned position)
{
	struct turn_result turn;
	uint64_t steal;

	fill_row(relay, row, lane, round, position);
	if (relay_turn(relay, lane, relay->cell->warmup_ops, relay->cell->ops,
		    &turn) != 0)
		return -1;
	steal = steal_ticks();
	fill_turn(row, &turn, steal - relay->steal_seen);
	relay->steal_seen = steal;
	return 0;
}

/* Names the lane whose operations differ; the row is marked. */
static int fail_miscounted(struct relay *relay, struct trial *row)
{
	for (unsigned i = 0; i < relay->lane_count; i++)
		if (strcmp(relay->variants[i]->variant, row->variant) == 0)
			relay->failed_lane = (int)i;
	snprintf(row->status, RECORD_TEXT, "%s",
		lane_status_name(LANE_MISCOUNTED));
	snprintf(row->exclude_reason, RECORD_TEXT,
		"did %llu operations of %llu, checksum %llx",
		(unsigned long long)row->ops,
		(unsigned long long)expected_ops(relay),
		(unsigned long long)row->checksum);
	row->excluded = 1;
	return -1;
}

/* 0, or -1 with *count rows, the last of which says what happened. */
static int run_round(struct relay *relay, struct trial *rows, unsigned round,
	struct latin_square *square, size_t *count)
{
	unsigned order[LATIN_MAX];
	int culprit;
	struct trial *first = &rows[*count];

	latin_square_next(square, order);
	for (unsigned i = 0; i < relay->lane_count; i++) {
		struct trial *row = &rows[(*count)++];

		if (run_turn(relay, row, order[i], round, i) != 0) {
			fill_failure(relay, row);
			return -1;
		}
	}
	culprit = find_culprit(relay, first);
	return culprit < 0 ? 0 : fail_miscounted(relay, &first[culprit]);
}

static const char *round_disturbance(const struct trial *round, unsigned lanes)
{
	for (unsigned i = 0; i < lanes; i++)
		if (round[i].steal_ticks > 0)
			return "stolen";
	for (unsigned i = 0; i < lanes; i++)
		if (round[i].nivcsw > 0)
			return "preempted";
	return NULL;
}

/*
 * The exclusion rule, fixed beforehand and blind to the variant: a round in
 * which any turn was preempted or robbed of a tick is left out whole; where
 * that would leave less than half of the launch's rounds, all are kept, and
 * the median over rounds has to bear it.
 */
static void exclude_rounds(struct trial *rows, unsigned rounds, unsigned lanes)
{
	unsigned disturbed = 0;

	for (unsigned i = 0; i < rounds; i++)
		disturbed += round_disturbance(&rows[i * lanes], lanes) != NULL;
	if (2 * disturbed > rounds)
		return;
	for (unsigned i = 0; i < rounds; i++) {
		struct trial *round = &rows[i * lanes];
		const char *reason = round_disturbance(round, lanes);

		for (unsigned j = 0; reason != NULL && j < lanes; j++) {
			round[j].excluded = 1;
			snprintf(round[j].exclude_reason, RECORD_TEXT, "%s",
				reason);
		}
	}
}

/* A failure outside any turn still becomes a row. */
static size_t failure_row(
	struct relay *relay, struct trial *rows, size_t count, unsigned round)
{
	fill_row(relay, &rows[count], (unsigned)relay->failed_lane, round, 0);
	fill_failure(relay, &rows[count]);
	return count + 1;
}

void relay_failure(const struct relay *relay, struct trial *row)
{
	fill_row(relay, row, (unsigned)relay->failed_lane, 0, 0);
	fill_failure(relay, row);
}

size_t relay_run(struct relay *relay, struct trial *rows)
{
	unsigned rounds = relay->cell->rounds;
	struct latin_square square;
	size_t count = 0;
	int result = relay_begin(relay);

	if (result != 0) {
		count = failure_row(relay, rows, 0, 0);
		goto out;
	}
	relay->steal_seen = steal_ticks();
	latin_square_init(
		&square, relay->lane_count, prng_mix(relay->launch->seed));
	for (unsigned i = 0; result == 0 && i < rounds; i++) {
		if (stop_asked) {
			count = 0;
			goto out;
		}
		result = run_round(relay, rows, i, &square, &count);
	}
	if (result == 0 && relay_verify(relay) != 0) {
		count = failure_row(relay, rows, count, rounds);
		result = -1;
	} else if (result == 0) {
		exclude_rounds(rows, rounds, relay->lane_count);
	}
out:
	/* Whoever stopped the run may have struck the workers with it. */
	if (result != 0 && stop_asked)
		count = 0;
	relay_end(relay);
	return count;
}
