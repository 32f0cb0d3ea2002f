// SPDX-License-Identifier: MIT
//
// The binomial distribution and what the sign test makes of it.
#include <math.h>

#include "statistics.h"

static double log_factorial(size_t n)
{
	int sign;

	/* lgamma writes a global. */
	return lgamma_r((double)n + 1, &sign);
}

/* P(X ≤ k) for k at or below the mean: from its largest term downwards. The
 * first comes by logarithms, as 2^-n is 0 from n = 1075 on. */
static double lower_tail(size_t n, size_t k, double p)
{
	double term =
		exp(log_factorial(n) - log_factorial(k) - log_factorial(n - k) +
			(double)k * log(p) + (double)(n - k) * log1p(-p));
	double sum = term;

	for (size_t i = k; i > 0 && term > sum * 1e-18; i--) {
		term *= (double)i / (double)(n - i + 1) * ((1 - p) / p);
		sum += term;
	}
	return sum;
}

double binomial_cdf(size_t n, size_t k, double p)
{
	if (k >= n)
		return 1;
	if ((double)k <= (double)n * p)
		return fmin(1, lower_tail(n, k, p));
	return 1 - lower_tail(n, n - k - 1, 1 - p);
}

void binomial_band(size_t n, double p, double alpha, size_t *low, size_t *high)
{
	size_t k = 0;

	while (k < n && binomial_cdf(n, k, p) <= alpha / 2)
		k++;
	*low = k;
	while (k < n && binomial_cdf(n, k, p) < 1 - alpha / 2)
		k++;
	*high = k;
}

/* Probability that the interval from the rank-th value to the rank-th from
 * the end misses the median. */
static double miss(size_t n, size_t rank)
{
	return fmin(1, 2 * binomial_cdf(n, rank - 1, 0.5));
}

size_t sign_interval(size_t n, double alpha, double *level)
{
	size_t low = 0, high = n / 2; /* low is good, above high none is */

	while (low < high) {
		size_t middle = high - (high - low) / 2;

		if (miss(n, middle) <= alpha)
			low = middle;
		else
			high = middle - 1;
	}
	*level = low ? 1 - miss(n, low) : 0;
	return low;
}

double sign_half_width(double deviation, size_t n, double alpha)
{
	double count = (double)n, outer, inner;
	size_t rank;
	double inwards = sign_interpolation(n, alpha, &rank);

	if (rank == 0)
		return NAN;
	outer = normal_quantile(
		(count - (double)rank + 1 - 0.375) / (count + 0.25));
	inner = normal_quantile(
		(count - (double)rank - 0.375) / (count + 0.25));
	return deviation * (outer + inwards * (inner - outer));
}

size_t sign_interval_least(double alpha)
{
	size_t n = 2;
	double level;

	while (sign_interval(n, alpha, &level) == 0)
		n++;
	return n;
}

double sign_test(size_t below, size_t at, size_t above)
{
	size_t n = below + at + above;
	size_t fewer = (below < above ? below : above) + (at + 1) / 2;

	if (2 * fewer >= n)
		return 1;
	return fmin(1, 2 * binomial_cdf(n, fewer, 0.5));
}
