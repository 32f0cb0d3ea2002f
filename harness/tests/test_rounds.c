// SPDX-License-Identifier: MIT
//
// How many rounds a launch of each cell has, and what is seen of a rehearsal.
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "latin_square.h"
#include "prng.h"
#include "rounds.h"

enum { LANES = 8, ROOM = (LANES * LANES) * ROUNDS_REHEARSED };

static double uniform(uint64_t *seed)
{
	return ((double)(prng_next(seed) >> 11) + 0.5) * 0x1p-53;
}

static double normal(uint64_t *seed)
{
	return sqrt(-2 * log(uniform(seed))) *
		cos(2 * 3.14159265358979323846 * uniform(seed));
}

/* Turns that scatter, on lanes and in rounds that differ. */
static void draw(double *logs, size_t lanes, size_t rounds, double deviation,
	uint64_t *seed)
{
	for (size_t i = 0; i < rounds; i++)
		for (size_t k = 0; k < lanes; k++)
			logs[i * lanes + k] = 0.3 * (double)k +
				1.7 * (double)i + deviation * normal(seed);
}

static void check_near(
	const char *what, double got, double want, double relative)
{
	if (!(fabs(got - want) <= relative * want))
		fail_msg("%s: %.9g, not %.9g", what, got, want);
}

/* The ratio of two turns scatters √2 times as far as a turn. */
static void deviations(void **state)
{
	double logs[LANES * ROUNDS_REHEARSED], room[ROOM];
	uint64_t seed = 1;

	(void)state;
	for (size_t rounds = 3; rounds <= ROUNDS_REHEARSED; rounds++) {
		double sum = 0;
		char what[32];

		assert_true(rounds_room(LANES, rounds) <= ROOM);
		for (int i = 0; i < 2000; i++) {
			draw(logs, LANES, rounds, 0.02, &seed);
			sum += rounds_deviation(logs, LANES, rounds, room);
		}
		snprintf(what, sizeof(what), "%zu rounds", rounds);
		check_near(what, sum / 2000, 0.02 * sqrt(2), 0.05);
	}
	assert_true(isnan(rounds_deviation(logs, 1, 4, room)));
	assert_true(isnan(rounds_deviation(logs, LANES, 1, room)));
	assert_true(isnan(rounds_deviation(logs, LANES, 0, room)));
	assert_true(
		isnan(rounds_deviation(logs, 2, ROUNDS_REHEARSED + 1, room)));
	memset(logs, 0, sizeof(logs));
	assert_true(rounds_deviation(logs, LANES, 4, room) == 0);
}

/* It sees neither which lane is which, nor how fast one is. */
static void blind(void **state)
{
	double logs[LANES * ROUNDS_REHEARSED], other[LANES * ROUNDS_REHEARSED];
	double room[ROOM];
	uint64_t seed = 2;

	(void)state;
	for (int trial = 0; trial < 200; trial++) {
		size_t rounds = 2 + (size_t)trial % 3;
		unsigned lane_at[LANES], round_at[ROUNDS_REHEARSED];
		double slower = 3 * normal(&seed), want;

		draw(logs, LANES, rounds, 0.05, &seed);
		want = rounds_deviation(logs, LANES, rounds, room);
		assert_true(want > 0);
		shuffle_indexes(lane_at, LANES, &seed);
		shuffle_indexes(round_at, (unsigned)rounds, &seed);
		for (size_t i = 0; i < rounds; i++)
			for (size_t k = 0; k < LANES; k++)
				other[i * LANES + k] =
					logs[round_at[i] * LANES + lane_at[k]] +
					(k == 3 ? slower : 0) +
					(i == 1 ? 1.5 * slower : 0);
		check_near("another order, and slower",
			rounds_deviation(other, LANES, rounds, room), want,
			1e-9);
	}
}

/* A turn that took ten times as long says nothing of the others. */
static void disturbed(void **state)
{
	double logs[LANES * ROUNDS_REHEARSED], room[ROOM], sum = 0;
	uint64_t seed = 3;

	(void)state;
	for (int i = 0; i < 500; i++) {
		draw(logs, LANES, ROUNDS_REHEARSED, 0.02, &seed);
		logs[prng_below(&seed, LANES * ROUNDS_REHEARSED)] += log(10);
		sum += rounds_deviation(logs, LANES, ROUNDS_REHEARSED, room);
	}
	check_near("one wild turn", sum / 500, 0.02 * sqrt(2), 0.15);
}

/* Worked out by hand from Blom's places of the order statistics. */
static void half_widths(void **state)
{
	(void)state;
	check_near("half width", rounds_half_width(0.03, 5, 30), 0.007629647,
		1e-6);
	/* As over six, the fewest. */
	check_near("of one launch", rounds_half_width(0.03, 5, 1),
		rounds_half_width(0.03, 5, 6), 1e-12);
	assert_true(isnan(rounds_half_width(NAN, 5, 30)));
}

/* The odd number next to sqrt(7.07 × start / round). */
static void best(void **state)
{
	static const struct {
		double start_s, round_s;
		unsigned want;
	} cases[] = {
		{0.009, 0.007, 3},
		{0.0158, 0.007, 3},
		{0.0159, 0.007, 5},
		{0.1, 0.008, 9},
		{0.2, 0.008, 13},
		{0.018, 0.03, 3},
		{0, 0.01, 3},
		{1, 0.01, 15},
		{1e9, 1e-9, 15},
		{1, 0, 15},
		{0, 0, 3},
		{NAN, 0.01, 3},
		{0.01, NAN, 3},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		unsigned got = rounds_best(cases[i].start_s, cases[i].round_s);

		if (got != cases[i].want)
			fail_msg("start %g s, round %g s: %u rounds, not %u",
				cases[i].start_s, cases[i].round_s, got,
				cases[i].want);
	}
}

/* Of one time, no other number of rounds leaves less variance. */
static void no_better(void **state)
{
	uint64_t seed = 4;

	(void)state;
	for (int trial = 0; trial < 1000; trial++) {
		double start_s = 0.2 * uniform(&seed);
		double round_s = 0.001 + 0.02 * uniform(&seed);
		unsigned chosen = rounds_best(start_s, round_s);
		double of_chosen = (1 + ROUNDS_SHARE / chosen) *
			(start_s + chosen * round_s);

		if (chosen % 2 == 0)
			fail_msg("start %g s, round %g s: %u rounds", start_s,
				round_s, chosen);
		/* Rounding to odd numbers costs this at most. */
		for (unsigned r = ROUNDS_LEAST; r <= ROUNDS_MOST; r++)
			if ((1 + ROUNDS_SHARE / r) * (start_s + r * round_s) <
				0.975 * of_chosen)
				fail_msg("start %g s, round %g s: %u rounds, "
					 "better %u",
					start_s, round_s, chosen, r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(deviations),
		cmocka_unit_test(blind),
		cmocka_unit_test(disturbed),
		cmocka_unit_test(half_widths),
		cmocka_unit_test(best),
		cmocka_unit_test(no_better),
	};

	return cmocka_run_group_tests_name("rounds", tests, NULL, NULL);
}
