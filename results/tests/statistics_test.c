// SPDX-License-Identifier: MIT
//
// The statistics against figures worked out by expected.py, and what must
// hold for any values.
#include "check.h"
#include "statistics.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const double sample[] = {1.1, 2.3, 0.7, 5.9, 3.3, 2.2, 9.9};

static void test_median(void **state)
{
	static const struct {
		size_t n;
		double values[5], want;
	} cases[] = {
		{0, {0}, NAN},
		{1, {4}, 4},
		{2, {4, 1}, 2.5},
		{3, {9, -1, 2}, 2},
		{4, {4, 1, 3, 2}, 2.5},
		{5, {1, 1, 1, 7, 7}, 1},
		{2, {1.7e308, 1.6e308}, 1.65e308},
	};
	double values[5];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		memcpy(values, cases[i].values, sizeof(values));
		check_close("median", median(values, cases[i].n), cases[i].want,
			1e-15);
	}
}

static void test_median_of_many(void **state)
{
	enum { MANY = 10001 };
	static double values[MANY];
	uint64_t seed = 1;

	(void)state;
	for (size_t i = 0; i < MANY; i++)
		values[i] = (double)i;
	for (size_t i = MANY - 1; i > 0; i--) {
		size_t j = random_bits(&seed) % (i + 1);
		double value = values[i];

		values[i] = values[j];
		values[j] = value;
	}
	check_close("median of 0 to 10000", median(values, MANY), 5000, 0);
}

static void test_mad_deviation(void **state)
{
	double values[COUNT(sample)], normal[2001];

	(void)state;
	memcpy(values, sample, sizeof(sample));
	check_close("MAD deviation", mad_deviation(values, COUNT(sample)),
		1.779122662206722, 1e-14);
	check_close("of one value", mad_deviation(values, 1), NAN, 0);
	for (int i = 0; i < 2001; i++)
		normal[i] = 3 * normal_quantile((i + 0.5) / 2001);
	check_close("of normal values with deviation 3",
		mad_deviation(normal, 2001), 3, 1e-3);
}

static void test_geometric_mean(void **state)
{
	static const double values[] = {1, 2, 4, 8, 1.5};

	(void)state;
	check_close("geometric mean", geometric_mean(values, 5),
		2.491461879231035, 1e-14);
	check_close("of none", geometric_mean(values, 0), NAN, 0);
}

