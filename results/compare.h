// SPDX-License-Identifier: MIT
//
// From trials to verdicts: docs/method.md says why each step is as it is.
#ifndef SERIALBENCH_COMPARE_H
#define SERIALBENCH_COMPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "csv_table.h"
#include "error_text.h"
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

/* The verdict of that name; what is no verdict's name claims nothing:
 * VERDICT_INCONCLUSIVE. */
enum verdict verdict_of_name(const char *name);

/* Slower, faster, or different by an unresolved size. */
bool verdict_is_different(enum verdict verdict);

/* One character: ▲ slower, ▼ faster, = equivalent, ≠ size unresolved, ?. */
const char *verdict_sign(enum verdict verdict);

struct compare_options {
	const char *baseline; /* variant; NULL: "none" */
	/* NULL: "ns_per_op"; or "cpu_ns_per_op", "unevenness" (fairness.h) */
	const char *metric;
	double margin; /* δ; 0.02 is the standard */
	double alpha; /* family-wise; 0.05 is the standard */

	/* Only these variants, closed by NULL, make up the families of
	 * compare_run(); NULL: all. */
	const char *const *variants;
};

/* What every other variant is held against where nobody says otherwise. */
#define COMPARE_BASELINE "none"

/* One row of comparisons.csv. A NaN is an empty field. */
struct comparison {
	char family[RECORD_TEXT]; /* headline, exploratory, … */
	char cell[RECORD_TEXT];
	char metric[RECORD_TEXT];
	char baseline[RECORD_TEXT];
	char variant[RECORD_TEXT];
	bool is_copy; /* the variant is A' */
	size_t launches;
	double ratio, ci_low, ci_high; /* NaN bounds: too few launches */
	double ci_level; /* coverage of the interval; NaN where none */
	/* The interval between two values of launches, with its own coverage.
	 */
	double exact_low, exact_high, exact_level;
	double step; /* of launches that pile up, log scale; 0: they do not */
	double p_least; /* that so many launches can have; 1 where none */
	double p_raw, p_adjusted;
	const char *adjust_method; /* "holm" or "bh" */
	enum verdict verdict;
	double margin;
	double hodges_lehmann; /* second opinion on the ratio */
	double sigma; /* MAD-sd of the launch medians, log scale */
	size_t launches_needed; /* where inconclusive, else 0 */
	/* What the verdict does not say: that so few launches cannot decide,
	 * that they pile up in steps. Or "". */
	char remark[RECORD_TEXT];
};

/* A' first, then the headline family, then by cell; within a cell the variants
 * stand in the order of their first trials. */
struct comparison_list {
	size_t count;
	struct comparison *items;
};

/*
 * Compares every variant with the baseline in every cell of a run directory's
 * trials.csv. Excluded rounds and launches with a failed lane are left out.
 * A cell is in the family "headline" (Holm) where plan.csv has headline = 1
 * for it, else in "exploratory" (Benjamini-Hochberg). A variant of which no
 * launch is left has launches 0, a ratio of NaN and p 1. 0, or -1 with
 * error; the list is then empty.
 */
int compare_run(struct comparison_list *list, const char *run,
	const struct compare_options *options, struct error *error);

/*
 * Compares the cells that two runs share, variant by variant: RUN2 against RUN
 * as unpaired launches (their operations and machines may differ, which the
 * method page names as the limit of this form). The effect is the difference
 * of the medians over launches; p and the interval are Mann-Whitney's; the
 * baseline is named by RUN's last path component, options->baseline is not
 * used, and `launches` is the fewer of both. 0, or -1 with error.
 */
int compare_runs(struct comparison_list *list, const char *run,
	const char *run2, const struct compare_options *options,
	struct error *error);

/* Writes comparisons.csv, in place of one that is there. 0, or -1 with errno;
 * the one that was there then stands. */
int comparisons_write(const struct comparison_list *list, const char *path);

enum table_format { FORMAT_TABLE, FORMAT_CSV, FORMAT_JSON };

struct summary; /* summary.h */

/* Prints the comparisons of one call in their order, the table with a line on
 * top where A' is called different. Below it, and in JSON beside them, stands
 * the summary, which may be NULL; CSV has the comparisons alone. What could not
 * be written shows in ferror(out). */
void comparisons_print(const struct comparison_list *list,
	const struct summary *summary, FILE *out, enum table_format format);

/* Accepts NULL and a zeroed list. */
void comparison_list_finish(struct comparison_list *list);

#endif /* SERIALBENCH_COMPARE_H */
