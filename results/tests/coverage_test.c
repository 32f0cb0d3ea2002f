// SPDX-License-Identifier: MIT
//
// The sign interval over 30 launches misses the truth as often as it says,
// whatever the values look like: 4000 simulated experiments each, held
// against the central 99.9 % of the binomial distribution at that rate.
#include "check.h"
#include "comparing.h"
#include "statistics.h"

#define LAUNCHES 30
#define EXPERIMENTS 4000

/* All have median 0. */
static double normal_value(double u)
{
	return normal_quantile(u);
}

static double skewed_value(double u)
{
	return -log(u) - M_LN2;
}

static double wild_value(double u)
{
	return tan(M_PI * (u - 0.5)); /* Cauchy */
}

static size_t count_misses(double (*value)(double u), uint64_t seed)
{
	double values[2 * LAUNCHES];
	size_t misses = 0;

	for (int experiment = 0; experiment < EXPERIMENTS; experiment++) {
		struct comparison result;

		for (int i = 0; i < LAUNCHES; i++)
			values[i] = 0.01 * value(random_real(&seed));
		estimate_paired(&result, values, LAUNCHES, 0.05);
		misses += result.ci_low > 1 || result.ci_high < 1;
	}
	return misses;
}

static void test_coverage(void **state)
{
	static const struct {
		const char *name;
		double (*value)(double u);
	} cases[] = {
		{"normal", normal_value},
		{"skewed", skewed_value},
		{"wild", wild_value},
	};
	double level;

	(void)state;
	/* An interpolated interval covers about what it says. */
	level = 0.95;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t misses = count_misses(cases[i].value, 11 + i);
		double p = binomial_cdf(EXPERIMENTS, misses, 1 - level);

		if (p < 0.0005 || p > 0.9995)
			fail_msg("%s: %zu misses of %d, where %.1f are due",
				cases[i].name, misses, EXPERIMENTS,
				EXPERIMENTS * (1 - level));
	}
}

/* The same of two unpaired samples, 15 and 20 launches, no shift. */
static void test_shift_coverage(void **state)
{
	double x[15], y[20], p, level = 0;
	size_t misses = 0;
	uint64_t seed = 21;

	(void)state;
	for (int experiment = 0; experiment < EXPERIMENTS; experiment++) {
		struct shift shift;

		for (int i = 0; i < 15; i++)
			x[i] = skewed_value(random_real(&seed));
		for (int i = 0; i < 20; i++)
			y[i] = skewed_value(random_real(&seed));
		sort_reals(x, 15);
		sort_reals(y, 20);
		mann_whitney(&shift, x, 15, y, 20, 0.05);
		misses += shift.low > 0 || shift.high < 0;
		level = shift.level;
	}
	p = binomial_cdf(EXPERIMENTS, misses, 1 - level);
	if (p < 0.0005 || p > 0.9995)
		fail_msg("%zu misses of %d, where %.1f are due", misses,
			EXPERIMENTS, EXPERIMENTS * (1 - level));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_coverage),
		cmocka_unit_test(test_shift_coverage),
	};

	return cmocka_run_group_tests_name("coverage", tests, NULL, NULL);
}
