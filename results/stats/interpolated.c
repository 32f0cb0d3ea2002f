// SPDX-License-Identifier: MIT
//
// Sign intervals between two order statistics: Hettmansperger and Sheather,
// "Confidence intervals based on interpolated order statistics", Statistics and
// Probability Letters 4, 1986.
#include <math.h>

#include "statistics.h"

double sign_interpolation(size_t n, double alpha, size_t *rank)
{
	double level, inner, share, count = (double)n, d;

	*rank = sign_interval(n, alpha, &level);
	d = (double)*rank;
	/* Without two values inside there is nothing to go inwards to. */
	if (*rank == 0 || 2 * (*rank + 1) > n)
		return 0;
	inner = 1 - 2 * binomial_cdf(n, *rank, 0.5);
	share = (level - (1 - alpha)) / (level - inner);
	return (count - d) * share / (d + (count - 2 * d) * share);
}

void sign_interpolated(
	const double *sorted, size_t n, double alpha, double *low, double *high)
{
	size_t rank;
	double inwards = sign_interpolation(n, alpha, &rank);

	*low = *high = NAN;
	if (rank == 0)
		return;
	*low = sorted[rank - 1];
	*high = sorted[n - rank];
	if (inwards > 0) {
		*low += inwards * (sorted[rank] - *low);
		*high += inwards * (sorted[n - rank - 1] - *high);
	}
}
