// SPDX-License-Identifier: MIT
#include "rounds.h"

#include <math.h>

#include "statistics.h"

/* Two-sided, of the interval that is to come. */
#define ALPHA 0.05

/* π/2, the price of the median. */
#define MEDIAN_PRICE 1.5707963267948966

/* Few values lie nearer to their own median than to that of all. By what the
 * estimate is multiplied, by how many there are: from 4 000 000 samples of
 * normal values each. */
static const double few_rounds[ROUNDS_REHEARSED + 1] = {
	NAN, NAN, 1.4135, 2.1498, 1.3866};

size_t rounds_room(size_t lanes, size_t rounds)
{
	return lanes < 2 ? 0 : (lanes * (lanes - 1) / 2 + 1) * rounds;
}

/* Distances of the ratios of two lanes from their median; `ratios` has place
 * for as many. */
static void add_pair(const double *logs, size_t lanes, size_t rounds,
	size_t one, size_t other, double *ratios, double *distances)
{
	double middle;

	for (size_t i = 0; i < rounds; i++)
		ratios[i] = logs[i * lanes + one] - logs[i * lanes + other];
	middle = median(ratios, rounds);
	for (size_t i = 0; i < rounds; i++)
		distances[i] = fabs(ratios[i] - middle);
}

double rounds_deviation(
	const double *logs, size_t lanes, size_t rounds, double *room)
{
	double *ratios = room, *distances = room + rounds;
	size_t count = 0;

	if (lanes < 2 || rounds < 2 || rounds > ROUNDS_REHEARSED)
		return NAN;
	for (size_t i = 0; i < lanes; i++)
		for (size_t k = 0; k < i; k++) {
			add_pair(logs, lanes, rounds, i, k, ratios,
				distances + count);
			count += rounds;
		}
	return few_rounds[rounds] * median(distances, count) /
		normal_quantile(0.75);
}

double rounds_half_width(double deviation, unsigned rounds, unsigned launches)
{
	size_t least = sign_interval_least(ALPHA);
	size_t n = launches < least ? least : launches;

	return expm1(sign_half_width(
		deviation * sqrt(MEDIAN_PRICE / rounds), n, ALPHA));
}

unsigned rounds_best(double start_s, double round_s)
{
	double best = sqrt(ROUNDS_SHARE * start_s / round_s);

	/* Not where it is no number. */
	if (!(best > ROUNDS_LEAST))
		return ROUNDS_LEAST;
	/* The odd number next to it. */
	return best < ROUNDS_MOST ? 2 * (unsigned)(best / 2) + 1 : ROUNDS_MOST;
}
