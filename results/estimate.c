// SPDX-License-Identifier: MIT
//
// From launch medians on the log scale to a ratio with its interval and p.
#include <math.h>
#include <string.h>

#include "comparing.h"
#include "statistics.h"

/* Spread of the values; `scratch` has room for them. */
static double spread(double *scratch, const double *values, size_t n)
{
	memcpy(scratch, values, n * sizeof(*values));
	return mad_deviation(scratch, n);
}

/* Sign test of the sorted values against no difference. */
static double test_signs(const double *sorted, size_t n)
{
	size_t below = 0, up_to = 0;

	while (below < n && sorted[below] < 0)
		below++;
	for (up_to = below; up_to < n && sorted[up_to] <= 0;)
		up_to++;
	return sign_test(below, up_to - below, n - up_to);
}

void estimate_paired(
	struct comparison *comparison, double *values, size_t n, double alpha)
{
	double level, low, high;
	size_t rank = sign_interval(n, alpha, &level);

	comparison->launches = n;
	comparison->ratio = exp(median(values, n)); /* sorts them */
	comparison->p_raw = test_signs(values, n);
	comparison->p_least = n ? ldexp(1, 1 - (int)(n < 1000 ? n : 1000)) : 1;
	comparison->exact_level = rank ? level : NAN;
	comparison->exact_low = rank ? exp(values[rank - 1]) : NAN;
	comparison->exact_high = rank ? exp(values[n - rank]) : NAN;
	sign_interpolated(values, n, alpha, &low, &high);
	comparison->step = launch_step(values, n);
	comparison->ci_level = rank ? 1 - alpha : NAN;
	/* A verdict is no finer than the step in which launches differ. */
	comparison->ci_low = exp(low - comparison->step / 2);
	comparison->ci_high = exp(high + comparison->step / 2);
	comparison->hodges_lehmann = exp(hodges_lehmann(values, n));
	comparison->sigma = spread(values + n, values, n);
}

void estimate_unpaired(struct comparison *comparison, double *x, size_t n,
	double *y, size_t m, double alpha)
{
	double effect = -median(x, n);
	double sigma = spread(y + m, x, n);
	struct shift shift;

	effect += median(y, m);
	mann_whitney(&shift, x, n, y, m, alpha);
	comparison->launches = n < m ? n : m;
	comparison->ratio = exp(effect);
	comparison->p_raw = shift.p;
	comparison->ci_level = shift.level > 0 ? shift.level : NAN;
	comparison->ci_low = comparison->exact_low = exp(shift.low);
	comparison->ci_high = comparison->exact_high = exp(shift.high);
	comparison->exact_level = comparison->ci_level;
	comparison->p_least = mann_whitney_least(n, m);
	comparison->hodges_lehmann = exp(shift.estimate);
	/* Of a difference: the launches that are needed are those of each
	 * run. */
	comparison->sigma = hypot(sigma, spread(y + m, y, m));
}
