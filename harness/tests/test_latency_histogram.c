// SPDX-License-Identifier: MIT
//
// The histogram against sorted values: its buckets lose 1 in 32 at most.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "latency_histogram.h"
#include "prng.h"

static struct latency_histogram histogram;

static void buckets_hold_their_times(void **state)
{
	uint64_t seed = 1;

	(void)state;
	for (unsigned i = 0; i < 200000; i++) {
		uint64_t ticks = prng_next(&seed) >> (i % 64);
		unsigned bucket = latency_bucket(ticks);
		uint64_t least = latency_bucket_ticks(bucket);

		if (bucket >= LATENCY_BUCKETS || least > ticks ||
			ticks - least > least / LATENCY_LINEAR ||
			latency_bucket(least) != bucket)
			fail_msg("%llu: bucket %u from %llu",
				(unsigned long long)ticks, bucket,
				(unsigned long long)least);
	}
	for (unsigned i = 1; i < LATENCY_BUCKETS; i++)
		if (latency_bucket_ticks(i) <= latency_bucket_ticks(i - 1) ||
			latency_bucket(latency_bucket_ticks(i) - 1) != i - 1)
			fail_msg("bucket %u does not follow the one before", i);
}

static void reached_by_so_many(void **state)
{
	/* `fast` calls of 20 ticks, `slow` of 50000: what one in so many
	 * reaches. */
	static const struct {
		unsigned fast, slow;
		uint64_t one_in, want;
	} cases[] = {
		{0, 0, 2, 0},
		{1, 0, 10000, 20},
		{9999, 1, 10000, 50000},
		{9999, 1, 9999, 20},
		{10000, 1, 10000, 20}, /* one in 10001 */
		{999900, 100, 10000, 50000},
		{999901, 99, 10000, 20},
		{50, 50, 2, 50000},
		{51, 49, 2, 20},
		{0, 3, 2, 50000},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t got,
			want = latency_bucket_ticks(
				latency_bucket(cases[i].want));

		memset(&histogram, 0, sizeof(histogram));
		for (unsigned k = 0; k < cases[i].fast; k++)
			latency_count(&histogram, 20);
		for (unsigned k = 0; k < cases[i].slow; k++)
			latency_count(&histogram, 50000);
		got = latency_reached_by(&histogram, cases[i].one_in);
		if (got != want)
			fail_msg("case %zu: %llu, not %llu", i,
				(unsigned long long)got,
				(unsigned long long)want);
		assert_int_equal(
			histogram.total, cases[i].fast + cases[i].slow);
		if (cases[i].slow > 0)
			assert_int_equal(histogram.max, 50000);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(buckets_hold_their_times),
		cmocka_unit_test(reached_by_so_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
