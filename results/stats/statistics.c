// SPDX-License-Identifier: MIT
#include "statistics.h"

#include <math.h>
#include <stdlib.h>

static int compare_reals(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

/* Insertion sort: the rounds of a launch are few, and there may be a million
 * launches of them. */
static void sort_few(double *values, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		double value = values[i];
		size_t j = i;

		for (; j > 0 && values[j - 1] > value; j--)
			values[j] = values[j - 1];
		values[j] = value;
	}
}

void sort_reals(double *values, size_t n)
{
	if (n <= 24)
		sort_few(values, n);
	else
		qsort(values, n, sizeof(*values), compare_reals);
}

static double middle_of_sorted(const double *sorted, size_t n)
{
	if (n == 0)
		return NAN;
	if (n % 2)
		return sorted[n / 2];
	return sorted[n / 2 - 1] / 2 + sorted[n / 2] / 2;
}

double median(double *values, size_t n)
{
	sort_reals(values, n);
	return middle_of_sorted(values, n);
}

double mad_deviation(double *values, size_t n)
{
	double middle;

	if (n < 2)
		return NAN;
	middle = median(values, n);
	for (size_t i = 0; i < n; i++)
		values[i] = fabs(values[i] - middle);
	/* 1 / normal_quantile(3/4) */
	return 1.4826022185056018 * median(values, n);
}

double geometric_mean(const double *values, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += log(values[i]);
	return n ? exp(sum / (double)n) : NAN;
}

double normal_quantile(double p)
{
	double tail = fmin(p, 1 - p);
	double low = -39, high = 0; /* 39 deviations out, a double is 0 */

	/* Inverts libm's erfc, which is right to the last digits far into the
	 * tail; a table of coefficients would have to be believed. */
	while (high - low > 1e-15 * -low) {
		double middle = low + (high - low) / 2;

		if (middle == low || middle == high)
			break;
		if (erfc(-middle * M_SQRT1_2) / 2 < tail)
			low = middle;
		else
			high = middle;
	}
	return p < 0.5 ? high : -high;
}
