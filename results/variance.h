// SPDX-License-Identifier: MIT
//
// Where the scatter of a log ratio comes from: link order, launch, round.
#ifndef SERIALBENCH_VARIANCE_H
#define SERIALBENCH_VARIANCE_H

#include <stdio.h>

#include "csv_table.h"
#include "error_text.h"

/*
 * The log ratio of a round is taken as a sum: a mean, a part of the link order,
 * a part of the launch within it, and the rest. Standard deviations of these
 * parts; NaN where they cannot be estimated, 0 where the estimate of a variance
 * is below 0.
 */
struct variance_parts {
	size_t link_orders, launches, rounds; /* that were kept */
	double link_order, launch, round;
};

/* The parts as shares of their sum: of variance. NaN where any is. */
struct variance_shares {
	double link_order, launch, round;
};

struct variance_item {
	char cell[RECORD_TEXT], variant[RECORD_TEXT];
	struct variance_parts parts;
};

struct variances {
	struct variance_item *items; /* by cell and variant */
	size_t count;
};

/* One round: its log ratio, and where it belongs. */
struct variance_round {
	double y;
	unsigned link_order, launch;
};

/*
 * Draws rounds that lie farther from the median than three standard deviations
 * (by mad_deviation) in to there: squares make one wild round outweigh all
 * others. Nothing where that deviation is 0. `room` is for `count` values.
 */
void variance_draw_in(
	struct variance_round *rounds, double *room, size_t count);

/* From rounds in the order of link order and launch; launches of two link
 * orders have no number in common. Thread-safe. */
void variance_estimate(struct variance_parts *parts,
	const struct variance_round *rounds, size_t count);

struct variance_shares variance_share(const struct variance_parts *parts);

/* From RUN/trials.csv, each variant over the baseline. 0, or -1 with error;
 * finish it in both cases. */
int variances_read(struct variances *variances, const char *run,
	const char *baseline, struct error *error);

/* variance.csv; the file must not exist. 0, or -1 with errno. */
int variances_write(const struct variances *variances, const char *path);

/* One line: the median share of each part. Nothing where none is known. */
void variances_print(const struct variances *variances, FILE *out);

/* Accepts a zeroed one. */
void variances_finish(struct variances *variances);

#endif /* SERIALBENCH_VARIANCE_H */
