// SPDX-License-Identifier: MIT
//
// A turn of the workloads that come with the suite: as many calls as
// operations, nothing else, and the same stream whatever it runs on.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "counting_backend.h"
#include "counting_malloc.h"
#include "fake_perf.h"
#include "prng.h"
#include "team_drive.h"

#define SEED 20240229
#define WARMUP 37
#define OPS 211

static const unsigned thread_counts[] = {1, 2, 4};

#define COUNTS (sizeof(thread_counts) / sizeof(thread_counts[0]))

/* By hand: what the contracts of team and workloads say. */
static uint64_t expected_checksum(unsigned threads, uint64_t ops_of_thread)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < threads; i++)
		sum += prng_mix(prng_mix(SEED + i + 1)) * ops_of_thread;
	return sum;
}

#define EXPECT(what, name, threads, got, want)                                 \
	do {                                                                   \
		uint64_t got_ = (got), want_ = (want);                         \
		if (got_ != want_)                                             \
			fail_msg("%s, %u threads: %s is %llu, not %llu", name, \
				threads, what, (unsigned long long)got_,       \
				(unsigned long long)want_);                    \
	} while (0)

static void check_counts(const char *name, unsigned threads,
	const struct turn_result *turn, unsigned turns)
{
	EXPECT("ops", name, threads, turn->ops, (uint64_t)OPS * threads);
	EXPECT("thread_ops_min", name, threads, turn->thread_ops_min, OPS);
	EXPECT("thread_ops_max", name, threads, turn->thread_ops_max, OPS);
	EXPECT("births", name, threads, turn->births, 0);
	EXPECT("checksum", name, threads, turn->checksum,
		expected_checksum(threads, (uint64_t)turns * (WARMUP + OPS)));
	assert_true(turn->wall_ns > 0);
	assert_true(turn->ns_per_op > 0);
	assert_true(turn->start_skew_ns <= turn->wall_ns);
	assert_true(turn->finish_skew_ns <= turn->wall_ns);
}

static void calls_are_operations(void **state)
{
	static const struct {
		const char *workload;
		unsigned allocs, serials; /* of an operation */
	} cases[] = {
		{"pair", 1, 0},
		{"pair,size=1", 1, 0},
		{"pair,size=4096,form=dependent", 1, 0},
		{"counter", 0, 1},
		{"counter,work=50", 0, 1},
	};

	(void)state;
	for (size_t i = 0; i < 2 * COUNTS * (sizeof(cases) / sizeof(*cases));
		i++) {
		const char *name = cases[i / COUNTS / 2].workload;
		unsigned threads = thread_counts[i % COUNTS];
		struct drive_setup setup = {.workload = name,
			.backend = &counting_backend,
			.threads = threads,
			.seed = SEED,
			.sleep = i / COUNTS % 2 == 1};
		struct drive drive;
		uint64_t mallocs, all = (uint64_t)threads * (WARMUP + OPS);

		assert_int_equal(drive_begin(&drive, &setup), 0);
		for (unsigned turn = 1; turn <= 3; turn++) {
			backend_calls_clear();
			mallocs = malloc_calls();
			drive_turn(&drive, WARMUP, OPS);
			mallocs = malloc_calls() - mallocs;
			check_counts(name, threads, &drive.lane->turn, turn);
			EXPECT("allocs", name, threads, backend_calls.allocs,
				all * cases[i / COUNTS / 2].allocs);
			EXPECT("frees", name, threads, backend_calls.frees,
				all * cases[i / COUNTS / 2].allocs);
			EXPECT("serials", name, threads, backend_calls.serials,
				all * cases[i / COUNTS / 2].serials);
			EXPECT("other calls", name, threads,
				backend_calls.others + backend_calls.checks +
					backend_calls.numbered,
				0);
			EXPECT("calls of malloc in a turn", name, threads,
				mallocs, 0);
		}
		assert_int_equal(
			drive_order(&drive, ACTION_VERIFY, 0, 0), LANE_OK);
		drive_end(&drive);
	}
}

/* The counter of malloc counts: else the test above proves nothing. */
static void mallocs_are_counted(void **state)
{
	uint64_t before = malloc_calls();
	char text[8];

	(void)state;
	if (!malloc_is_counted)
		skip();
	free(realloc(malloc(10), 100));
	free(calloc(2, 3));
	snprintf(text, sizeof(text), "%d", 1);
	assert_int_equal(malloc_calls() - before, 5);
}

/* Each thread takes its block, whatever the variant; the work is the same. */
static void heap_start(void **state)
{
	enum { UNUSUAL = 4080 }; /* nobody else asks for it */

	(void)state;
	if (!malloc_is_counted)
		skip();
	for (size_t v = 0; alloc_backends[v] != NULL; v++)
		for (size_t i = 0; i < COUNTS; i++) {
			struct drive_setup setup = {.workload = "counter",
				.backend = alloc_backends[v],
				.threads = thread_counts[i],
				.seed = SEED};
			uint64_t checksums[2];

			for (unsigned moved = 0; moved < 2; moved++) {
				struct drive drive;

				setup.heap_bytes = moved ? UNUSUAL : 0;
				malloc_calls_of(UNUSUAL);
				assert_int_equal(
					drive_begin(&drive, &setup), 0);
				EXPECT("blocks before set-up",
					setup.backend->variant, setup.threads,
					malloc_calls_of(UNUSUAL),
					moved ? setup.threads : 0);
				checksums[moved] =
					drive_turn(&drive, 0, OPS)->checksum;
				drive_end(&drive);
			}
			EXPECT("checksum", setup.backend->variant,
				setup.threads, checksums[1], checksums[0]);
		}
}