static void test_binomial(void **state)
{
	static const struct {
		size_t n, k;
		double p, want;
	} cases[] = {
		{400, 9, 0.0428, 0.02235105508235006},
		{20, 0, 0.25, 0.0031712119389339932},
		{20, 15, 0.25, 0.9999996134683897},
		{20, 20, 0.25, 1},
		{20000, 9800, 0.5, 0.002390444727951322},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		check_close("binomial",
			binomial_cdf(cases[i].n, cases[i].k, cases[i].p) /
				cases[i].want,
			1, 1e-9);
	check_close("symmetry at n = 100001", binomial_cdf(100001, 50000, 0.5),
		0.5, 1e-8);
}

static void test_binomial_band(void **state)
{
	static const struct {
		size_t n;
		double p, alpha;
		size_t low, high;
	} cases[] = {
		{200, 0.0428, 0.05, 3, 15},
		{200, 0.03857, 0.05, 3, 13},
		{60, 0.03857, 0.05, 0, 6},
		{100, 0.5, 0.05, 40, 60},
		{1, 0.0428, 0.05, 0, 1},
		{2, 0.1, 0.05, 0, 1},
		{1000, 0.02, 0.05, 12, 29},
		{200, 0.0428, 0.01, 2, 17},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t low, high;

		binomial_band(
			cases[i].n, cases[i].p, cases[i].alpha, &low, &high);
		if (low != cases[i].low || high != cases[i].high)
			fail_msg("n = %zu, p = %g: %zu to %zu, not %zu to %zu",
				cases[i].n, cases[i].p, low, high, cases[i].low,
				cases[i].high);
	}
}

static void test_normal_quantile(void **state)
{
	static const double cases[][2] = {
		{1e-10, -6.361340902404056},
		{0.2, -0.8416212335729142},
		{0.5, 0},
		{0.75, 0.6744897501960817},
		{0.9, 1.2815515655446008},
		{0.975, 1.9599639845400536},
		{0.995, 2.5758293035489},
		{1 - 1e-6, 4.753424308817089},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		check_close("quantile", normal_quantile(cases[i][0]),
			cases[i][1], 1e-13);
}

static void test_sign_interval(void **state)
{
	static const struct {
		size_t n;
		double alpha;
		size_t rank;
		double level;
	} cases[] = {
		{0, 0.05, 0, 0},
		{1, 0.05, 0, 0},
		{5, 0.05, 0, 0},
		{6, 0.05, 1, 0.96875},
		{10, 0.05, 2, 0.978515625},
		{30, 0.05, 10, 0.9572260547429323},
		{32, 0.05, 10, 0.9799383929930627},
		{100, 0.05, 40, 0.9647997997822951},
		{1000, 0.05, 469, 0.9537088026395019},
		{7, 0.01, 0, 0},
		{8, 0.01, 1, 0.9921875},
		{30, 0.01, 8, 0.9947771206498146},
	};
	double level;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(
			sign_interval(cases[i].n, cases[i].alpha, &level),
			cases[i].rank);
		check_close("level", level, cases[i].level, 1e-12);
	}
	assert_int_equal(sign_interval_least(0.05), 6);
	assert_int_equal(sign_interval_least(0.01), 8);
}

/* The rank is the largest that is allowed, for every n. */
static void test_sign_interval_is_tight(void **state)
{
	(void)state;
	for (size_t n = 1; n <= 3000; n += n < 100 ? 1 : 97) {
		double level;
		size_t rank = sign_interval(n, 0.05, &level);

		if (rank > 0 && level < 0.95 - 1e-12)
			fail_msg("n = %zu: rank %zu has level %.17g", n, rank,
				level);
		if (2 * binomial_cdf(n, rank, 0.5) <= 0.05)
			fail_msg("n = %zu: rank %zu would do too", n, rank + 1);
	}
}

/* Places by Blom's formula, quantiles by Python's statistics.NormalDist. */
static void test_sign_half_width(void **state)
{
	static const struct {
		size_t n;
		double want;
	} cases[] = {
		{6, 1.053620794061856},
		{18, 0.5794007341845466},
		{30, 0.4520190628571313},
		{60, 0.3193059736221536},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		check_close("half width", sign_half_width(2, cases[i].n, 0.05),
			2 * cases[i].want, 1e-11);
	check_true("no interval", isnan(sign_half_width(1, 5, 0.05)));
	check_true("nothing known", isnan(sign_half_width(NAN, 30, 0.05)));
}

static void test_sign_test(void **state)
{
	static const struct {
		size_t below, at, above;
		double want;
	} cases[] = {
		{0, 0, 0, 1},
		{0, 0, 5, 0.0625},
		{0, 0, 6, 0.03125},
		{9, 0, 21, 0.04277394525706768},
		{10, 0, 20, 0.09873714670538902},
		{15, 0, 15, 1},
		{3, 4, 23, 0.00032491423189640045},
		{3, 3, 24, 0.00032491423189640045},
		{0, 994, 6, 0.8743771989151845},
		{400, 0, 600, 2.7284641560660184e-10},
		{9800, 0, 10200, 0.004780889455902644},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		double got =
			sign_test(cases[i].below, cases[i].at, cases[i].above);

		check_close("sign test", got / cases[i].want, 1, 1e-10);
		check_close("with the sides swapped",
			sign_test(cases[i].above, cases[i].at, cases[i].below),
			got, 0);
	}
	check_true("p of 100000 launches on one side is in [0, 1e-300]",
		sign_test(0, 0, 100000) >= 0 &&
			sign_test(0, 0, 100000) < 1e-300);
}

static void test_launches_needed(void **state)
{
	static const struct {
		double effect, sigma;
		size_t family, low, high;
	} cases[] = {
		/* Equal: the interval has to fit into 2 %. */
		{0, 0.02, 100, 17, 60},
		{0, 0.1, 100, 400, 1700},
		/* Far beyond: all launches on one side, and the floor of the
		 * correction. */
		{0.5, 0.01, 1, 6, 8},
		{0.5, 0.01, 100, 12, 13},
		{0.5, 0.01, 714, 15, 16},
		/* At the margin: the difference alone can be shown. */
		{0.0198, 0.02, 100, 40, 400},
		{0, 0, 100, 12, 12},
		{0, NAN, 100, 0, 0},
		{0, 1e9, 100, 1000000, 1000000},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct needed needed = {.effect = cases[i].effect,
			.sigma = cases[i].sigma,
			.launches = 17,
			.margin = 0.02,
			.alpha = 0.05,
			.family = cases[i].family};
		size_t got = launches_needed(&needed);

		if (got < cases[i].low || got > cases[i].high)
			fail_msg("effect %g, sigma %g, %zu comparisons: %zu, "
				 "not %zu to %zu",
				cases[i].effect, cases[i].sigma,
				cases[i].family, got, cases[i].low,
				cases[i].high);
	}
}

static void test_adjustments(void **state)
{
	static const double p[] = {.01, .04, .03, .005, .5, .03};
	static const double holm[] = {.05, .12, .12, .03, .5, .12};
	static const double bh[] = {.03, .048, .045, .03, .5, .045};
	double got[6];

	(void)state;
	assert_int_equal(adjust_holm(got, p, 6), 0);
	for (size_t i = 0; i < 6; i++)
		check_close("Holm", got[i], holm[i], 1e-15);
	assert_int_equal(adjust_bh(got, p, 6), 0);
	for (size_t i = 0; i < 6; i++)
		check_close("Benjamini-Hochberg", got[i], bh[i], 1e-15);
	assert_int_equal(adjust_holm(got, p, 0), 0);
	assert_int_equal(adjust_bh(got, p, 0), 0);
}

static void check_adjusted(
	const double *p, const double *holm, const double *bh, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!(p[i] <= bh[i] && bh[i] <= holm[i] && holm[i] <= 1))
			fail_msg(
				"raw %g, BH %g, Holm %g", p[i], bh[i], holm[i]);
		for (size_t j = 0; j < n; j++)
			if (p[i] < p[j] && (holm[i] > holm[j] || bh[i] > bh[j]))
				fail_msg("%g < %g, but Holm %g and %g, BH %g "
					 "and %g",
					p[i], p[j], holm[i], holm[j], bh[i],
					bh[j]);
	}
}

