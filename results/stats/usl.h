// SPDX-License-Identifier: MIT
//
// The Universal Scalability Law: throughput at N threads is
//
//   X(N) = γN / (1 + α(N − 1) + βN(N − 1)),   α, β ≥ 0
//
// with γ the throughput of one, α what threads lose by waiting for each other,
// β by exchanging data pairwise. (N. J. Gunther, Guerrilla Capacity Planning,
// 2007; a general theory of computational scalability, 2008.)
#ifndef SERIALBENCH_USL_H
#define SERIALBENCH_USL_H

#include <stddef.h>

struct usl {
	double gamma, alpha, beta;
	double error; /* root mean square of the relative residuals of N/X */
};

/*
 * Constrained least squares of N/X = (1 + α(N−1) + βN(N−1)) / γ, which is
 * linear in 1/γ, α/γ and β/γ, over relative residuals. 0, or -1 where the n
 * points, all positive, do not tell the three apart. Thread-safe.
 */
int usl_fit(
	struct usl *fit, const double *threads, const double *rates, size_t n);

/* The law's throughput at N threads. */
double usl_rate(const struct usl *fit, double threads);

/* Threads of the greatest throughput, √((1 − α)/β), at least 1; NaN where
 * more threads always give more (β = 0). */
double usl_peak(const struct usl *fit);

#endif /* SERIALBENCH_USL_H */
