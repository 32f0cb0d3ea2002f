// SPDX-License-Identifier: MIT
//
// With three coefficients that must not be negative, the best of them lie
// where some are zero and the others are an ordinary least-squares solution:
// the four cases are tried.
#include "usl.h"

#include <math.h>
#include <stdbool.h>

#define TERMS 3

/* Below this share of its column a pivot is rounding. */
#define PIVOT_LEAST 1e-9

/* Row of a point: 1, N − 1 and N(N − 1) over N/X; times the coefficients it
 * is to be 1. */
static void row_of(double row[TERMS], double threads, double rate)
{
	double y = threads / rate;

	row[0] = 1 / y;
	row[1] = (threads - 1) / y;
	row[2] = threads * (threads - 1) / y;
}

/* Normal equations with every column scaled to length 1, so that pivots can be
 * compared. */
struct system {
	double a[TERMS][TERMS], b[TERMS], scale[TERMS];
};

static void build(struct system *system, const double *threads,
	const double *rates, size_t n)
{
	double row[TERMS];

	*system = (struct system){0};
	for (size_t i = 0; i < n; i++) {
		row_of(row, threads[i], rates[i]);
		for (int j = 0; j < TERMS; j++) {
			system->b[j] += row[j];
			for (int k = 0; k < TERMS; k++)
				system->a[j][k] += row[j] * row[k];
		}
	}
	for (int j = 0; j < TERMS; j++)
		system->scale[j] = sqrt(system->a[j][j]);
	for (int j = 0; j < TERMS; j++) {
		system->b[j] /= system->scale[j];
		for (int k = 0; k < TERMS; k++)
			system->a[j][k] /= system->scale[j] * system->scale[k];
	}
}

/* Gauss-Jordan on the terms of `free`: the matrix is symmetric and positive,
 * so the diagonal does as pivot. The others are 0. */
static bool solve(struct system system, unsigned free, double c[TERMS])
{
	for (int j = 0; j < TERMS; j++)
		c[j] = 0;
	for (int j = 0; j < TERMS; j++) {
		if (!(free & 1u << j))
			continue;
		if (!(system.a[j][j] > PIVOT_LEAST))
			return false;
		for (int i = 0; i < TERMS; i++) {
			double factor = system.a[i][j] / system.a[j][j];

			if (i == j || !(free & 1u << i))
				continue;
			for (int k = 0; k < TERMS; k++)
				system.a[i][k] -= factor * system.a[j][k];
			system.b[i] -= factor * system.b[j];
		}
	}
	for (int j = 0; j < TERMS; j++)
		if (free & 1u << j)
			c[j] = system.b[j] / system.a[j][j] / system.scale[j];
	return true;
}

static double residual(const double c[TERMS], const double *threads,
	const double *rates, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++) {
		double row[TERMS], left = 1;

		row_of(row, threads[i], rates[i]);
		for (int j = 0; j < TERMS; j++)
			left -= c[j] * row[j];
		sum += left * left;
	}
	return sqrt(sum / (double)n);
}

int usl_fit(
	struct usl *fit, const double *threads, const double *rates, size_t n)
{
	/* 1/γ is always free. All three come first: where they cannot be told
	 * apart, fewer are no answer. */
	static const unsigned cases[] = {7, 3, 5, 1};
	struct system system;
	bool found = false;

	if (n < TERMS)
		return -1;
	build(&system, threads, rates, n);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		double c[TERMS], error;

		if (!solve(system, cases[i], c))
			return -1;
		if (!(c[0] > 0) || c[1] < 0 || c[2] < 0)
			continue;
		error = residual(c, threads, rates, n);
		if (found && error >= fit->error)
			continue;
		found = true;
		*fit = (struct usl){1 / c[0], c[1] / c[0], c[2] / c[0], error};
	}
	return found ? 0 : -1;
}

double usl_rate(const struct usl *fit, double threads)
{
	return fit->gamma * threads /
		(1 + fit->alpha * (threads - 1) +
			fit->beta * threads * (threads - 1));
}

double usl_peak(const struct usl *fit)
{
	if (!(fit->beta > 0))
		return NAN;
	return fit->alpha < 1 ? fmax(1, sqrt((1 - fit->alpha) / fit->beta)) : 1;
}
