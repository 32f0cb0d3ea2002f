// SPDX-License-Identifier: MIT
//
// What is kept of every turn while trials.csv is read. Inside the summary
// only.
#ifndef SERIALBENCH_TRIAL_TURNS_H
#define SERIALBENCH_TRIAL_TURNS_H

#include "trial_summary.h"

#define TURN_OK UINT32_MAX

/* Texts are indexes into the summary's, so that equal means equal. */
struct turn {
	uint32_t cell, variant;
	uint32_t status; /* TURN_OK, or what happened */
	uint32_t round : 31, excluded : 1;
	uint64_t launch;
	double ns; /* per operation; NaN where not measured */
	double start; /* ns since 1970; NaN where not known */
};

/* Sorts the turns and makes the summary's launches and their values, in the
 * order of time. 0, or -1 without memory. */
int trial_launches_make(struct trial_summary *summary, struct turn *turns,
	size_t count, const char *baseline);

/* Makes the summary's points from its launches. 0, or -1 without memory. */
int trial_points_make(struct trial_summary *summary);

/* The median of ascending values; NaN of none. */
double sorted_median(const double *sorted, size_t count);

/* qsort's order of doubles that are no NaN. */
int real_order(const void *a, const void *b);

#endif /* SERIALBENCH_TRIAL_TURNS_H */
