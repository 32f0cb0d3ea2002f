// SPDX-License-Identifier: MIT
//
// From trials to verdicts: docs/method.md says why each step is as it is.
#ifndef SERIALBENCH_COMPARE_H
#define SERIALBENCH_COMPARE_H

#include <stddef.h>
#include <stdio.h>

#include "csv_table.h"
#include "record.h"

/* Interval above 1+δ, below 1/(1+δ), inside; different by the adjusted p but
 * the interval crosses a margin; none of these. */
enum verdict {
	VERDICT_SLOWER,
	VERDICT_FASTER,
	VERDICT_EQUIVALENT,
	VERDICT_SIZE_UNRESOLVED,
	VERDICT_INCONCLUSIVE,
};

const char *verdict_name(enum verdict verdict);

struct compare_options {
	const char *baseline; /* variant; NULL: "none" */
	const char *metric;   /* NULL: "ns_per_op"; or "cpu_ns_per_op" */
	double margin;	      /* δ; 0.02 is the standard */
	double alpha;	      /* family-wise; 0.05 is the standard */
};

/* One row of comparisons.csv. */
struct comparison {
	char family[RECORD_TEXT]; /* headline, exploratory, … */
	char cell[RECORD_TEXT];
	char metric[RECORD_TEXT];
	char baseline[RECORD_TEXT];
	char variant[RECORD_TEXT];
	size_t launches;
	double ratio, ci_low, ci_high;
	double ci_level; /* exact coverage of the sign interval */
	double p_raw, p_adjusted;
	const char *adjust_method; /* "holm" or "bh" */
	enum verdict verdict;
	double margin;
	double hodges_lehmann;	/* second opinion on the ratio */
	double sigma;		/* MAD-sd of the launch medians, log scale */
	size_t launches_needed; /* where inconclusive, else 0 */
};

struct comparison_list {
	size_t count;
	struct comparison *items;
};

/*
 * Compares every variant with the baseline in every cell of a run directory's
 * trials.csv. Excluded rounds and launches with a failed lane are left out.
 * A cell is in the family "headline" (Holm) where plan.csv has headline = 1
 * for it, else in "exploratory" (Benjamini-Hochberg). 0, or -1 with error[].
 */
int compare_run(struct comparison_list *list, const char *run,
	const struct compare_options *options, char error[CSV_ERROR]);

/*
 * Compares the cells that two runs share, variant by variant: RUN2 against RUN
 * as unpaired launches (their operations and machines may differ, which the
 * method page names as the limit of this form).
 */
int compare_runs(struct comparison_list *list, const char *run,
	const char *run2, const struct compare_options *options,
	char error[CSV_ERROR]);

/* Writes comparisons.csv. 0, or -1 with errno. */
int comparisons_write(const struct comparison_list *list, const char *path);

enum table_format { FORMAT_TABLE, FORMAT_CSV, FORMAT_JSON };

/* Prints the comparisons, A' first, then by cell. */
void comparisons_print(const struct comparison_list *list, FILE *out,
	enum table_format format);

void comparison_list_finish(struct comparison_list *list);

#endif /* SERIALBENCH_COMPARE_H */
