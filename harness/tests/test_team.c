// SPDX-License-Identifier: MIT
//
// The workload contract under the worker's team: roles, births and deaths of
// threads, settling, and what goes wrong.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "counting_backend.h"
#include "counting_malloc.h"
#include "prng.h"
#include "team_drive.h"
#include "team_workloads.h"

#define SEED 7

#define EXPECT(what, name, threads, got, want)                                 \
	do {                                                                   \
		uint64_t got_ = (got), want_ = (want);                         \
		if (got_ != want_)                                             \
			fail_msg("%s, %u threads: %s is %llu, not %llu", name, \
				threads, what, (unsigned long long)got_,       \
				(unsigned long long)want_);                    \
	} while (0)

static void begin(struct drive *drive, const struct drive_setup *setup)
{
	backend_calls_clear();
	team_log_clear();
	if (drive_begin(drive, setup) != 0)
		fail_msg("%s, %u threads: %s", setup->workload, setup->threads,
			drive->lane->message);
}

static uint64_t expected_checksum(unsigned threads, uint64_t ops_of_thread)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < threads; i++)
		sum += prng_mix(prng_mix(SEED + i + 1)) * ops_of_thread;
	return sum;
}

/* Only consumers count; what is in flight comes to rest once a turn. */
static void roles(void **state)
{
	static const struct {
		unsigned threads;
		bool sleep;
	} cases[] = {{2, false}, {2, true}, {4, true}, {8, true}};
	enum { WARMUP = 100, OPS = 500, TURNS = 5 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		unsigned threads = cases[i].threads;
		struct drive_setup setup = {.workload = "relayed",
			.backend = &counting_backend,
			.threads = threads,
			.seed = SEED,
			.sleep = cases[i].sleep};
		struct drive drive;

		begin(&drive, &setup);
		EXPECT("bad memory", "relayed", threads, team_log.bad_memory,
			0);
		for (unsigned turn = 1; turn <= TURNS; turn++) {
			const struct turn_result *result =
				drive_turn(&drive, WARMUP, OPS);

			EXPECT("ops", "relayed", threads, result->ops,
				(uint64_t)OPS * threads / 2);
			EXPECT("thread_ops_min", "relayed", threads,
				result->thread_ops_min, OPS);
			EXPECT("thread_ops_max", "relayed", threads,
				result->thread_ops_max, OPS);
			EXPECT("checksum", "relayed", threads, result->checksum,
				expected_checksum(threads,
					(uint64_t)turn * (WARMUP + OPS)));
			EXPECT("runs", "relayed", threads, team_log.runs,
				(uint64_t)turn * threads * 2);
			EXPECT("settles", "relayed", threads, team_log.settles,
				(uint64_t)turn * threads);
			EXPECT("blocks settled", "relayed", threads,
				team_log.settled_blocks,
				(uint64_t)turn * threads);
		}
		EXPECT("settles amid a turn", "relayed", threads,
			team_log.settles_amid, 0);
		EXPECT("calls of malloc in run()", "relayed", threads,
			team_log.mallocs, 0);
		EXPECT("allocs", "relayed", threads, backend_calls.allocs,
			(uint64_t)TURNS * (WARMUP + OPS) * threads / 2);
		EXPECT("frees", "relayed", threads, backend_calls.frees,
			backend_calls.allocs);
		drive_end(&drive);
		EXPECT("finishes", "relayed", threads, team_log.finishes, 1);
	}
}

/* Deaths amid `ops` operations of a thread, one after every `life`. */
static uint64_t deaths(uint64_t ops, uint64_t life)
{
	return ops == 0 ? 0 : (ops - 1) / life;
}

