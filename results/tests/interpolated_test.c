// SPDX-License-Identifier: MIT
//
// Interpolated sign intervals cover what they say, on values of any shape, and
// launches that pile up in steps are seen as such.
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "draw.h"
#include "statistics.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define MOST 60

static double uniform(uint64_t *state)
{
	return ((double)draw_below(state, (size_t)1 << 32) + 0.5) * 0x1p-32;
}

/* Each with a median of 0. */
static double normal(uint64_t *state)
{
	return normal_quantile(uniform(state));
}

static double skewed(uint64_t *state)
{
	return -log(uniform(state)) - M_LN2;
}

static double heavy(uint64_t *state)
{
	return tan(M_PI * (uniform(state) - 0.5));
}

static const struct {
	const char *name;
	double (*draw)(uint64_t *state);
} shapes[] = {{"normal", normal}, {"skewed", skewed}, {"heavy", heavy}};

static void test_coverage(void **state)
{
	static const size_t counts[] = {6, 7, 10, 13, 16, 17, 19, 30, 60};
	enum { TRIES = 6000 };
	uint64_t seed = 20190413;

	(void)state;
	for (size_t s = 0; s < COUNT(shapes); s++)
		for (size_t c = 0; c < COUNT(counts); c++) {
			double values[MOST], low, high, share;
			size_t missed = 0;

			for (int i = 0; i < TRIES; i++) {
				for (size_t k = 0; k < counts[c]; k++)
					values[k] = shapes[s].draw(&seed);
				sort_reals(values, counts[c]);
				sign_interpolated(
					values, counts[c], 0.05, &low, &high);
				missed += low > 0 || high < 0;
			}
			share = (double)missed / TRIES;
			/* Six standard errors of a share of 5 % are 1.7 %; a
			 * few values are what the rule is least exact for. */
			if (share < 0.030 || share > 0.067)
				fail_msg("%s, n = %zu: misses %.2f %%, not "
					 "5 %%",
					shapes[s].name, counts[c], 100 * share);
		}
}

/* One launch more never widens what is expected by much, as the exact interval
 * does at n = 10, 13, 16. */
static void test_widths(void **state)
{
	(void)state;
	for (size_t n = 8; n < MOST; n++) {
		double now = sign_half_width(1, n, 0.05);
		double more = sign_half_width(1, n + 1, 0.05);

		if (more > 1.01 * now)
			fail_msg("n = %zu: %g, then %g", n, now, more);
	}
}

static void test_bounds(void **state)
{
	double values[MOST], low, high, level;

	(void)state;
	for (size_t n = 0; n < MOST; n++) {
		size_t rank = sign_interval(n, 0.05, &level);

		for (size_t i = 0; i < n; i++)
			values[i] = (double)i;
		sign_interpolated(values, n, 0.05, &low, &high);
		if (rank == 0) {
			assert_true(isnan(low) && isnan(high));
			continue;
		}
		/* Within the exact one, and the same from both ends. */
		if (low < values[rank - 1] || high > values[n - rank] ||
			low > high ||
			fabs(low - ((double)(n - 1) - high)) > 1e-9)
			fail_msg("n = %zu: [%g, %g] of ranks %zu", n, low, high,
				rank);
	}
}

/* The case: one cycle of a loop of 41. */
static void test_steps(void **state)
{
	static const double piles[] = {0.952, 0.976, 1.000, 1.026};
	static const double odds[] = {0.15, 0.6, 0.9, 1};
	static const size_t counts[] = {17, 30, 60};
	uint64_t seed = 5;

	(void)state;
	for (size_t c = 0; c < COUNT(counts); c++)
		for (int try = 0; try < 50; try++) {
			double values[MOST], step;
			size_t n = counts[c];

			for (size_t i = 0; i < n; i++) {
				double u = uniform(&seed);
				size_t pile = 0;

				while (u > odds[pile])
					pile++;
				values[i] = log(piles[pile]) +
					0.0004 * normal(&seed);
			}
			sort_reals(values, n);
			step = launch_step(values, n);
			if (step < 0.02 || step > 0.055)
				fail_msg(
					"n = %zu: step %g, not 0.025", n, step);
		}
}

static void test_no_steps(void **state)
{
	static const size_t counts[] = {12, 17, 30, 60};
	uint64_t seed = 6;

	(void)state;
	for (size_t s = 0; s < COUNT(shapes); s++)
		for (size_t c = 0; c < COUNT(counts); c++) {
			size_t seen = 0;

			for (int try = 0; try < 1000; try++) {
				double values[MOST];

				for (size_t i = 0; i < counts[c]; i++)
					values[i] = shapes[s].draw(&seed);
				sort_reals(values, counts[c]);
				seen += launch_step(values, counts[c]) > 0;
			}
			/* Cauchy's values have gaps of any size. */
			if (seen > 25)
				fail_msg("%s, n = %zu: steps in %zu of 1000",
					shapes[s].name, counts[c], seen);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_coverage),
		cmocka_unit_test(test_widths),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_no_steps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
