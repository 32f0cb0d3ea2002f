// SPDX-License-Identifier: MIT
//
// What a run says over its headline cells together: geometric means of their
// ratios, with intervals. docs/method.md says how and what they cannot see.
#ifndef SERIALBENCH_SUMMARY_H
#define SERIALBENCH_SUMMARY_H

#include <stddef.h>
#include <stdio.h>

#include "compare.h"
#include "error_text.h"

/* Which headline cells of one thread count and placement a row is over. */
enum summary_scope {
	SUMMARY_SUITE, /* all of them */
	SUMMARY_ALLOCATOR, /* those of one allocator */
	SUMMARY_WORKLOAD, /* those of one workload, whatever its parameters */
	SUMMARY_SCOPES,
};

/* One row of summary.csv. A NaN is an empty field. */
struct summary_row {
	enum summary_scope scope;
	char name[RECORD_TEXT]; /* "all", or the allocator, or the workload */
	unsigned threads;
	char placement[RECORD_TEXT];
	char metric[RECORD_TEXT], baseline[RECORD_TEXT], variant[RECORD_TEXT];
	size_t cells; /* with a ratio of the variant */
	size_t launches; /* of all these cells */
	size_t least_launches; /* of the cell that has the fewest */
	double ratio, ci_low, ci_high; /* NaN bounds: no interval */
	double ci_level; /* nominal; NaN where there is no interval */
	size_t resamples; /* 0 where there is no interval */
	enum verdict verdict;
	double margin;
};

/* By scope, name, placement and threads; A' first, then the variants in the
 * order of their first trials. */
struct summary {
	size_t count;
	struct summary_row *rows;
};

/* Resamples of an interval, and the fewest where launches are so many that
 * more would take long. */
#define SUMMARY_RESAMPLES 2000
#define SUMMARY_RESAMPLES_LEAST 200
#define SUMMARY_SEED 1

/*
 * compare_run(), and of the same trials the summary, unless that is NULL: no
 * row where the run has no headline cell. An interval takes six launches (at 5
 * %) of the variant in each of the row's cells; the draw is the same every
 * time. 0, or -1 with error; both are then empty.
 */
int compare_and_summarise(struct comparison_list *list, struct summary *summary,
	const char *run, const struct compare_options *options,
	struct error *error);

/* Writes summary.csv at `path`, which must not exist. 0, or -1 with errno. */
int summary_write(const struct summary *summary, const char *path);

/* Prints all rows, the suite's last; nothing where there are none. What could
 * not be written shows in ferror(out), here and below. */
void summary_print(const struct summary *summary, FILE *out);

/* Prints the rows of the suite alone: a line for each of these variants, closed
 * by NULL, that it has; a column for each thread count. */
void summary_print_suite(
	const struct summary *summary, const char *const *variants, FILE *out);

/* Accepts NULL and a zeroed one. */
void summary_finish(struct summary *summary);

#endif /* SERIALBENCH_SUMMARY_H */