/* raw ≤ Benjamini-Hochberg ≤ Holm ≤ 1, and none changes the order. */
static void test_adjustments_for_any_p(void **state)
{
	double p[40], holm[40], bh[40];
	uint64_t seed = 2;

	(void)state;
	for (int trial = 0; trial < 500; trial++) {
		size_t n = 1 + random_bits(&seed) % 40;

		for (size_t i = 0; i < n; i++)
			p[i] = pow(random_real(&seed), 3);
		p[0] = trial % 2 ? 1 : p[n - 1];
		assert_int_equal(adjust_holm(holm, p, n), 0);
		assert_int_equal(adjust_bh(bh, p, n), 0);
		check_adjusted(p, holm, bh, n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_median),
		cmocka_unit_test(test_median_of_many),
		cmocka_unit_test(test_mad_deviation),
		cmocka_unit_test(test_geometric_mean),
		cmocka_unit_test(test_binomial),
		cmocka_unit_test(test_binomial_band),
		cmocka_unit_test(test_normal_quantile),
		cmocka_unit_test(test_sign_interval),
		cmocka_unit_test(test_sign_interval_is_tight),
		cmocka_unit_test(test_sign_half_width),
		cmocka_unit_test(test_sign_test),
		cmocka_unit_test(test_launches_needed),
		cmocka_unit_test(test_adjustments),
		cmocka_unit_test(test_adjustments_for_any_p),
	};

	return cmocka_run_group_tests_name("statistics", tests, NULL, NULL);
}
