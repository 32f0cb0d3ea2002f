// SPDX-License-Identifier: MIT
//
// Percentiles of latency: of each launch as they were measured, and what the
// launches say together.
#ifndef SERIALBENCH_LATENCY_H
#define SERIALBENCH_LATENCY_H

#include <stddef.h>
#include <stdint.h>

#include "csv_table.h"
#include "csv_writer.h"
#include "error_text.h"

/* 50, 90, 99, 99.9, 99.99, and 100: the longest. */
#define LATENCY_PERCENTILES 6

/* Of the percentile: 50, …. */
double latency_percentile(unsigned index);

/* One variant, loop and operation in one launch: a row of
 * latency_launches.csv. */
struct latency_launch {
	const char *cell, *variant, *loop, *operation;
	uint64_t launch, samples, one_in;
	double clock_ns; /* of one reading: it is in every time */
	double period_ns; /* of the open loop; NaN in a closed one */
	double ns[LATENCY_PERCENTILES]; /* NaN: too few samples for it */
};

extern const char *const latency_launch_header;

/* 0, or -1 with errno. */
int latency_launch_write(
	struct csv_writer *writer, const struct latency_launch *launch);

/* Over the launches: one variant, loop, operation and percentile. */
struct latency_item {
	const char *cell, *variant, *loop, *operation; /* of the table */
	double percentile;
	size_t launches; /* that have the percentile */
	double samples, clock_ns, period_ns; /* medians; NaN: none has it */
	double ns, low, high, level; /* median; sign interval, NaN where none */
	/* Over the baseline's in the same launch; NaN where it has none. */
	double ratio, ratio_low, ratio_high;
};

struct latency {
	struct csv_table table; /* latency_launches.csv */
	struct latency_item *items; /* by cell, loop, operation, variant */
	size_t count;
};

/* Reads a latency_launches.csv and compares with the variant `baseline`. 0, or
 * -1 with error; finish it in both cases. */
int latency_read(struct latency *latency, const char *path,
	const char *baseline, struct error *error);

/* Writes latency.csv at `path`, which must not exist. 0, or -1 with errno. */
int latency_write(const struct latency *latency, const char *path);

/* Accepts NULL and a zeroed one. */
void latency_finish(struct latency *latency);

#endif /* SERIALBENCH_LATENCY_H */
