// SPDX-License-Identifier: MIT
//
// Workers that time calls and operations: how many of them, and a planted
// stall in closed and in open loop.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "latency_lane.h"
#include "planted.h"

#define PATIENCE_NS 60000000000u
#define OPS 20000

static void begin(struct lane *lane, const char *worker, const char *variant,
	const char *workload, unsigned threads, uint64_t one_in)
{
	struct lane_setup setup = {
		.job = LANE_LATENCY,
		.threads = threads,
		.one_in = one_in,
		.seed = 1,
	};
	struct lane_start start = {.worker = lane_program_path(worker, 0)};

	snprintf(setup.variant, LANE_TEXT, "%s", variant);
	snprintf(setup.workload, WORKLOAD_TEXT, "%s", workload);
	assert_int_equal(lane_begin(lane, &setup, &start), 0);
	if (lane_wait(lane, PATIENCE_NS) != 0)
		fail_msg("%s: %s", lane_status_name(lane->status),
			lane->message);
}

static void turn(
	struct lane *lane, uint64_t seed, uint64_t period_ticks, uint64_t ops)
{
	if (latency_turn(lane, seed, period_ticks, ops, PATIENCE_NS) != 0)
		fail_msg("%s: %s", lane_status_name(lane->status),
			lane->message);
}

static void end(struct lane *lane)
{
	for (int i = 0; i < 2; i++) {
		lane_order(lane, i == 0 ? ACTION_VERIFY : ACTION_FINISH, 0, 0);
		if (lane_wait(lane, PATIENCE_NS) != 0)
			fail_msg("%s: %s", lane_status_name(lane->status),
				lane->message);
	}
	lane_end(lane);
}

