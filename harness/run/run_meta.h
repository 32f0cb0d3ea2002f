// SPDX-License-Identifier: MIT
//
// meta.json read back: what a run that is resumed, or joined to others, was
// asked for. It is the last of a run's first files: where it is, the run had
// begun.
#ifndef SERIALBENCH_RUN_META_H
#define SERIALBENCH_RUN_META_H

#include <jansson.h>

#include "error_text.h"
#include "run_options.h"

/* The record of the run in `directory`, of a schema that this build knows; the
 * caller calls json_decref(). NULL with one line in error. */
json_t *run_meta_load(const char *directory, struct error *error);

/* A text or number of the record, "" and 0 where it has none. `part` is an
 * object in it ("plan"), or NULL. */
const char *run_meta_text(
	const json_t *meta, const char *part, const char *name);
uint64_t run_meta_count(const json_t *meta, const char *part, const char *name);

/*
 * Fills the options as the run was given them; allocators are as the record
 * has them, proven by nobody. 0, or -1 with one line in error.
 */
int run_meta_options(const json_t *meta, const char *directory,
	struct run_options *options, struct error *error);

/* The plan in the run's plan.csv, for options that were filled from its
 * record. 0, or -1 with one line in error. */
int run_meta_plan(const json_t *meta, const char *directory,
	struct run_options *options, struct plan *plan, struct error *error);

#endif /* SERIALBENCH_RUN_META_H */
