// SPDX-License-Identifier: MIT
#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include "pairwise.h"
#include "statistics.h"

#define EXACT_MOST 50 /* values a side */
#define EXACT_STATISTICS (EXACT_MOST * EXACT_MOST / 2 + 1)

/* U, the number of pairs with y_j > x_i, twice over so that a tie is 1. */
static uint64_t twice_u(const double *x, size_t n, const double *y, size_t m)
{
	uint64_t twice = 0;
	size_t below = 0, up_to = 0; /* of x, against y_j */

	for (size_t j = 0; j < m; j++) {
		while (below < n && x[below] < y[j])
			below++;
		while (up_to < n && x[up_to] <= y[j])
			up_to++;
		twice += below + up_to;
	}
	return twice;
}

/* Sum of t³ − t over the groups of t equal values of both samples. */
static double tie_sum(const double *x, size_t n, const double *y, size_t m)
{
	double sum = 0;

	for (size_t i = 0, j = 0; i < n || j < m;) {
		double value = j == m || (i < n && x[i] < y[j]) ? x[i] : y[j];
		double t = 0;

		for (; i < n && x[i] == value; i++)
			t++;
		for (; j < m && y[j] == value; j++)
			t++;
		sum += t * t * t - t;
	}
	return sum;
}

/*
 * lower[u] = P(U ≤ u) for u up to half of n·m, under the hypothesis and
 * without ties: the last value in order is from x with probability n/(n + m),
 * and then lies above all m of y or none of them counts (Mann and Whitney,
 * 1947, as probabilities, so that nothing overflows).
 */
static void exact_distribution(double *lower, size_t n, size_t m)
{
	/* 0.5 MB; the stack of a thread has 8, and nobody recurses here. */
	double at[EXACT_MOST + 1][EXACT_STATISTICS];
	size_t last = n * m / 2;

	for (size_t j = 0; j <= m; j++)
		for (size_t u = 0; u <= last; u++)
			at[j][u] = u == 0;
	for (size_t i = 1; i <= n; i++)
		for (size_t j = 1; j <= m; j++) {
			double share = (double)i / (double)(i + j);

			for (size_t u = last + 1; u-- > 0;)
				at[j][u] = (u < j ? 0 : share * at[j][u - j]) +
					(1 - share) * at[j - 1][u];
		}
	lower[0] = at[m][0];
	for (size_t u = 1; u <= last; u++)
		lower[u] = lower[u - 1] + at[m][u];
}

static double normal_lower(double z)
{
	return erfc(-z * M_SQRT1_2) / 2;
}

/* Two-sided, with the correction for continuity: half a step of U. */
static double approximate_p(double u, double n, double m, double ties)
{
	double all = n + m;
	double variance = n * m / 12 * (all + 1 - ties / (all * (all - 1)));
	double off = fmax(0, fabs(u - n * m / 2) - 0.5);

	if (variance <= 0)
		return 1;
	return fmin(1, 2 * normal_lower(-off / sqrt(variance)));
}

/* The largest rank that misses with at most alpha, as sign_interval has it. */
static uint64_t exact_rank(
	const double *lower, uint64_t pairs, double alpha, double *level)
{
	uint64_t rank = 0;

	while (rank < pairs / 2 && 2 * lower[rank] <= alpha)
		rank++;
	*level = rank ? 1 - 2 * lower[rank - 1] : 0;
	return rank;
}

static uint64_t approximate_rank(
	double n, double m, double alpha, double *level)
{
	double deviation = sqrt(n * m * (n + m + 1) / 12);
	double rank =
		floor(n * m / 2 + 0.5 + normal_quantile(alpha / 2) * deviation);

	if (rank < 1) {
		*level = 0;
		return 0;
	}
	*level = 1 - 2 * normal_lower((rank - 0.5 - n * m / 2) / deviation);
	return (uint64_t)rank;
}

void mann_whitney(struct shift *shift, const double *x, size_t n,
	const double *y, size_t m, double alpha)
{
	const struct pairs pairs = {
		.a = y, .n = m, .b = x, .m = n, .negate = true};
	bool exact = n <= EXACT_MOST && m <= EXACT_MOST;
	double lower[EXACT_STATISTICS];
	uint64_t count = (uint64_t)n * m, twice, rank;
	double ties;

	*shift = (struct shift){1, NAN, NAN, 0, pairs_median(&pairs)};
	if (count == 0)
		return;
	twice = twice_u(x, n, y, m);
	ties = tie_sum(x, n, y, m);
	if (exact)
		exact_distribution(lower, n, m);
	if (exact && ties == 0) {
		uint64_t u = twice / 2;

		u = u < count - u ? u : count - u;
		shift->p = fmin(1, 2 * lower[u]);
	} else {
		shift->p = approximate_p(
			(double)twice / 2, (double)n, (double)m, ties);
	}
	rank = exact
		? exact_rank(lower, count, alpha, &shift->level)
		: approximate_rank((double)n, (double)m, alpha, &shift->level);
	if (rank > 0) {
		shift->low = pairs_select(&pairs, rank - 1);
		shift->high = pairs_select(&pairs, count - rank);
	}
}

double mann_whitney_least(size_t n, size_t m)
{
	double least = 2;

	for (size_t i = 1; i <= n; i++)
		least *= (double)i / (double)(m + i);
	return fmin(1, least);
}