/* How many calls a turn timed, by operation. */
static void calls_that_are_timed(void **state)
{
	static const struct {
		const char *workload;
		unsigned threads;
		uint64_t one_in, period_ticks;
		uint64_t least[LATENCY_OPERATIONS], most[LATENCY_OPERATIONS];
	} cases[] = {
		{"pair,size=64", 1, 1, 0, {OPS, 0, OPS, 0}, {OPS, 0, OPS, 0}},
		{"pair,size=64", 2, 1, 0, {2 * OPS, 0, 2 * OPS, 0},
			{2 * OPS, 0, 2 * OPS, 0}},
		/* One in 10 of all calls; a draw too many or few in 20 is far
		 * from chance. */
		{"pair,size=64", 1, 10, 0,
			{OPS / 10 - OPS / 100, 0, OPS / 10 - OPS / 100, 0},
			{OPS / 10 + OPS / 100, 0, OPS / 10 + OPS / 100, 0}},
		/* A growth of k sizes is k − 1 reallocs, one free, one alloc.
		 */
		{"realloc-growth,form=chain", 1, 1, 0,
			{OPS / 6, OPS / 6 * 5, OPS / 6, 0},
			{OPS / 6 + 1, OPS / 6 * 5 + 5, OPS / 6 + 1, 0}},
		{"calloc,size=64", 1, 1, 0, {OPS, 0, OPS, 0}, {OPS, 0, OPS, 0}},
		{"counter", 1, 1, 0, {0}, {0}},
		/* In open loop operations, and no calls. */
		{"pair,size=64", 1, 1, 1, {0, 0, 0, OPS}, {0, 0, 0, OPS}},
		{"pair,size=64", 2, 1, 1, {0, 0, 0, 2 * OPS},
			{0, 0, 0, 2 * OPS}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct latency_histogram seen;
		struct lane lane;

		begin(&lane, LANE_WORKER, "atomic", cases[i].workload,
			cases[i].threads, cases[i].one_in);
		/* The turn before leaves nothing behind. */
		turn(&lane, 1, 0, 100);
		turn(&lane, 2, cases[i].period_ticks, OPS);
		for (unsigned k = 0; k < LATENCY_OPERATIONS; k++) {
			latency_sum(&seen, &lane, (enum latency_operation)k);
			if (seen.total < cases[i].least[k] ||
				seen.total > cases[i].most[k])
				fail_msg("case %zu, %s: %llu", i,
					latency_operation_name(
						(enum latency_operation)k),
					(unsigned long long)seen.total);
		}
		assert_true(lane_latency(lane.shared, 0)->clock_ticks > 0);
		end(&lane);
	}
}

/* Which calls are timed is drawn: another seed, other calls. */
static void drawn_by_the_seed(void **state)
{
	uint64_t totals[3];
	struct lane lane;

	(void)state;
	begin(&lane, LANE_WORKER, "none", "pair,size=64", 1, 1000);
	for (uint64_t i = 0; i < 3; i++) {
		struct latency_histogram seen[2];

		turn(&lane, 5 + i / 2, 0, OPS);
		latency_sum(&seen[0], &lane, LATENCY_ALLOC);
		latency_sum(&seen[1], &lane, LATENCY_FREE);
		totals[i] = seen[0].total * OPS + seen[1].total;
	}
	assert_int_equal(totals[0], totals[1]);
	assert_int_not_equal(totals[0], totals[2]);
	end(&lane);
}

/* The calls or operations of a histogram that took at least so long. */
static uint64_t count_from(
	const struct latency_histogram *histogram, uint64_t ticks)
{
	uint64_t count = 0;

	for (unsigned i = latency_bucket(ticks); i < LATENCY_BUCKETS; i++)
		count += histogram->counts[i];
	return count;
}

/* An operation in open loop, flat out. */
static uint64_t service_ticks(void)
{
	double rate = latency_ticks_per_ns(), least = 0;
	struct lane lane;

	begin(&lane, LANE_PLANTED_WORKER, "stalled=0", "pair,size=64", 1, 1);
	for (unsigned i = 0; i < 5; i++) {
		double ns;

		turn(&lane, 0, 1, OPS);
		ns = lane.shared->turn.ns_per_op;
		least = i == 0 || ns < least ? ns : least;
	}
	end(&lane);
	return (uint64_t)(least * rate) + 1;
}

/*
 * A stall in 1 of 10^4 operations that is as long as 500 of them. In closed
 * loop it is one slow call; in open loop at half of what the worker can do,
 * the operations that it made wait are late as well, until the worker has
 * caught up: about half of 500 of them by half of the stall or more.
 */
static void stall_is_not_left_out(void **state)
{
	const uint64_t stalls = 20, ops = stalls * PLANTED_STALL_PERIOD;
	uint64_t service = service_ticks(), stall = 500 * service;
	struct latency_histogram closed, open;
	uint64_t late[2];
	char planted[48];
	struct lane lane;

	(void)state;
	snprintf(planted, sizeof(planted), "stalled=%llu",
		(unsigned long long)stall);
	begin(&lane, LANE_PLANTED_WORKER, planted, "pair,size=64", 1, 1);
	turn(&lane, 0, 0, ops);
	latency_sum(&closed, &lane, LATENCY_ALLOC);
	turn(&lane, 0, 2 * service, ops);
	latency_sum(&open, &lane, LATENCY_WHOLE);
	end(&lane);
	late[0] = count_from(&closed, stall / 2);
	late[1] = count_from(&open, stall / 2);
	print_message("late by half of a stall: %llu closed, %llu open\n",
		(unsigned long long)late[0], (unsigned long long)late[1]);
	assert_true(late[0] >= stalls);
	assert_true(latency_reached_by(&closed, 10000) >= stall / 32 * 31);
	assert_true(latency_reached_by(&closed, 2) < stall / 2);
	if (late[1] < 5 * late[0])
		fail_msg("%llu in open loop, %llu in closed",
			(unsigned long long)late[1],
			(unsigned long long)late[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_that_are_timed),
		cmocka_unit_test(drawn_by_the_seed),
		cmocka_unit_test(stall_is_not_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
