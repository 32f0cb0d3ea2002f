// SPDX-License-Identifier: MIT
//
// trials.csv in short: the median of each launch and the median over the
// launches of each variant in each cell, the turns that failed, the rounds
// that were left out.
#ifndef SERIALBENCH_TRIAL_SUMMARY_H
#define SERIALBENCH_TRIAL_SUMMARY_H

#include <stddef.h>
#include <stdint.h>

#include "cell_name.h"
#include "csv_table.h"

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

/* Streams the file. 0, or -1 with error[]. */
int trial_summary_read(
	struct trial_summary *summary, const char *path, char error[CSV_ERROR]);

void trial_summary_finish(struct trial_summary *summary);

#endif /* SERIALBENCH_TRIAL_SUMMARY_H */
