// SPDX-License-Identifier: MIT
//
// Intervals of geometric means over cells: as a plain resampling has them, and
// with the truth inside about as often as they say.
#include <stdbool.h>

#include "check.h"
#include "statistics.h"
#include "summing.h"

enum { PASSES = 20, MOST = 30, CELLS = 5, EXPERIMENTS = 500 };

static const struct compare_options options = {
	.baseline = "none", .metric = "ns_per_op", .margin = 0.02};

static struct summing summing;
static struct summary summary;

static void start(void)
{
	summary_finish(&summary);
	summing_finish(&summing);
}

static int finish(void **state)
{
	(void)state;
	start();
	return 0;
}

static void add(unsigned cell, const char *variant, const double *values,
	const uint32_t *launches, size_t n)
{
	char name[64];

	snprintf(name, sizeof(name), "pair,size=%u/system/t1", cell);
	assert_int_equal(
		summing_add(&summing, name, variant, values, launches, n), 0);
}

static void conclude(void)
{
	assert_int_equal(summing_rows(&summing, &summary, &options), 0);
	assert_int_equal(summing_intervals(&summing, &summary, 0.05), 0);
}

static double normal(uint64_t *seed)
{
	return normal_quantile(random_real(seed));
}

/* The first cell has every second launch only. */
static const struct {
	size_t n;
	uint32_t step;
} plain_cells[] = {{10, 2}, {20, 1}, {20, 1}};

/* Medians of what is drawn, put together one by one. */
static double plain_mean(
	double values[3][20], const uint32_t drawn[20], size_t passes)
{
	double sum = 0;

	for (size_t c = 0; c < 3; c++) {
		double sample[20];
		size_t n = 0;

		for (size_t i = 0; i < passes; i++)
			if (drawn[i] % plain_cells[c].step == 0)
				sample[n++] = values[c][drawn[i] /
					plain_cells[c].step];
		sum += median(sample, n);
	}
	return sum / 3;
}

/* The launches' numbers have gaps, and stand in the order of the run. */
static void test_plain_resampling(void **state)
{
	static double means[SUMMARY_RESAMPLES];
	double values[3][20], middle = 0;
	uint32_t launches[20], drawn[20];
	uint64_t seed = 5, draw = SUMMARY_SEED;

	(void)state;
	for (unsigned c = 0; c < 3; c++) {
		double copy[20];
		size_t n = plain_cells[c].n;

		for (uint32_t i = 0; i < n; i++) {
			launches[i] = 7 + 3 * i * plain_cells[c].step;
			copy[i] = values[c][i] = normal(&seed);
		}
		add(c, "tls", values[c], launches, n);
		middle += median(copy, n) / 3;
	}
	conclude();
	for (size_t b = 0; b < SUMMARY_RESAMPLES; b++) {
		for (int i = 0; i < 20; i++)
			drawn[i] = (uint32_t)((random_bits(&draw) >> 32) * 20 >>
				32);
		means[b] = plain_mean(values, drawn, 20);
	}
	sort_reals(means, SUMMARY_RESAMPLES);
	assert_int_equal(summary.count, 3);
	for (size_t i = 0; i < summary.count; i++) {
		const struct summary_row *row = &summary.rows[i];

		check_close("ratio", row->ratio, exp(middle), 1e-12);
		check_close("low", row->ci_low,
			exp(means[SUMMARY_RESAMPLES / 40]), 1e-12);
		check_close("high", row->ci_high,
			exp(means[SUMMARY_RESAMPLES - 1 -
				SUMMARY_RESAMPLES / 40]),
			1e-12);
		assert_int_equal(row->launches, 50);
		assert_int_equal(row->least_launches, 10);
	}
}

/* Of one cell the interval ends within two launches of where the sign test's
 * does. */
static void test_like_the_sign_test(void **state)
{
	double values[PASSES], level;
	uint32_t launches[PASSES];
	uint64_t seed = 3;
	size_t rank = sign_interval(PASSES, 0.05, &level);

	(void)state;
	for (uint32_t i = 0; i < PASSES; i++) {
		values[i] = normal(&seed);
		launches[i] = i;
	}
	add(0, "tls", values, launches, PASSES);
	conclude();
	sort_reals(values, PASSES);
	check_true("low",
		summary.rows[0].ci_low >= exp(values[rank - 3]) &&
			summary.rows[0].ci_low <= exp(values[rank + 1]));
	check_true("high",
		summary.rows[0].ci_high <= exp(values[PASSES - rank + 2]) &&
			summary.rows[0].ci_high >=
				exp(values[PASSES - rank - 2]));
}

/* A variant that is another's multiple in each launch: one draw serves all. */
static void test_drawn_together(void **state)
{
	double values[PASSES], doubled[PASSES];
	uint32_t launches[PASSES];
	uint64_t seed = 9;

	(void)state;
	for (unsigned c = 0; c < 3; c++) {
		for (uint32_t i = 0; i < PASSES; i++) {
			values[i] = normal(&seed);
			doubled[i] = 2 * values[i];
			launches[i] = i;
		}
		add(c, "tls", values, launches, PASSES);
		add(c, "atomic", doubled, launches, PASSES);
	}
	conclude();
	check_close("low", log(summary.rows[1].ci_low),
		2 * log(summary.rows[0].ci_low), 1e-12);
	check_close("high", log(summary.rows[1].ci_high),
		2 * log(summary.rows[0].ci_high), 1e-12);
}

