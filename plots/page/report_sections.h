// SPDX-License-Identifier: MIT
//
// The sections of the page, in its order. Each writes itself whole, also where
// its file is missing; write errors stay in the stream.
#ifndef SERIALBENCH_REPORT_SECTIONS_H
#define SERIALBENCH_REPORT_SECTIONS_H

#include <stdio.h>

#include "figure.h"
#include "report_data.h"

/* The answer in a sentence, facts of the run, the warning where A′ was called
 * different. */
void report_header(FILE *page, const struct report_data *data);

/* What each scheme costs, the noise floor, tls against slot and atomic. */
void report_answer(FILE *page, const struct report_data *data);

/* The geometric means over the headline cells. */
void report_suite(FILE *page, const struct report_data *data);

/* A table's cell with a ratio, the mark of its verdict, and its interval, of a
 * row of comparisons.csv or summary.csv. */
void report_map_cell(FILE *page, const struct csv_table *table, size_t row);

/* Variant by workload at the most threads, over allocators. */
void report_heat(FILE *page, const struct report_data *data);

void report_headline_table(FILE *page, const struct report_data *data);

/* All comparisons of rows[from..to) as a table with one group per cell. */
void report_comparison_table(FILE *page, const struct report_data *data,
	const struct comparison_row *rows, size_t count);

/* Pictures, caption and the command of a figure; whether it is drawn. */
bool report_pictures(FILE *page, const struct report_data *data,
	const struct figure *figure, const char *directory, const char *alt,
	const char *caption);

/* Opens <details> for the numbers of a figure: folded under a picture, open
 * without one. */
void report_numbers(FILE *page, bool drawn);

/* A figure's pictures, its command and its numbers. directory holds the SVG
 * files; a figure that is not drawn shows its numbers open. */
void report_forest(FILE *page, const struct report_data *data,
	const struct figure *forest, const struct figure *controls,
	const char *directory);
void report_contention(FILE *page, const struct report_data *data,
	const struct figure *figure, const char *directory);
void report_run(FILE *page, const struct report_data *data,
	const struct figure *figure, const char *directory);
void report_throughput(FILE *page, const struct report_data *data,
	const struct figure *figure, const char *directory);
void report_memory(FILE *page, const struct report_data *data,
	const struct figure *figure, const char *directory);
void report_latency(FILE *page, const struct report_data *data,
	const struct figure *figure, const char *directory);

void report_serial(FILE *page, const struct report_data *data);
void report_counters(FILE *page, const struct report_data *data);
void report_programs(FILE *page, const struct report_data *data);
void report_harness(FILE *page, const struct report_data *data);
void report_certificate(FILE *page, const struct report_data *data,
	const struct figure *figure, const char *directory);
void report_fairness(FILE *page, const struct report_data *data);
/* The head of a ledger's page, in place of report_header()'s. */
void report_ledger_header(FILE *page, const struct report_data *data);
void report_ledger(FILE *page, const struct report_data *data,
	const struct figure *figure, const char *directory);
void report_failed(FILE *page, const struct report_data *data);
void report_method(FILE *page);
void report_environment(FILE *page, const struct report_data *data);

#endif /* SERIALBENCH_REPORT_SECTIONS_H */
