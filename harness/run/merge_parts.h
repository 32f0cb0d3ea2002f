// SPDX-License-Identifier: MIT
//
// The parts of a merge, read and held against each other. Inside merge*.c
// only.
#ifndef SERIALBENCH_MERGE_PARTS_H
#define SERIALBENCH_MERGE_PARTS_H

#include <jansson.h>

#include "error_text.h"
#include "run.h"
#include "trials_scan.h"

struct merge_part {
	const char *directory;
	/* Its trials.csv, or a copy in this build's form, in memory. */
	char trials[RUN_PATH + 64];
	int copy; /* its descriptor, or 0 */
	json_t *meta;
	struct trials_scan scan; /* its launches are those of run->plan */
};

struct merge {
	struct run *run;
	struct run_options *options;
	struct merge_part *parts;
	size_t count;
	/* By order in the plan: the part that has the launch, and where. */
	const struct merge_part **part_of;
	const struct trials_launch **launch_of;
};

/* Reads all parts; options and plan of the run are then those of the first.
 * 0, or -1 with error; finish it in both cases. */
int merge_read(struct merge *merge, char *const *directories, size_t count,
	struct error *error);

/* The record of the whole, new; NULL where memory ran out. */
json_t *merge_record(const struct merge *merge, const char *run_id);

/*
 * Makes `of_part` the plan with cells of its own, free() them, and with what
 * the part's pilot.csv says of them; launches are the plan's. 1 where the part
 * has a pilot.csv, 0 where not, or -1 with error and nothing to free.
 */
int merge_read_pilots(struct plan *of_part, const struct plan *plan,
	const char *directory, struct error *error);

/* Writes pilot.csv, where a part has one, and its rows of metrics.csv, which is
 * open: for each cell the turns of the first part that knows them. 0, or -1
 * with error, or with errno where that is empty. */
int merge_write_pilots(const struct merge *merge, struct error *error);

/* Accepts a zeroed merge. */
void merge_finish(struct merge *merge);

#endif /* SERIALBENCH_MERGE_PARTS_H */
