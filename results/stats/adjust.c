// SPDX-License-Identifier: MIT
//
// Adjusting p values for how many there are: Holm, "A simple sequentially
// rejective multiple test procedure", 1979; Benjamini and Hochberg,
// "Controlling the false discovery rate", 1995.
#include <math.h>
#include <stdlib.h>

#include "statistics.h"

struct ranked {
	double p;
	size_t place; /* in the caller's order */
};

static int compare_ranked(const void *left, const void *right)
{
	const struct ranked *a = left, *b = right;

	return (a->p > b->p) - (a->p < b->p);
}

/* Sorted upwards; the caller frees them. NULL with errno. */
static struct ranked *rank_all(const double *p, size_t n)
{
	struct ranked *ranked = calloc(n + 1, sizeof(*ranked));

	if (!ranked)
		return NULL;
	for (size_t i = 0; i < n; i++)
		ranked[i] = (struct ranked){p[i], i};
	qsort(ranked, n, sizeof(*ranked), compare_ranked);
	return ranked;
}

int adjust_holm(double *adjusted, const double *p, size_t n)
{
	struct ranked *ranked = rank_all(p, n);
	double most = 0;

	if (!ranked)
		return -1;
	for (size_t i = 0; i < n; i++) {
		most = fmax(most, (double)(n - i) * ranked[i].p);
		adjusted[ranked[i].place] = fmin(1, most);
	}
	free(ranked);
	return 0;
}

int adjust_bh(double *adjusted, const double *p, size_t n)
{
	struct ranked *ranked = rank_all(p, n);
	double least = 1;

	if (!ranked)
		return -1;
	for (size_t i = n; i-- > 0;) {
		least = fmin(least, (double)n / (double)(i + 1) * ranked[i].p);
		adjusted[ranked[i].place] = least;
	}
	free(ranked);
	return 0;
}
