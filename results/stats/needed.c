// SPDX-License-Identifier: MIT
//
// How many launches a verdict takes, for a comparison that has some.
#include <math.h>

#include "statistics.h"

#define POWER 0.95
#define NEEDED_MOST 1000000
/* Of what the effect may be: the median of the launches that there are is
 * itself uncertain. In standard errors, weights of a normal curve. */
#define LOOKS 9
#define LOOK_STEP 0.5

static double normal_below(double z)
{
	return 0.5 * erfc(-z * M_SQRT1_2);
}

/* That the interval lies within the margin: its half width is about what the
 * median of n values scatters by. */
static double chance_equivalent(
	double effect, double error, double z, double margin)
{
	double chance = normal_below((margin - effect) / error - z) +
		normal_below((margin + effect) / error - z) - 1;

	return fmax(0, chance);
}

/* That a sign test over n finds p < alpha where a launch lies on the one side
 * with probability `side`. */
static double chance_different(size_t n, double side, double alpha)
{
	double z = normal_quantile(1 - alpha / 2), count = (double)n;
	double most = count / 2 + z * sqrt(count) / 2 + 0.5;

	if (n < sign_test_least(alpha))
		return 0;
	/* No count can be above n. */
	most = fmin(most, count);
	return normal_below((count * side - most + 0.5) /
		sqrt(fmax(count * side * (1 - side), 1e-9)));
}

static double chance_decided(
	const struct needed *needed, size_t n, double effect)
{
	double error = needed->sigma * sqrt(M_PI / 2 / (double)n);
	double z = normal_quantile(1 - needed->alpha / 2);
	double side = normal_below(fabs(effect) / needed->sigma);

	return fmax(chance_equivalent(effect, error, z, log1p(needed->margin)),
		chance_different(
			n, side, needed->alpha / (double)needed->family));
}

/* Over what the effect may be. */
static double power_of(const struct needed *needed, size_t n)
{
	double error =
		needed->sigma * sqrt(M_PI / 2 / (double)(needed->launches + 1));
	double sum = 0, weights = 0;

	for (int i = 0; i < LOOKS; i++) {
		double z = LOOK_STEP * (i - LOOKS / 2);
		double weight = exp(-z * z / 2);

		sum += weight *
			chance_decided(needed, n, needed->effect + z * error);
		weights += weight;
	}
	return sum / weights;
}

size_t sign_test_least(double alpha)
{
	size_t n = 1;

	while (n < 1000 && ldexp(1, 1 - (int)n) >= alpha)
		n++;
	return n;
}

size_t launches_needed(const struct needed *needed)
{
	size_t low = sign_interval_least(needed->alpha) - 1, high = low + 1;

	if (isnan(needed->sigma) || isnan(needed->effect))
		return 0;
	if (needed->sigma <= 0)
		return sign_test_least(needed->alpha / (double)needed->family);
	while (high < NEEDED_MOST && power_of(needed, high) < POWER) {
		low = high;
		high *= 2;
	}
	if (high >= NEEDED_MOST)
		return NEEDED_MOST;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (power_of(needed, middle) < POWER)
			low = middle;
		else
			high = middle;
	}
	return high;
}
