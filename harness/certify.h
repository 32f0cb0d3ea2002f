// SPDX-License-Identifier: MIT
//
// `serialbench certify`: what the instrument is shown, and what it saw. Every
// part fills its member of the findings; docs/certify.md says what they mean.
#ifndef SERIALBENCH_CERTIFY_H
#define SERIALBENCH_CERTIFY_H

#include "certify_stand.h"
#include "csv_writer.h"

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
	unsigned of_itself, found_of_itself; /* `none` against `none`; the rest
						are against `again` */
	double nominal; /* exact, of one experiment */
	size_t band_low, band_high; /* 95 % band of `found` */
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
	"kind,threads,busy,lane,planted,launches,rounds,ratio,ci_low,ci_high," \
	"ci_level,differs,seconds"

/* The parts, in the order in which they are made. Each 0, or -1 with error[];
 * the rows that were written are whole. */
int certify_relay(struct certify *certify, unsigned threads, bool busy,
	char error[CERTIFY_ERROR]);
int certify_wrong_design(struct certify *certify, char error[CERTIFY_ERROR]);
int certify_slowdowns(
	struct certify *certify, unsigned threads, char error[CERTIFY_ERROR]);
int certify_weigh(struct certify *certify, char error[CERTIFY_ERROR]);
int certify_stalls(struct certify *certify, char error[CERTIFY_ERROR]);
int certify_uneven(struct certify *certify, char error[CERTIFY_ERROR]);

/* Writes a row of experiments.csv; `lane` is what was held against the first
 * lane. 0, or -1 with error[]. */
int certify_row(struct certify *certify, const char *kind, unsigned threads,
	unsigned busy, const char *lane, double planted, unsigned rounds,
	const struct certify_estimate *estimate, double seconds,
	char error[CERTIFY_ERROR]);

/* Whether the count lies in the band. */
bool certify_in_band(const struct certify_false_positives *found);

/* The largest of the curves' smallest effects; NaN where one has none. */
double certify_smallest(const struct certify_findings *findings);

/*
 * Writes one line on `out` for each thing that should hold and does not.
 * Returns how many; `out` may be NULL. A sequential design that did not fail
 * is one: the positive control was not positive.
 */
unsigned certify_judge(const struct certify_findings *findings, FILE *out);

/* The findings as a table. */
void certify_print(const struct certify_findings *findings, FILE *out);

#endif /* SERIALBENCH_CERTIFY_H */
