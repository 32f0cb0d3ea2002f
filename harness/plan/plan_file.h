// SPDX-License-Identifier: MIT
//
// plan.csv: the plan as a run keeps it, so that it can be finished by another
// process, or in parts on other machines.
#ifndef SERIALBENCH_PLAN_FILE_H
#define SERIALBENCH_PLAN_FILE_H

#include "error_text.h"
#include "plan.h"

/* Writes plan.csv; the file must not exist. 0, or -1 with errno. */
int plan_write(const struct plan *plan, const char *path);

/*
 * Reads plan.csv. `cells` are the names of all cells in the order in which they
 * are shown; the request has variants and allocators, and gets the counts of
 * launches and rounds (0: the pilot chooses) and the length of a turn. 0, or -1
 * with one line in error that names file, line and column; the plan is then
 * empty.
 */
int plan_read(struct plan *plan, struct plan_request *request,
	const char *const *cells, size_t cell_count, const char *path,
	struct error *error);

/*
 * The plan's identity: 64-bit FNV-1a over all that was drawn or fixed
 * beforehand: every launch in order, the variants, pinning. It is the same for
 * a run that is resumed and for all shards of a run.
 */
void plan_identify(const struct plan *plan, char id[PLAN_ID]);

/* The launch of a cell by its number, an extra one as well, or NULL. */
struct plan_launch *plan_find_launch(
	const struct plan *plan, const char *cell, uint64_t launch);

/* Leaves to this run what is of shard `shard` of `shards` (from 1): the
 * launches whose number modulo `shards` is `shard` - 1, so that each shard has
 * every cell. */
void plan_take_shard(struct plan *plan, unsigned shard, unsigned shards);

#endif /* SERIALBENCH_PLAN_FILE_H */
