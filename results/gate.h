// SPDX-License-Identifier: MIT
//
// Whether a run holds to limits: for the CI of other projects. docs/gate.md
// says why each rule is as it is.
#ifndef SERIALBENCH_GATE_H
#define SERIALBENCH_GATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "compare.h"
#include "error_text.h"

#define GATE_RUNS 2
#define GATE_BYTES "bytes_per_block" /* the metric of what a block costs */

/* What was found, best last. `over` is proven, `suspected` is proven in one
 * run and not (yet) in the other, `unmeasured` has no launch or row left. */
enum gate_finding {
	GATE_OVER,
	GATE_UNMEASURED,
	GATE_SUSPECTED,
	GATE_INCONCLUSIVE,
	GATE_WITHIN,
	GATE_FINDINGS,
};

const char *gate_finding_name(enum gate_finding finding);

struct gate_options {
	const char *runs[GATE_RUNS];
	size_t run_count; /* 1 or 2 */
	const char *baseline; /* variant */
	const char *const *variants; /* held to the limits, closed by NULL */
	const char *metric; /* ns_per_op or cpu_ns_per_op */
	double max_slowdown; /* 0.02 is 2 %; NaN: no limit */
	double max_bytes; /* of a block, over the baseline; NaN: no limit */
	double alpha; /* of a run; 0.05 is the standard */
	bool single; /* one run is enough to fail a cell's time */
	bool strict; /* suspected and inconclusive fail, too */
};

/* What one run says of one item. */
struct gate_look {
	enum gate_finding finding;
	double value, low, high; /* ratio, or bytes; NaN where none */
	size_t launches_needed; /* where inconclusive, else 0 */
};

struct gate_item {
	char cell[RECORD_TEXT]; /* of bytes: memory,size=64/system */
	char variant[RECORD_TEXT];
	char metric[RECORD_TEXT]; /* GATE_BYTES, or the options' */
	double limit; /* of the ratio, or bytes */
	struct gate_look looks[GATE_RUNS];
	enum gate_finding finding;
	bool failed;
};

struct gate {
	size_t count;
	struct gate_item *items;
	size_t run_count;
	size_t found[GATE_FINDINGS]; /* how many of each */
	size_t failed;
};

/*
 * Holds the runs to the limits. An item that only one of two runs has is
 * unmeasured in the other. 0, or -1 with error: a file that cannot be read,
 * a variant or baseline without trials, nothing to look at. Finish it in both
 * cases.
 */
int gate_check(struct gate *gate, const struct gate_options *options,
	struct error *error);

/* Prints the items: the table has those that are not within their limit, one
 * line each, and a summary; csv and json have all. */
void gate_print(const struct gate *gate, const struct gate_options *options,
	FILE *out, enum table_format format);

/* Accepts a zeroed gate. */
void gate_finish(struct gate *gate);

/* Inside results/ only. */

/* The item of that cell, variant and metric; a new one where there is none,
 * unmeasured in every run. NULL where memory ran out. */
struct gate_item *gate_find(struct gate *gate, const char *cell,
	const char *variant, const char *metric);

/* What RUN/memory.csv of run `index` says. 0, or -1 with error. */
int gate_look_at_bytes(struct gate *gate, const struct gate_options *options,
	size_t index, struct error *error);

#endif /* SERIALBENCH_GATE_H */
