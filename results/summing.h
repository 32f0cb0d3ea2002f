// SPDX-License-Identifier: MIT
//
// A summary in the making. Inside results/ only.
#ifndef SERIALBENCH_SUMMING_H
#define SERIALBENCH_SUMMING_H

#include <stddef.h>
#include <stdint.h>

#include "names.h"
#include "summary.h"

/* The log ratio of one launch. */
struct sample {
	double value;
	uint32_t launch; /* then the pass: launches' numbers from 0 on */
};

/* One variant in one cell. */
struct series {
	uint32_t cell, variant; /* numbers of names */
	size_t from, count; /* its samples, sorted by value */
	size_t rows[SUMMARY_SCOPES]; /* of the summary */
};

struct summing {
	char copy[RECORD_TEXT]; /* A', which comes first; or "" */
	struct names cells, variants;
	struct series *series;
	size_t series_count, series_room;
	struct sample *samples;
	size_t sample_count, sample_room;
};

/* Takes the medians of n launches, by launch. A series without launches, or
 * whose cell has a name of another form than cells have, is left out. 0, or -1
 * with errno. */
int summing_add(struct summing *summing, const char *cell, const char *variant,
	const double *medians, const uint32_t *launches, size_t n);

/* The rows, but for their intervals; the summary is empty before. Texts and
 * margin are those of the options. 0, or -1 with errno. */
int summing_rows(struct summing *summing, struct summary *summary,
	const struct compare_options *options);

/* Intervals and verdicts of the rows. 0, or -1 with errno. */
int summing_intervals(
	struct summing *summing, struct summary *summary, double alpha);

/* Accepts NULL and a zeroed one. */
void summing_finish(struct summing *summing);

#endif /* SERIALBENCH_SUMMING_H */
