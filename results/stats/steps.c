// SPDX-License-Identifier: MIT
//
// Values that pile up: a clock or a loop that only knows whole cycles gives
// ratios of a few sizes, and an interval between two values of one pile has no
// width.
#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include "statistics.h"

/* Fewer are no piles but values. */
#define LEAST_VALUES 15
/* That share of the range lies between the piles. */
#define SHARE_BETWEEN 0.7
#define PILES_MOST 16
/* From the least gap between piles to the largest within one. */
#define LEAST_FALL 3

/* The largest gaps of sorted values, downwards; how many. */
static size_t largest_gaps(
	const double *sorted, size_t n, size_t most, double *gaps)
{
	size_t count = 0;

	for (size_t i = 1; i < n; i++) {
		double gap = sorted[i] - sorted[i - 1];
		size_t place = count < most ? count++ : most;

		for (; place > 0 && gaps[place - 1] < gap; place--)
			if (place < most)
				gaps[place] = gaps[place - 1];
		if (place < most)
			gaps[place] = gap;
	}
	return count;
}

/* Few wild launches at the ends make large gaps of their own. */
static void inner_values(const double **sorted, size_t *n)
{
	size_t cut = *n / 10;

	*sorted += cut;
	*n -= 2 * cut;
}

/* Whether most values lie in piles, of which there are two or more: a pile has
 * at least two values and no gap of that size within. */
static bool are_piles(const double *sorted, size_t n, double gap)
{
	size_t piles = 0, piled = 0, size = 1;

	for (size_t i = 1; i <= n; i++) {
		if (i < n && sorted[i] - sorted[i - 1] < gap) {
			size++;
			continue;
		}
		piles += size >= 2;
		piled += size >= 2 ? size : 0;
		size = 1;
	}
	return piles >= 2 && 5 * piled >= 4 * n;
}

/* How many of the largest gaps lie between piles: those before the greatest
 * fall from one gap to the next. 0 where none falls by much. */
static size_t count_between(const double *gaps, size_t count)
{
	double greatest = LEAST_FALL;
	size_t between = 0;

	for (size_t i = 0; i + 1 < count; i++)
		if (gaps[i] >= greatest * gaps[i + 1]) {
			greatest = gaps[i] / fmax(gaps[i + 1], 1e-300);
			between = i + 1;
		}
	return between;
}

double launch_step(const double *sorted, size_t n)
{
	double gaps[PILES_MOST], range, sum = 0;
	size_t most, between;

	if (n < LEAST_VALUES)
		return 0;
	inner_values(&sorted, &n);
	range = sorted[n - 1] - sorted[0];
	most = n / 5 + 1 > PILES_MOST ? PILES_MOST : n / 5 + 1;
	between = count_between(gaps, largest_gaps(sorted, n, most, gaps));
	for (size_t i = 0; i < between; i++)
		sum += gaps[i];
	if (between == 0 || sum < SHARE_BETWEEN * range ||
		!are_piles(sorted, n, gaps[between - 1]))
		return 0;
	return gaps[between - 1];
}
