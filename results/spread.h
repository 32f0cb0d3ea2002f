// SPDX-License-Identifier: MIT
//
// How far the launches of each cell lie apart: what the width of an interval
// will come to, and nothing of where it lies. Not thread-safe.
#ifndef SERIALBENCH_SPREAD_H
#define SERIALBENCH_SPREAD_H

#include "csv_table.h"
#include "error_text.h"
#include "names.h"

/* Launches of a cell with fewer have no spread: there is no interval. */
#define SPREAD_LEAST 6

struct spread {
	const char *baseline; /* the caller's */
	struct names cells, variants;
	struct spread_lane *lanes; /* one for each variant of each cell */
	size_t count;
};

/* Begins with the launches of RUN/trials.csv. A launch with a failure counts
 * for nothing. 0, or -1 with error; finish it in both cases. */
int spread_read(struct spread *spread, const char *run, const char *baseline,
	struct error *error);

/* Takes the rows of one launch more. 0, or -1 with error. */
int spread_take(struct spread *spread, const struct trial *rows, size_t count,
	struct error *error);

/* Takes one launch of one variant: its median log ratio. 0, or -1 with
 * errno. */
int spread_add(struct spread *spread, const char *cell, const char *variant,
	double log_ratio);

/*
 * The distance between the launch a tenth of the way up and the one a tenth of
 * the way down, over the root of how many there are: median over the cell's
 * variants. It does not change where every log ratio of a variant grows by the
 * same. 0 where no variant has SPREAD_LEAST launches.
 */
double spread_of(const struct spread *spread, const char *cell);

/* Accepts a zeroed spread. */
void spread_finish(struct spread *spread);

#endif /* SERIALBENCH_SPREAD_H */