static void births(void **state)
{
	static const struct {
		const char *workload;
		unsigned threads;
		bool sleep;
		uint64_t life, warmup, ops;
	} cases[] = {
		{"mortal,life=10", 1, false, 10, 25, 35},
		{"mortal,life=10", 1, false, 10, 20, 40},
		{"mortal,life=1", 2, false, 1, 3, 7},
		{"mortal,life=7", 2, true, 7, 50, 100},
		{"mortal,life=100", 2, false, 100, 99, 100},
		{"mortal,life=3", 4, true, 3, 10, 31},
		{"mortal,life=10", 8, true, 10, 0, 45},
	};
	enum { TURNS = 4 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		unsigned threads = cases[i].threads;
		const char *name = cases[i].workload;
		struct drive_setup setup = {.workload = name,
			.backend = &counting_backend,
			.threads = threads,
			.seed = SEED,
			.sleep = cases[i].sleep};
		uint64_t life = cases[i].life, ops = cases[i].ops;
		uint64_t timed = threads * deaths(ops, life);
		uint64_t warm = threads * deaths(cases[i].warmup, life);
		struct drive drive;

		begin(&drive, &setup);
		for (unsigned turn = 1; turn <= TURNS; turn++) {
			const struct turn_result *result =
				drive_turn(&drive, cases[i].warmup, ops);

			EXPECT("ops", name, threads, result->ops,
				ops * threads);
			EXPECT("births", name, threads, result->births, timed);
			EXPECT("thread_ops_min", name, threads,
				result->thread_ops_min, ops);
			EXPECT("checksum", name, threads, result->checksum,
				expected_checksum(threads,
					turn * (cases[i].warmup + ops)));
			EXPECT("births seen", name, threads, team_log.births,
				turn * (warm + timed));
			EXPECT("settles", name, threads, team_log.settles,
				(uint64_t)turn * threads);
		}
		EXPECT("settles amid a turn", name, threads,
			team_log.settles_amid, 0);
		EXPECT("threads that are not on their PU", name, threads,
			team_log.misplaced, 0);
		EXPECT("thread numbers", name, threads, backend_calls.numbered,
			threads + TURNS * (warm + timed));
		EXPECT("thread numbers given twice", name, threads,
			backend_calls_repeated(), 0);
		assert_int_equal(
			drive_order(&drive, ACTION_VERIFY, 0, 0), LANE_OK);
		EXPECT("verifies", name, threads, team_log.verifies, threads);
		drive_end(&drive);
		EXPECT("finishes", name, threads, team_log.finishes, 1);
	}
}

/* Every variant, with threads that come and go. */
static void births_on_variants(void **state)
{
	(void)state;
	for (size_t v = 0; alloc_backends[v] != NULL; v++) {
		struct drive_setup setup = {.workload = "mortal,life=5",
			.backend = alloc_backends[v],
			.threads = 2,
			.seed = SEED};
		struct drive drive;
		const struct turn_result *result;

		begin(&drive, &setup);
		result = drive_turn(&drive, 12, 50);
		EXPECT("births", alloc_backends[v]->variant, 2, result->births,
			18);
		EXPECT("checksum", alloc_backends[v]->variant, 2,
			result->checksum, expected_checksum(2, 62));
		drive_end(&drive);
	}
}

static void more_threads_than_pus(void **state)
{
	static const char *const names[] = {
		"pair", "counter", "mortal", "relayed", "broken,at=verify"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct drive_setup setup = {.workload = names[i],
			.backend = &counting_backend,
			.threads = 8,
			.seed = SEED,
			.sleep = true};
		struct drive drive;

		begin(&drive, &setup);
		for (unsigned turn = 1; turn <= 20; turn++)
			EXPECT("checksum", names[i], 8,
				drive_turn(&drive, 5, 20)->checksum,
				expected_checksum(8, turn * 25));
		drive_end(&drive);
	}
}

/* Expects that a team cannot be made, in a process of its own: after that a
 * worker can only end. `pu`, where it is not 0, takes the place of all. */
static void expect_refused(
	const struct drive_setup *setup, unsigned pu, const char *message)
{
	struct drive drive = {0};
	int status = 0;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		drive_map(&drive, setup);
		for (unsigned i = 0; pu != 0 && i < setup->threads; i++)
			drive.lane->setup.pus[i] = pu;
		if (team_create(&drive.team, drive.lane, setup->backend) == 0)
			_exit(1);
		if (strcmp(drive.lane->message, message) == 0)
			_exit(0);
		fprintf(stderr, "%s: says '%s', not '%s'\n", setup->workload,
			drive.lane->message, message);
		_exit(2);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	if (status != 0)
		fail_msg("%s, %u threads: status %x", setup->workload,
			setup->threads, (unsigned)status);
}

