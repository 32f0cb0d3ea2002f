// SPDX-License-Identifier: MIT
//
// The verdicts on one variant over several cells, and the sentence they make.
#ifndef SERIALBENCH_REPORT_TALLY_H
#define SERIALBENCH_REPORT_TALLY_H

#include <stdio.h>

#include "report_data.h"

/* The verdicts on one variant. */
struct tally {
	const char *variant, *baseline;
	size_t count, kinds[VERDICT_KINDS];
	double low[VERDICT_KINDS], high[VERDICT_KINDS]; /* ratios by kind */
	double interval_low, interval_high;
	double margin; /* of the last row that has one; 0: none has */
	const struct comparison_row *only; /* of the last row added */
};

/* Starts from a zeroed tally. */
void tally_add(struct tally *tally, const struct comparison_row *row);

/* Headline rows of a variant; threads 0: at any number of them. */
void tally_variant(struct tally *tally, const struct report_data *data,
	const char *variant, unsigned threads);

/* Headline rows of A′, at any number of threads. */
void tally_copy(struct tally *tally, const struct report_data *data);

/* The next variant at the most threads, in the order of the report but without
 * A′ and the controls; a zeroed tally begins. False after the last. */
bool tally_next(struct tally *tally, const struct report_data *data);

/* Least and greatest ratio of all rows. */
double tally_least(const struct tally *tally);
double tally_greatest(const struct tally *tally);

/* "slower by … in 3 of 4 cells; equivalent … in 1 of 4 cells". */
void tally_write(FILE *page, const struct tally *tally, double margin);

#endif /* SERIALBENCH_REPORT_TALLY_H */
