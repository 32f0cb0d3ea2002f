// SPDX-License-Identifier: MIT
//
// Order statistics of all pairwise sums without making the sums: bisection
// over the doubles themselves, with a count of the sums up to a value in one
// walk along both sorted samples. At most 64 walks, for any n, and the result
// is one of the sums to the last bit.
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "pairwise.h"
#include "statistics.h"

/* Doubles as whole numbers in the same order. */
static uint64_t to_ordinal(double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

static double from_ordinal(uint64_t ordinal)
{
	uint64_t bits =
		ordinal >> 63 ? ordinal & ~(UINT64_C(1) << 63) : ~ordinal;
	double value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

static double sum(const struct pairs *pairs, size_t i, size_t j)
{
	double b = pairs->b[pairs->negate ? pairs->m - 1 - j : j];

	return pairs->a[i] + (pairs->negate ? -b : b);
}

/* How many sums are at most `limit`. */
static uint64_t count_up_to(const struct pairs *pairs, double limit)
{
	uint64_t count = 0, diagonal = 0;
	size_t j = pairs->m;

	for (size_t i = 0; i < pairs->n; i++) {
		while (j > 0 && sum(pairs, i, j - 1) > limit)
			j--;
		count += j;
		diagonal += pairs->half && sum(pairs, i, i) <= limit;
	}
	/* i ≤ j: each pair was counted twice, those with i = j once. */
	return pairs->half ? (count + diagonal) / 2 : count;
}

double pairs_select(const struct pairs *pairs, uint64_t k)
{
	uint64_t low = to_ordinal(sum(pairs, 0, 0));
	uint64_t high = to_ordinal(sum(pairs, pairs->n - 1, pairs->m - 1));

	while (low < high) {
		uint64_t middle = low + (high - low) / 2;

		if (count_up_to(pairs, from_ordinal(middle)) > k)
			high = middle;
		else
			low = middle + 1;
	}
	return from_ordinal(low);
}

double pairs_median(const struct pairs *pairs)
{
	uint64_t count = pairs->half ? (uint64_t)pairs->n * (pairs->n + 1) / 2
				     : (uint64_t)pairs->n * pairs->m;

	if (count == 0)
		return NAN;
	return pairs_select(pairs, (count - 1) / 2) / 2 +
		pairs_select(pairs, count / 2) / 2;
}

double hodges_lehmann(const double *sorted, size_t n)
{
	const struct pairs pairs = {
		.a = sorted, .n = n, .b = sorted, .m = n, .half = true};

	return pairs_median(&pairs) / 2;
}
