// SPDX-License-Identifier: MIT
//
// Order statistics of pairs: Hodges-Lehmann and Mann-Whitney, against
// expected.py and against making all the pairs.
#include "check.h"
#include "statistics.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Sorted samples of expected.py. */
static const double x_sample[] = {0.7, 1.1, 2.2, 2.3, 3.3, 5.9, 9.9};
static const double y_sample[] = {2.9, 4.4, 6.1, 7.7, 8.3, 12.5};

static void test_hodges_lehmann(void **state)
{
	static const double six[] = {0.7, 1.1, 2.2, 2.3, 3.3, 5.9};

	(void)state;
	check_close("of 7", hodges_lehmann(x_sample, 7), 3.05, 1e-15);
	check_close("of 6", hodges_lehmann(six, 6), 2.25, 1e-15);
	check_close("of 1", hodges_lehmann(six, 1), 0.7, 0);
	check_close("of 0", hodges_lehmann(six, 0), NAN, 0);
}

static void test_hodges_lehmann_brute(void **state)
{
	double values[60], sums[60 * 61 / 2];
	uint64_t seed = 3;

	(void)state;
	for (size_t n = 1; n <= 60; n++) {
		size_t count = 0;

		for (size_t i = 0; i < n; i++) /* with ties, both signs */
			values[i] = floor(20 * random_real(&seed) - 10) / 8;
		sort_reals(values, n);
		for (size_t i = 0; i < n; i++)
			for (size_t j = i; j < n; j++)
				sums[count++] = (values[i] + values[j]) / 2;
		check_close("Hodges-Lehmann", hodges_lehmann(values, n),
			median(sums, count), 0);
	}
}

static void check_shift(const struct shift *got, const struct shift *want)
{
	check_close("p", got->p, want->p, 1e-12);
	check_close("low", got->low, want->low, 1e-12);
	check_close("high", got->high, want->high, 1e-12);
	check_close("level", got->level, want->level, 1e-12);
	check_close("estimate", got->estimate, want->estimate, 1e-12);
}

static void test_exact(void **state)
{
	static const double counted[] = {1, 2, 3, 4, 5, 6, 7};
	static const struct shift large = {
		0.07342657342657342, -1.5, 7.2, 0.965034965034965, 3.5};
	static const struct shift tiny = {0.3333333333333333, NAN, NAN, 0, 2};
	static const struct shift small = {
		0.05714285714285714, NAN, NAN, 0, 3.5};
	static const struct shift none = {1, NAN, NAN, 0, NAN};
	struct shift got;

	(void)state;
	mann_whitney(&got, x_sample, 7, y_sample, 6, 0.05);
	check_shift(&got, &large);
	mann_whitney(&got, counted, 2, counted + 2, 2, 0.05);
	check_shift(&got, &tiny);
	mann_whitney(&got, counted, 3, counted + 3, 4, 0.05);
	check_shift(&got, &small);
	mann_whitney(&got, counted, 3, counted, 0, 0.05);
	check_shift(&got, &none);
}

static void test_ties(void **state)
{
	static const double x[] = {1, 2, 2, 3, 5}, y[] = {2, 3, 4, 6, 7, 7};
	static const double same[] = {4, 4, 4, 4, 4, 4, 4};
	struct shift got;

	(void)state;
	mann_whitney(&got, x, 5, y, 6, 0.05);
	check_close("p with ties", got.p, 0.09570475117488142, 1e-12);
	mann_whitney(&got, same, 7, same, 7, 0.05);
	check_close("p of equal values", got.p, 1, 0);
	check_close("their shift", got.estimate, 0, 0);
	check_close("its bound", got.low, 0, 0);
}

static void test_approximation(void **state)
{
	static const struct shift want = {
		0.005040690620242705, 0.55, 2.85, 0.950446224353221, 1.75};
	double x[60], y[70];
	struct shift got;

	(void)state;
	for (int i = 0; i < 60; i++)
		x[i] = i * 37 % 101 / 10.0;
	for (int i = 0; i < 70; i++)
		y[i] = i * 53 % 113 / 10.0 + 1.05;
	sort_reals(x, 60);
	sort_reals(y, 70);
	mann_whitney(&got, x, 60, y, 70, 0.05);
	check_shift(&got, &want);
}

/* At the border of the two ways they agree: 50 values, and the same with one
 * in the middle twice. */
static void test_border(void **state)
{
	double x[50], y[51];
	uint64_t seed = 4;
	struct shift exact, approximate;

	(void)state;
	for (int i = 0; i < 50; i++) {
		x[i] = random_real(&seed);
		y[i] = random_real(&seed) + 0.1;
	}
	sort_reals(x, 50);
	sort_reals(y, 50);
	mann_whitney(&exact, x, 50, y, 50, 0.05);
	y[50] = y[25];
	sort_reals(y, 51);
	mann_whitney(&approximate, x, 50, y, 51, 0.05);
	check_close("p", approximate.p, exact.p, 0.02);
	check_close("level", approximate.level, exact.level, 1e-3);
	check_close("low", approximate.low, exact.low, 0.01);
	check_close("high", approximate.high, exact.high, 0.01);
}

/* Swapping the samples turns everything round and keeps p. */
static void test_swap(void **state)
{
	double x[80], y[80];
	uint64_t seed = 5;
	struct shift one, other;

	(void)state;
	for (int trial = 0; trial < 60; trial++) {
		size_t n = 4 + random_bits(&seed) % 76;
		size_t m = 4 + random_bits(&seed) % 76;

		for (size_t i = 0; i < 80; i++) {
			x[i] = random_real(&seed) - 0.5;
			y[i] = random_real(&seed) - 0.4;
		}
		sort_reals(x, n);
		sort_reals(y, m);
		mann_whitney(&one, x, n, y, m, 0.05);
		mann_whitney(&other, y, m, x, n, 0.05);
		check_close("p", other.p, one.p, 1e-12);
		check_close("low", other.low, -one.high, 0);
		check_close("high", other.high, -one.low, 0);
		check_close("estimate", other.estimate, -one.estimate, 0);
		check_close("level", other.level, one.level, 1e-12);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hodges_lehmann),
		cmocka_unit_test(test_hodges_lehmann_brute),
		cmocka_unit_test(test_exact),
		cmocka_unit_test(test_ties),
		cmocka_unit_test(test_approximation),
		cmocka_unit_test(test_border),
		cmocka_unit_test(test_swap),
	};

	return cmocka_run_group_tests_name("shift", tests, NULL, NULL);
}
