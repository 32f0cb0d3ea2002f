// SPDX-License-Identifier: MIT
//
// `serialbench certify`: what the instrument is shown, and what it saw. Every
// part fills its member of the findings; docs/certify.md says what they mean.
#ifndef SERIALBENCH_CERTIFY_H
#define SERIALBENCH_CERTIFY_H

#include <limits.h>

#include "certify_stand.h"
#include "csv_writer.h"
#include "error_text.h"

#define CERTIFY_THREADS 2 /* thread counts: 1 and 2 */
#define CERTIFY_PLANTED 4 /* sizes of planted slowdowns */
#define CERTIFY_SIZES 4 /* of blocks that are weighed */
#define CERTIFY_CURVES CERTIFY_THREADS

/* What counts as found often enough. */
#define CERTIFY_POWER 0.9

/* How much is done. */
struct certify_design {
	unsigned experiments; /* A/A, at each thread count */
	unsigned sequential; /* experiments of the wrong design */
	unsigned layout; /* experiments of `again`, at each thread count */
	unsigned planted; /* experiments of each planted slowdown */
	unsigned launches, rounds, turn_us;
	unsigned planted_rounds; /* of the launches with planted slowdowns */
	unsigned busy_experiments, busy_launches; /* 0: none beside busy
						     processes */
	unsigned truth_launches, truth_rounds; /* the long measurement */
	unsigned stall_launches;
	uint64_t stall_pairs; /* a multiple of PLANTED_STALL_PERIOD */
};

struct certify_false_positives {
	unsigned threads, busy, launches;
	unsigned experiments, found;
	double nominal; /* exact, of one experiment */
	size_t band_low, band_high; /* 95 % band of `found` */
	double seconds; /* of an experiment, median */
};

/* `again` over `none`: one source at other addresses. */
struct certify_layout {
	unsigned threads, launches;
	unsigned experiments, found; /* called different */
	struct certify_estimate all; /* of the launches of all experiments */
	struct certify_estimate orders[LINK_ORDERS]; /* by link order */
	double seconds; /* of an experiment, median */
};

struct certify_power {
	double planted; /* share asked for: 0.02 */
	unsigned steps; /* of work, in one allocation of PLANTED_PERIOD */
	struct certify_estimate truth; /* by the long measurement */
	double by_line; /* the truth by a line through all sizes */
	double by_count; /* steps × their time / the operation's time, + 1 */
	unsigned experiments, found;
};

struct certify_curve {
	unsigned threads;
	double step_ns; /* one step of planted work, timed alone */
	double operation_ns; /* of a thread, from the pilot */
	double seconds; /* an experiment with all sizes in it, median */
	struct certify_power sizes[CERTIFY_PLANTED];
	double smallest; /* the smallest found in 90 %; NaN where none */
};

struct certify_bytes {
	uint64_t size, blocks;
	uint64_t plain, padded; /* slots of all blocks, bytes */
	bool exact;
};

struct certify_stall {
	double planted_ns, clock_ns;
	unsigned launches;
	double p50_ns[2], p9999_ns[2]; /* without, with; medians of launches */
	double p50_ratio; /* with over without, median of pairs of launches */
	bool seen, median_stays;
};

struct certify_fairness {
	double by_count; /* the slow thread's time over the other's */
	struct certify_estimate measured;
	bool seen;
};

struct certify_findings {
	struct certify_false_positives relay[CERTIFY_THREADS];
	size_t relay_count;
	struct certify_false_positives busy[CERTIFY_THREADS];
	size_t busy_count;
	struct certify_false_positives sequential;
	struct certify_layout layout[CERTIFY_THREADS];
	size_t layout_count;
	struct certify_curve curves[CERTIFY_CURVES];
	size_t curve_count;
	struct certify_bytes bytes[CERTIFY_SIZES];
	struct certify_stall stall;
	bool has_fairness; /* two PUs are there */
	struct certify_fairness fairness;
};

/* A certificate in the making. */
struct certify {
	struct certify_place place;
	struct certify_design design;
	struct csv_writer experiments; /* experiments.csv */
	struct certify_findings findings;
};

#define CERTIFY_EXPERIMENTS_HEADER                                             \
	"kind,threads,busy,lane,link_order,planted,launches,rounds,ratio,"     \
	"ci_low,ci_high,ci_level,differs,seconds"

/* Of an experiment whose launches take all link orders by turns. */
#define CERTIFY_ALL_ORDERS UINT_MAX

/* The parts, in the order in which they are made. Each 0, or -1 with error;
 * the rows that were written are whole. */
int certify_relay(struct certify *certify, unsigned threads, bool busy,
	struct error *error);
int certify_wrong_design(struct certify *certify, struct error *error);
int certify_layout(
	struct certify *certify, unsigned threads, struct error *error);
int certify_slowdowns(
	struct certify *certify, unsigned threads, struct error *error);
int certify_weigh(struct certify *certify, struct error *error);
int certify_stalls(struct certify *certify, struct error *error);
int certify_uneven(struct certify *certify, struct error *error);

/* What a row of experiments.csv says beside the estimate. */
struct certify_row {
	const char *kind, *lane; /* what was held against the first lane */
	unsigned threads, busy;
	unsigned link_order; /* or CERTIFY_ALL_ORDERS */
	double planted; /* share */
	unsigned rounds;
	double seconds; /* NaN: not of its own */
};

/* Writes a row of experiments.csv. 0, or -1 with error. */
int certify_row(struct certify *certify, const struct certify_row *row,
	const struct certify_estimate *estimate, struct error *error);

/* Whether the count lies in the band. */
bool certify_in_band(const struct certify_false_positives *found);

/* The smallest slowdown of the curve that is found often enough, as are all
 * above it; NaN where there is none. */
double certify_smallest_found(const struct certify_curve *curve);

/* The largest of the curves' smallest effects; NaN where one has none. */
double certify_smallest(const struct certify_findings *findings);

/* How far from 1 the interval of any link order reaches, as a share: an effect
 * below that may be one of layout. 0 where nothing was measured, NaN where a
 * link order has no interval. */
double certify_layout_reach(const struct certify_findings *findings);

/* What verdicts of later runs must not go below: the larger of the two, 10 %
 * where the first is none, and the first alone where the second is NaN. */
double certify_least_effect(const struct certify_findings *findings);

/*
 * Writes one line on `out` for each thing that should hold and does not.
 * Returns how many; `out` may be NULL. A sequential design that did not fail
 * is one: the positive control was not positive.
 */
unsigned certify_judge(const struct certify_findings *findings, FILE *out);

/* The findings as a table. */
void certify_print(const struct certify_findings *findings, FILE *out);

#endif /* SERIALBENCH_CERTIFY_H */
