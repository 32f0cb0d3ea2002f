// SPDX-License-Identifier: MIT
//
// The lists of `serialbench run` and `ledger`: names to what they name.
#ifndef SERIALBENCH_OPTIONS_LISTS_H
#define SERIALBENCH_OPTIONS_LISTS_H

#include "error_text.h"
#include "option_table.h"
#include "options.h"

/* Each adds what a comma list (or "all") names to the request of a struct
 * options_reading; cuts the text in place, and the request may go on pointing
 * into it. 0, or -1 with error. */
option_take options_take_variants, options_take_allocators,
	options_take_workloads, options_take_threads, options_take_placements;

/* Reads and proves what --peer names. 0, or -1 with error. */
option_take options_take_peer;

/* Allocators, the system's first, that are wanted but may be missing: said on
 * stderr, and left out. 0, or -1 with error where not even the system's is
 * proven. */
int options_add_installed(struct plan_request *request,
	const char *const *names, struct error *error);

void options_add_all_variants(struct plan_request *request);

#endif /* SERIALBENCH_OPTIONS_LISTS_H */