static double skewed(uint64_t *seed)
{
	return -log(random_real(seed)) - M_LN2;
}

static double wild(uint64_t *seed)
{
	return tan(M_PI * (random_real(seed) - 0.5));
}

/* Both ways with the same chance, as launches whose addresses fall two ways. */
static double two_layouts(uint64_t *seed)
{
	return (random_real(seed) < 0.5 ? -1 : 1) + 0.1 * normal(seed);
}

static const struct truth {
	const char *name;
	double (*value)(uint64_t *seed);
	double common; /* how much of it a pass does to all cells */
	unsigned extra; /* launches more, in every second cell */
} truths[] = {
	{"normal", normal, 0, 0},
	{"a pass in common", normal, 1, 0},
	{"a pass in common, and more launches", normal, 1, MOST - PASSES},
	{"skewed", skewed, 0, 0},
	{"wild", wild, 0, 0},
	{"two layouts", two_layouts, 0, 0},
};

static bool misses(const struct truth *truth, uint64_t *seed)
{
	double pass[MOST], values[MOST];
	uint32_t launches[MOST];

	start();
	for (uint32_t i = 0; i < MOST; i++) {
		pass[i] = normal(seed);
		launches[i] = i;
	}
	for (unsigned c = 0; c < CELLS; c++) {
		unsigned n = PASSES + (c % 2 ? truth->extra : 0);

		for (unsigned i = 0; i < n; i++)
			values[i] = 0.01 *
				(truth->value(seed) +
					3 * truth->common * pass[i]);
		add(c, "again", values, launches, n);
	}
	conclude();
	return summary.rows[0].ci_low > 1 || summary.rows[0].ci_high < 1;
}

/* Experiments with identical code. Percentiles of means of medians lie a
 * little far out (2 to 4 % are missed for 5 %); they are not to lie too near,
 * and not uselessly far. */
static void test_coverage(void **state)
{
	size_t least, most, none;

	(void)state;
	binomial_band(EXPERIMENTS, 0.05, 0.001, &none, &most);
	binomial_band(EXPERIMENTS, 0.02, 0.001, &least, &none);
	for (size_t t = 0; t < sizeof(truths) / sizeof(truths[0]); t++) {
		uint64_t seed = 100 + t;
		size_t missed = 0;

		for (int i = 0; i < EXPERIMENTS; i++)
			missed += misses(&truths[t], &seed);
		printf("%s: %zu missed of %d, %zu to %zu are right\n",
			truths[t].name, missed, EXPERIMENTS, least, most);
		if (missed < least || missed > most)
			fail_msg("%s: %zu missed of %d, %zu to %zu are right",
				truths[t].name, missed, EXPERIMENTS, least,
				most);
	}
}

/* What it cannot do: few launches, all cells skewed alike. Each cell's median
 * leans the same way, and many cells make the interval narrower but not the
 * lean smaller. */
static void test_lean(void **state)
{
	uint64_t seed = 200;
	size_t missed = 0;

	(void)state;
	for (int i = 0; i < 100; i++) {
		double values[10];
		uint32_t launches[10];

		start();
		for (unsigned c = 0; c < 40; c++) {
			for (uint32_t k = 0; k < 10; k++) {
				values[k] = 0.01 * skewed(&seed);
				launches[k] = k;
			}
			add(c, "again", values, launches, 10);
		}
		conclude();
		missed += summary.rows[0].ci_low > 1;
	}
	printf("40 skewed cells of 10 launches: %zu missed of 100\n", missed);
	if (missed < 25)
		fail_msg("%zu missed of 100: docs/method.md says half", missed);
}

/* So many rows that fewer draws, or none, have to do. */
static void test_bounded(void **state)
{
	static const struct {
		unsigned workloads;
		size_t resamples;
	} cases[] = {{16000, 999}, {79998, 200}, {79999, 0}};
	static const double values[6] = {1, 2, 3, 4, 5, 6};
	static const uint32_t launches[6] = {0, 1, 2, 3, 4, 5};

	(void)state;
	for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
		start();
		for (unsigned i = 0; i < cases[k].workloads; i++) {
			char name[64];

			snprintf(name, sizeof(name), "w%u/system/t1", i);
			assert_int_equal(summing_add(&summing, name, "tls",
						 values, launches, 6),
				0);
		}
		conclude();
		assert_int_equal(summary.count, cases[k].workloads + 2);
		for (size_t i = 0; i < summary.count; i++) {
			assert_int_equal(
				summary.rows[i].resamples, cases[k].resamples);
			assert_int_equal(isnan(summary.rows[i].ci_low),
				cases[k].resamples == 0);
		}
	}
}

#define SUMMING_TEST(function)                                                 \
	cmocka_unit_test_setup_teardown(function, NULL, finish)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUMMING_TEST(test_plain_resampling),
		SUMMING_TEST(test_like_the_sign_test),
		SUMMING_TEST(test_drawn_together),
		SUMMING_TEST(test_coverage),
		SUMMING_TEST(test_lean),
		SUMMING_TEST(test_bounded),
	};

	return cmocka_run_group_tests_name("summing", tests, NULL, NULL);
}