/* Every variant does the same operations for the same seed. */
static void same_stream(void **state)
{
	static const char *const names[] = {
		"pair,size=72", "pair,form=dependent", "counter"};

	(void)state;
	for (size_t v = 0; alloc_backends[v] != NULL; v++)
		for (size_t i = 0; i < COUNTS * 3; i++) {
			struct drive_setup setup = {.workload = names[i / 3],
				.backend = alloc_backends[v],
				.threads = thread_counts[i % COUNTS],
				.seed = SEED};
			struct drive drive;

			assert_int_equal(drive_begin(&drive, &setup), 0);
			drive_turn(&drive, WARMUP, OPS);
			check_counts(alloc_backends[v]->variant, setup.threads,
				&drive.lane->turn, 1);
			assert_int_equal(
				drive_order(&drive, ACTION_VERIFY, 0, 0),
				LANE_OK);
			drive_end(&drive);
		}
}

static void other_seed_other_stream(void **state)
{
	struct drive_setup setup = {
		.workload = "pair", .backend = &counting_backend, .threads = 2};
	uint64_t checksums[8];

	(void)state;
	for (unsigned i = 0; i < 8; i++) {
		struct drive drive;

		setup.seed = i;
		assert_int_equal(drive_begin(&drive, &setup), 0);
		checksums[i] = drive_turn(&drive, 0, OPS)->checksum;
		drive_end(&drive);
		for (unsigned j = 0; j < i; j++)
			assert_int_not_equal(checksums[i], checksums[j]);
	}
}

/* A turn without warm-up, and one of no operations at all. */
static void smallest_turns(void **state)
{
	struct drive_setup setup = {
		.workload = "pair", .backend = &counting_backend, .threads = 2};
	const struct turn_result *turn;
	struct drive drive;

	(void)state;
	assert_int_equal(drive_begin(&drive, &setup), 0);
	turn = drive_turn(&drive, 0, 1);
	assert_int_equal(turn->ops, 2);
	turn = drive_turn(&drive, 0, 0);
	assert_int_equal(turn->ops, 0);
	assert_true(turn->ns_per_op == 0);
	drive_end(&drive);
}

/* The hardware counts from the start of a turn to its end, in every thread:
 * two readings each, outside of the timed part. */
static void counters_of_a_turn(void **state)
{
	const struct perf_system *kernel = perf_system;

	(void)state;
	perf_system = &fake_system;
	for (unsigned missing = 0; missing < 2; missing++) {
		struct drive_setup setup = {.workload = "pair",
			.backend = &counting_backend,
			.threads = 1,
			.seed = SEED,
			.job = LANE_COUNTERS};
		const struct turn_result *turn;
		struct drive drive;

		memset(&fake, 0, sizeof(fake));
		fake.errors[PERF_CYCLES] = missing ? ENOENT : 0;
		fake.errors[PERF_CACHE_MISSES] = ENOENT;
		assert_int_equal(drive_begin(&drive, &setup), 0);
		for (unsigned i = 0; i < 3; i++) {
			turn = drive_turn(&drive, WARMUP, OPS);
			EXPECT("cycles", "pair", 1, turn->counts[PERF_CYCLES],
				missing ? PERF_NO_COUNT : 100);
			EXPECT("instructions", "pair", 1,
				turn->counts[PERF_INSTRUCTIONS],
				missing ? PERF_NO_COUNT : 200);
			EXPECT("cache misses", "pair", 1,
				turn->counts[PERF_CACHE_MISSES], PERF_NO_COUNT);
		}
		EXPECT("readings", "pair", 1, (uint64_t)fake.reads,
			missing ? 0 : 6);
		drive_end(&drive);
		EXPECT("closed", "pair", 1, (uint64_t)fake.closed,
			(uint64_t)fake.opened);
	}
	perf_system = kernel;
}

/* A turn of the relay reads none. */
static void timed_turns_read_none(void **state)
{
	const struct perf_system *kernel = perf_system;
	struct drive_setup setup = {.workload = "pair",
		.backend = &counting_backend,
		.threads = 2,
		.seed = SEED};
	struct drive drive;

	(void)state;
	perf_system = &fake_system;
	memset(&fake, 0, sizeof(fake));
	assert_int_equal(drive_begin(&drive, &setup), 0);
	drive_turn(&drive, WARMUP, OPS);
	drive_end(&drive);
	assert_int_equal(fake.opened + fake.reads + fake.closed, 0);
	perf_system = kernel;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mallocs_are_counted),
		cmocka_unit_test(calls_are_operations),
		cmocka_unit_test(heap_start),
		cmocka_unit_test(same_stream),
		cmocka_unit_test(other_seed_other_stream),
		cmocka_unit_test(smallest_turns),
		cmocka_unit_test(counters_of_a_turn),
		cmocka_unit_test(timed_turns_read_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
