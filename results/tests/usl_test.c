// SPDX-License-Identifier: MIT
//
// The scalability law on data that were made from it, and on data that it
// does not fit.
#include "check.h"
#include "usl.h"

enum { POINTS = 7 };

static const double threads[POINTS] = {1, 2, 4, 8, 16, 32, 64};

static void known_law(void **state)
{
	static const struct usl cases[] = {
		{10, 0.02, 0.0001, 0}, {10, 0.3, 0.01, 0}, {1e-3, 0, 0.002, 0},
		{2e6, 0.5, 0, 0}, {7, 0, 0, 0},
		{7, 1, 0, 0}, /* threads that only take turns */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		double rates[POINTS];
		struct usl fit;

		for (size_t k = 0; k < POINTS; k++)
			rates[k] = usl_rate(&cases[i], threads[k]);
		assert_int_equal(usl_fit(&fit, threads, rates, POINTS), 0);
		check_close("gamma", fit.gamma / cases[i].gamma, 1, 1e-9);
		check_close("alpha", fit.alpha, cases[i].alpha, 1e-9);
		check_close("beta", fit.beta, cases[i].beta, 1e-9);
		check_close("error", fit.error, 0, 1e-9);
	}
}

/* The sum of squares that is to be least. */
static double misfit(const struct usl *law, const double *rates)
{
	double sum = 0;

	for (size_t i = 0; i < POINTS; i++) {
		double left = 1 - rates[i] / usl_rate(law, threads[i]);

		sum += left * left;
	}
	return sum;
}

/* Rates at random, many of which grow faster than threads do: nothing near by
 * that is allowed is better. */
static void best_of_what_is_allowed(void **state)
{
	static const double steps[] = {-1e-3, 0, 1e-3};
	uint64_t random = 1;
	size_t zero_alpha = 0, zero_beta = 0;

	(void)state;
	for (unsigned run = 0; run < 300; run++) {
		double rates[POINTS], least;
		struct usl fit;

		for (size_t i = 0; i < POINTS; i++)
			rates[i] =
				threads[i] * exp(2 * random_real(&random) - 1);
		assert_int_equal(usl_fit(&fit, threads, rates, POINTS), 0);
		check_true("gamma > 0", fit.gamma > 0);
		check_true(
			"alpha and beta >= 0", fit.alpha >= 0 && fit.beta >= 0);
		zero_alpha += fit.alpha <= 0;
		zero_beta += fit.beta <= 0;
		least = misfit(&fit, rates);
		check_close(
			"error", fit.error * fit.error * POINTS, least, 1e-9);
		for (unsigned k = 0; k < 27; k++) {
			struct usl near = {fit.gamma * (1 + steps[k % 3]),
				fit.alpha + steps[k / 3 % 3],
				fit.beta + steps[k / 9] / 64, 0};

			if (near.alpha >= 0 && near.beta >= 0 &&
				misfit(&near, rates) < least * (1 - 1e-12))
				fail_msg("run %u: better at step %u", run, k);
		}
	}
	check_true("alpha is held at 0 in some", zero_alpha > 20);
	check_true("beta is held at 0 in some", zero_beta > 20);
}

static void not_enough(void **state)
{
	static const double same[] = {4, 4, 4, 4}, two[] = {1, 2, 1, 2};
	static const double rates[] = {1, 2, 3, 4};
	struct usl fit;

	(void)state;
	assert_int_equal(usl_fit(&fit, threads, rates, 0), -1);
	assert_int_equal(usl_fit(&fit, threads, rates, 2), -1);
	assert_int_equal(usl_fit(&fit, same, rates, 4), -1);
	assert_int_equal(usl_fit(&fit, two, rates, 4), -1);
	assert_int_equal(usl_fit(&fit, threads, rates, 3), 0);
}

static void peak(void **state)
{
	static const struct {
		struct usl law;
		double peak;
	} cases[] = {
		{{1, 0.19, 0.01, 0}, 9},
		{{1, 0, 0.04, 0}, 5},
		{{1, 0.5, 0, 0}, NAN},
		{{1, 1.5, 0.01, 0}, 1},
		{{1, 0, 4, 0}, 1},
		{{NAN, NAN, NAN, NAN}, NAN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check_close(
			"peak", usl_peak(&cases[i].law), cases[i].peak, 1e-12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_law),
		cmocka_unit_test(best_of_what_is_allowed),
		cmocka_unit_test(not_enough),
		cmocka_unit_test(peak),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
