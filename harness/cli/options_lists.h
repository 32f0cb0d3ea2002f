// SPDX-License-Identifier: MIT
//
// The lists of `serialbench run`: names to what they name.
#ifndef SERIALBENCH_OPTIONS_LISTS_H
#define SERIALBENCH_OPTIONS_LISTS_H

#include "error_text.h"
#include "options.h"

enum options_list {
	LIST_VARIANTS,
	LIST_ALLOCATORS,
	LIST_WORKLOADS,
	LIST_THREADS,
	LIST_PLACEMENTS,
};

/* Adds what a comma list (or "all") names; cuts the text in place, and the
 * request may go on pointing into it. 0, or -1 with error. */
int options_read_list(struct plan_request *request, enum options_list list,
	char *text, unsigned pus, struct error *error);

/* Allocators, the system's first, that are wanted but may be missing: said on
 * stderr, and left out. 0, or -1 with error where not even the system's is
 * proven. */
int options_add_installed(struct plan_request *request,
	const char *const *names, struct error *error);

/* Reads and proves what --peer names. 0, or -1 with error. */
int options_add_peer(
	struct plan_request *request, const char *text, struct error *error);

void options_add_all_variants(struct plan_request *request);

#endif /* SERIALBENCH_OPTIONS_LISTS_H */