/* Set-up that fails, with what the lane then says. */
static void set_up_fails(void **state)
{
	static const struct {
		const char *workload, *message;
	} cases[] = {
		{"broken,at=setup", "broken: out of memory in set-up"},
		{"broken,at=thread_setup", "broken: out of memory in set-up"},
		{"nothing",
			"unknown workload 'nothing': "
			"one of `serialbench list workloads`"},
		{"pair,size=0",
			"bad value of size '0': a whole number from 1 "
			"to 1048576"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct drive_setup setup = {.workload = cases[i].workload,
			.backend = &counting_backend,
			.threads = 1};

		expect_refused(&setup, 0, cases[i].message);
		setup.threads = 4;
		setup.sleep = true;
		expect_refused(&setup, 0, cases[i].message);
	}
}

static void pin_fails(void **state)
{
	struct drive_setup setup = {.workload = "mortal,life=10",
		.backend = &counting_backend,
		.threads = 1};
	struct drive drive;
	struct lane_shared *lane;

	(void)state;
	/* A thread that is born later, on a PU that is not there. */
	begin(&drive, &setup);
	lane = drive.lane;
	drive_turn(&drive, 15, 15);
	lane->setup.pus[0] = 60000;
	assert_int_equal(drive_order(&drive, ACTION_TURN, 5, 15), LANE_FAILED);
	assert_string_equal(lane->message, "pin to PU 60000: Invalid argument");
	drive_finish(&drive);

	/* The same threads where nobody asked for pinning. */
	setup.no_pin = true;
	begin(&drive, &setup);
	drive.lane->setup.pus[0] = 60000;
	EXPECT("births", "mortal, not pinned", 1,
		drive_turn(&drive, 15, 15)->births, 1);
	drive_end(&drive);
}

static void first_pin_fails(void **state)
{
	struct drive_setup setup = {
		.workload = "pair", .backend = &counting_backend, .threads = 1};

	(void)state;
	expect_refused(&setup, 60000, "pin to PU 60000: Invalid argument");
	setup.threads = 3;
	expect_refused(&setup, 60000, "pin to PU 60000: Invalid argument");
}

/* The harness takes nothing from the heap on the way to its first block, and
 * says of that that there was none. */
static void malloc_gives_null(void **state)
{
	struct drive_setup setup = {.workload = "pair",
		.backend = &counting_backend,
		.threads = 1,
		.heap_bytes = 512};

	(void)state;
	if (!malloc_is_counted)
		skip();
	malloc_refuse(true);
	expect_refused(
		&setup, 0, "malloc of 512 bytes before set-up gave NULL");
	setup.threads = 2;
	expect_refused(
		&setup, 0, "malloc of 512 bytes before set-up gave NULL");
	malloc_refuse(false);
}

static void damage(void **state)
{
	static const unsigned thread_counts[] = {1, 2, 8};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct drive_setup setup = {.workload = "broken,at=verify",
			.backend = &counting_backend,
			.threads = thread_counts[i],
			.sleep = true};
		struct drive drive;

		begin(&drive, &setup);
		drive_turn(&drive, 1, 1);
		assert_int_equal(
			drive_order(&drive, ACTION_VERIFY, 0, 0), LANE_DAMAGED);
		drive_end(&drive);

		/* `null` holds no blocks, so there is nothing to verify. */
		setup.backend = alloc_backend_find("null");
		begin(&drive, &setup);
		drive_turn(&drive, 1, 1);
		assert_int_equal(
			drive_order(&drive, ACTION_VERIFY, 0, 0), LANE_OK);
		drive_end(&drive);
	}
}

/* The worker reports what was done; the runner sees that it is too little. */
static void miscount(void **state)
{
	struct drive_setup setup = {.workload = "broken,at=run",
		.backend = &counting_backend,
		.threads = 2};
	struct drive drive;
	const struct turn_result *result;

	(void)state;
	begin(&drive, &setup);
	result = drive_turn(&drive, 30, 90);
	EXPECT("ops", "broken,at=run", 2, result->ops, 120);
	EXPECT("thread_ops_min", "broken,at=run", 2, result->thread_ops_min,
		30);
	EXPECT("thread_ops_max", "broken,at=run", 2, result->thread_ops_max,
		90);
	EXPECT("births", "broken,at=run", 2, result->births, 0);
	drive_end(&drive);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(roles),
		cmocka_unit_test(births),
		cmocka_unit_test(births_on_variants),
		cmocka_unit_test(more_threads_than_pus),
		cmocka_unit_test(set_up_fails),
		cmocka_unit_test(pin_fails),
		cmocka_unit_test(first_pin_fails),
		cmocka_unit_test(malloc_gives_null),
		cmocka_unit_test(damage),
		cmocka_unit_test(miscount),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
