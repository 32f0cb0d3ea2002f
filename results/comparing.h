// SPDX-License-Identifier: MIT
//
// A comparison in the making. Inside results/ only.
#ifndef SERIALBENCH_COMPARING_H
#define SERIALBENCH_COMPARING_H

#include <stdbool.h>
#include <stddef.h>

#include "compare.h"
#include "error_text.h"
#include "names.h"
#include "summing.h"

#define FAMILY_HEADLINE "headline"
#define FAMILY_EXPLORATORY "exploratory"

struct comparing {
	struct comparison_list *list;
	const char *baseline, *metric;
	double margin, alpha;
	const char *const *variants; /* NULL: all */
	struct names headline; /* cells */
	size_t room; /* of values, and of launches */
	double *values;
	uint32_t *launches;
	struct summing *summing; /* takes the headline cells; or NULL */
	struct error *error;
};

/* Sets up all but list and error, which are there, and empties the list.
 * options->baseline and metric may be NULL; reads RUN/plan.csv. 0, or -1 with
 * the error text; finish it in both cases. */
int comparing_start(struct comparing *comparing, const char *run,
	const struct compare_options *options);

/* Frees what was held; the list too where the result is not 0. */
void comparing_finish(struct comparing *comparing, int result);

/* Puts "out of memory" into the error text. Returns -1. */
int comparing_no_memory(struct comparing *comparing);

/* Sees that `values` and `launches` have room for `count`. 0, or -1 with the
 * error text. */
int comparing_room(struct comparing *comparing, size_t count);

/* A new comparison with its texts and family; the estimate is the caller's.
 * It stays where it is until the next one. NULL with the error text. */
struct comparison *comparing_add(
	struct comparing *comparing, const char *cell, const char *variant);

/*
 * The estimate from the launch medians on the log scale: effect, interval, p,
 * second opinion, sigma. Sorts the values and uses as much room behind them.
 */
void estimate_paired(
	struct comparison *comparison, double *values, size_t n, double alpha);

/* The same of y against x; y stands directly behind x. */
void estimate_unpaired(struct comparison *comparison, double *x, size_t n,
	double *y, size_t m, double alpha);

/* The verdict by an interval and whether there is a difference at all; NaN
 * bounds for no interval. */
enum verdict verdict_of_interval(
	double low, double high, double margin, bool differs);

/* Adjusts the p values of each family, gives the verdicts and sorts. 0, or -1
 * with the error text. */
int comparing_judge(struct comparing *comparing);

#endif /* SERIALBENCH_COMPARING_H */
