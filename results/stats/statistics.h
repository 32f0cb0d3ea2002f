// SPDX-License-Identifier: MIT
//
// The statistics behind a verdict; docs/method.md says why these. No function
// allocates, but those of adjust.c; all are thread-safe. Values are finite: a
// NaN has been left out before.
#ifndef SERIALBENCH_STATISTICS_H
#define SERIALBENCH_STATISTICS_H

#include <stddef.h>

/* Sorts upwards. */
void sort_reals(double *values, size_t n);

/* Median, the mean of the middle two where n is even; NaN where n is 0. Moves
 * the values about. */
double median(double *values, size_t n);

/*
 * Standard deviation as estimated by the median absolute deviation,
 * 1.4826 × median |x − median|, which is right for normal values and blind to
 * a few wild ones. NaN where n < 2. Overwrites the values.
 */
double mad_deviation(double *values, size_t n);

/* Of positive values; NaN where n is 0. */
double geometric_mean(const double *values, size_t n);

/* P(X ≤ k) for X binomial with n draws of probability p, 0 < p < 1. */
double binomial_cdf(size_t n, size_t k, double p);

/*
 * The counts that X, binomial with n draws of probability p, stays within but
 * for alpha/2 at either end: P(X < low) and P(X > high) are at most alpha/2,
 * and no narrower band has that.
 */
void binomial_band(size_t n, double p, double alpha, size_t *low, size_t *high);

/* The x with P(X ≤ x) = p for standard normal X, 0 < p < 1. */
double normal_quantile(double p);

/*
 * Rank of the order statistics that bound the median at 1 − alpha: the
 * largest k such that the k-th from each end misses it with an exact
 * probability 2 P(Bin(n, ½) ≤ k − 1) ≤ alpha. *level is 1 less that
 * probability. 0 where n is too small for any, with *level 0. (Conover,
 * Practical Nonparametric Statistics, 3.2.)
 */
size_t sign_interval(size_t n, double alpha, double *level);

/*
 * How far inwards, from the order statistic of sign_interval()'s rank to the
 * next (0 to 1), the interval begins whose coverage is 1 - alpha itself and not
 * the next larger one that exists: it is about 0.84 as wide where an exact one
 * covers 97.9 %. (Hettmansperger and Sheather, 1986: right to a part of a per
 * cent for symmetric and skewed values alike.) *rank is sign_interval()'s; 0
 * with rank 0 where there is no interval.
 */
double sign_interpolation(size_t n, double alpha, size_t *rank);

/* That interval of sorted values; NaN bounds where there is none. */
void sign_interpolated(const double *sorted, size_t n, double alpha,
	double *low, double *high);

/*
 * The step of values that pile up, as the ratios of a loop of few cycles do:
 * the least gap between two piles. 0 where they do not. `sorted` upwards.
 */
double launch_step(const double *sorted, size_t n);

/*
 * Half the width that the interval of sign_interpolated() is expected to have
 * over n normal values of that standard deviation: their order statistics lie
 * about where Blom has them (Statistical Estimates and Transformed
 * Beta-Variables, 1958). NaN where there is no interval.
 */
double sign_half_width(double deviation, size_t n, double alpha);

/* Fewest values for which sign_interval finds one: 6 at 5 %. */
size_t sign_interval_least(double alpha);

/*
 * Exact two-sided p of the sign test, by how many values lie below, at and
 * above the hypothesis. Those at it are split evenly, an odd one going to the
 * smaller side: they speak for no side, yet weaken the evidence, as a
 * difference that cannot be seen should. (Dropping them would turn 6 of 6 out
 * of 1000 into evidence.) 1 where there are no values.
 */
double sign_test(size_t below, size_t at, size_t above);

/* Fewest values of which all on one side make p below alpha: 2^(1-n). */
size_t sign_test_least(double alpha);

/* A comparison of which so much is known. */
struct needed {
	double effect, sigma; /* log scale: median over launches; MAD-sd */
	size_t launches; /* they are from */
	double margin, alpha;
	size_t family; /* comparisons that are corrected for together */
};

/*
 * The fewest launches with which the comparison is decided (equivalent, or
 * different by the corrected sign test) with a probability of 0.95, if launches
 * scatter as those that there are. The effect is taken from the normal
 * distribution about the observed one that its launches leave open, and the
 * correction as strict as Holm's first step. 0 where sigma is NaN; a million
 * stands for more. docs/method.md holds it to a kept run.
 */
size_t launches_needed(const struct needed *needed);

/* Hodges-Lehmann: median of all (x_i + x_j)/2, i ≤ j. `sorted` upwards; NaN
 * where n is 0. O(n). */
double hodges_lehmann(const double *sorted, size_t n);

/* What two independent samples say about the shift from x to y. */
struct shift {
	double p; /* Mann-Whitney, two-sided */
	double low, high; /* of the shift; NaN where there is no interval */
	double level; /* coverage of the interval, 0 where none */
	double estimate; /* Hodges-Lehmann: median of all y_j − x_i */
};

/*
 * Mann-Whitney test and the interval that goes with it: order statistics of
 * the n·m differences (Moses; Hollander and Wolfe, 4.3). Up to 50 values a
 * side the interval's level is exact, and p is where there are no ties; else
 * both are the normal approximation, with the correction for ties and for
 * continuity. `x` and `y` are sorted upwards.
 */
void mann_whitney(struct shift *shift, const double *x, size_t n,
	const double *y, size_t m, double alpha);

/* The least p that so many values can have: 2 / (n + m over n), at most 1. */
double mann_whitney_least(size_t n, size_t m);

/* Adjusted p values in the order given, each at most 1. 0, or -1 with ENOMEM.
 * Holm holds the error of the whole family, Benjamini-Hochberg the share of
 * false findings. `adjusted` may be `p`. */
int adjust_holm(double *adjusted, const double *p, size_t n);
int adjust_bh(double *adjusted, const double *p, size_t n);

#endif /* SERIALBENCH_STATISTICS_H */
