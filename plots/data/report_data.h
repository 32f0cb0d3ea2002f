// SPDX-License-Identifier: MIT
//
// What a report is made of: the files of a run directory, in memory.
#ifndef SERIALBENCH_REPORT_DATA_H
#define SERIALBENCH_REPORT_DATA_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "cell_name.h"
#include "compare.h"
#include "csv_table.h"
#include "error_text.h"
#include "trial_summary.h"

enum report_file {
	FILE_COMPARISONS,
	FILE_SUMMARY,
	FILE_MEMORY,
	FILE_SERIAL,
	FILE_LATENCY,
	FILE_SCALING,
	FILE_COUNTERS,
	FILE_METRICS,
	FILE_EXEC,
	FILE_PLAN,
	FILE_CERTIFICATE,
	FILE_LEDGER,
	FILE_COUNT,
};

enum verdict_kind {
	SLOWER = VERDICT_SLOWER,
	FASTER = VERDICT_FASTER,
	EQUIVALENT = VERDICT_EQUIVALENT,
	UNRESOLVED = VERDICT_SIZE_UNRESOLVED,
	INCONCLUSIVE = VERDICT_INCONCLUSIVE,
	VERDICT_KINDS,
};

/* A row of comparisons.csv. The texts belong to the table. */
struct comparison_row {
	size_t row; /* in the table */
	const char *cell, *variant, *baseline, *metric, *verdict;
	struct cell_name name;
	bool headline;
	enum verdict_kind kind;
	double ratio, ci_low, ci_high, ci_level, p_adjusted, margin;
	double launches_needed;
};

struct report_data {
	const char *run; /* as given */
	char *name; /* last part of its real path: no path of a machine */
	struct csv_table tables[FILE_COUNT];
	bool present[FILE_COUNT];
	bool has_trials;
	struct trial_summary trials;
	bool is_ledger; /* of `serialbench ledger`: nothing is compared */
	json_t *meta; /* NULL where there is no meta.json */

	/* The main comparisons: one metric, one baseline; headline cells
	 * first, then by cell and variant. */
	struct comparison_row *rows;
	size_t row_count, headline_count, headline_cells;
	/* All the others (another baseline or metric). */
	struct comparison_row *others;
	size_t other_count;
	const char *baseline, *metric; /* of rows; "none", "ns_per_op" */
	unsigned threads; /* most threads of a headline cell */
	double margin;
};

/* Reads a run directory. Files may be missing, but not all of them. 0, or -1
 * with error; data must be finished in either case. */
int report_data_read(
	struct report_data *data, const char *run, struct error *error);

/* Whether a panel of the throughput figure holds a headline cell. True for
 * all where neither plan.csv nor comparisons.csv names one. */
bool report_data_is_headline(
	const struct report_data *data, const struct cell_name *name);

/* Of a verdict's name; what is no verdict claims nothing. */
enum verdict_kind report_verdict_kind(const char *verdict);

/* "comparisons.csv", … */
const char *report_file_name(enum report_file file);

/* The field of a column by its name; "" where there is none. */
const char *report_field(
	const struct csv_table *table, size_t row, const char *column);
double report_real(
	const struct csv_table *table, size_t row, const char *column);

void report_data_finish(struct report_data *data);

#endif /* SERIALBENCH_REPORT_DATA_H */
