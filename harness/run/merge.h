// SPDX-License-Identifier: MIT
//
// The shards of one plan, joined to a run.
#ifndef SERIALBENCH_MERGE_H
#define SERIALBENCH_MERGE_H

#include "error_text.h"
#include "run.h"

#define MERGE_PARTS 1000 /* as many as --shard takes */

/*
 * Makes `directory`, which must not exist, from parts that are runs or shards
 * of one plan by one build on the same allocator versions, no launch of which
 * is in two of them: the whole plan, all trials in its order, row by row as
 * they were, the turns of each cell from the first part that knows them, the
 * other tables from the first part that has them, and a record that names the
 * parts. `options` becomes those of the first part. What is
 * left in run->plan was in no part. 0, or an enum run_refusal with one line in
 * error and nothing left behind; finish the run in both cases.
 */
int merge_runs(struct run *run, struct run_options *options,
	const char *directory, char *const *parts, size_t count,
	struct error *error);

#endif /* SERIALBENCH_MERGE_H */
