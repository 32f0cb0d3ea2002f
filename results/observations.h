// SPDX-License-Identifier: MIT
//
// The trials of a run as a comparison needs them: one small record a row, so
// that ten million rows take a quarter of a gigabyte. Inside results/ only.
#ifndef SERIALBENCH_OBSERVATIONS_H
#define SERIALBENCH_OBSERVATIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "csv_table.h"
#include "error_text.h"
#include "names.h"

struct observation {
	double y; /* log of the metric; NaN where it is left out */
	uint32_t cell, launch, round;
	uint16_t variant;
	uint8_t link_order; /* of its worker, modulo 256 */
	bool failed : 1, excluded : 1;
	bool copy : 1; /* of the baseline: A' */
};

struct observations {
	size_t count;
	struct observation *items; /* by cell, variant, launch, round */
	struct names cells, variants;
};

/* The rows of one variant in one cell. */
struct slice {
	const struct observation *items;
	size_t count;
};

/*
 * Reads RUN/trials.csv. y is NaN for every row of an excluded round and of a
 * launch in which some lane of the cell has failed, so that such a variant is
 * still seen, and where the metric was not measured. `metric` is
 * "ns_per_op", "cpu_ns_per_op" or "unevenness". 0, or -1 with error; finish
 * it in both cases.
 */
int observations_read(struct observations *observations, const char *run,
	const char *metric, struct error *error);

/* The same of rows that are here, in any order, each turn once. */
int observations_take(struct observations *observations,
	const struct trial *rows, size_t count, const char *metric,
	struct error *error);

/* Applies that rule to rows in the order of cell, launch and round. */
void observations_exclude(struct observations *observations);

/* The rows from `from` on that have its cell and variant. */
struct slice observations_slice(
	const struct observations *observations, size_t from);

/* The rows of a cell and variant, by number; none where there are none, as for
 * NAMES_NONE. */
struct slice observations_find(const struct observations *observations,
	uint32_t cell, uint32_t variant);

/*
 * The median of y in each launch, or with `baseline` of the differences y −
 * y(baseline) over the rounds that both have. Writes at most variant.count
 * values and returns how many; launches with nothing kept have none.
 */
size_t launch_medians(
	double *medians, struct slice variant, const struct slice *baseline);

/* The same with the launches' numbers, in as much room. */
size_t launch_medians_numbered(double *medians, uint32_t *numbers,
	struct slice variant, const struct slice *baseline);

void observations_finish(struct observations *observations);

#endif /* SERIALBENCH_OBSERVATIONS_H */
