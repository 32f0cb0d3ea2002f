// SPDX-License-Identifier: MIT
//
// trials.csv in short: each launch in order of time, the median over the
// launches of each variant in each cell, the turns that failed, the rounds
// that were left out.
#ifndef SERIALBENCH_TRIAL_SUMMARY_H
#define SERIALBENCH_TRIAL_SUMMARY_H

#include <stddef.h>
#include <stdint.h>

#include "cell_name.h"
#include "csv_table.h"
#include "error_text.h"

/* One variant in one launch: medians over the rounds that were kept. */
struct trial_value {
	const char *variant; /* owned by the summary */
	double ns_per_op;
	double ratio; /* paired, to the baseline; NaN without one */
};

/* One launch of one cell. */
struct trial_launch {
	const char *cell; /* owned by the summary */
	const char *status; /* NULL, or what a lane of it ended with */
	uint64_t launch;
	double start_unix_ns; /* NaN where not known */
	size_t rounds, rounds_left_out;
	size_t first, count; /* its values; none where a lane failed */
};

/* One variant in one cell. */
struct trial_point {
	struct cell_name name;
	const char *cell, *variant; /* owned by the summary */
	size_t launches;
	double ns_per_op; /* median over launches of the launch medians */
	double ns_low, ns_high; /* least and greatest launch median */
};

/* Turns of one variant in one cell that ended with one status but "ok". */
struct trial_failure {
	const char *cell, *variant, *status;
	size_t turns;
	uint64_t first_launch;
};

/* Rounds left out, by reason; counted in turns. */
struct trial_exclusion {
	const char *reason;
	size_t turns;
};

struct trial_summary {
	struct trial_launch *launches; /* in order of time */
	size_t launch_count;
	struct trial_value *values; /* launch by launch */
	size_t value_count;
	struct trial_point *points; /* by panel, variant, threads */
	size_t point_count;
	struct trial_failure *failures;
	size_t failure_count;
	struct trial_exclusion *exclusions;
	size_t exclusion_count;
	size_t turns;
	double first_unix_ns, last_unix_ns; /* NaN where not known */
	char **texts;
	size_t text_count;
};

/* Streams the file; baseline is the variant that ratios are held against. 0,
 * or -1 with error. */
int trial_summary_read(struct trial_summary *summary, const char *path,
	const char *baseline, struct error *error);

/* The value of a variant in a launch, or NULL. */
const struct trial_value *trial_launch_value(
	const struct trial_summary *summary, const struct trial_launch *launch,
	const char *variant);

/* The point of a variant at a number of threads, or NULL. */
const struct trial_point *trial_point_find(const struct trial_summary *summary,
	const struct cell_name *panel, const char *variant, unsigned threads);

void trial_summary_finish(struct trial_summary *summary);

#endif /* SERIALBENCH_TRIAL_SUMMARY_H */
