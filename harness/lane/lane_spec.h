// SPDX-License-Identifier: MIT
//
// What a lane is: one column of a run, however it is run.
#ifndef SERIALBENCH_LANE_SPEC_H
#define SERIALBENCH_LANE_SPEC_H

#include "alloc_backend.h"

struct lane_spec {
	const char *name; /* as tables and CSV have it */
	enum alloc_role role;
	const char *backend; /* the variant that its worker runs */
	/* The scheme whose preload library a whole program is run on for it;
	 * NULL: none. */
	const char *library;
};

/* Of a backend of the registry, or of a peer's. The texts stay the backend's.
 */
struct lane_spec lane_spec_of(const struct alloc_backend *backend);

/* The lane of that name among the registry's backends. False where there is
 * none. */
bool lane_spec_find(struct lane_spec *spec, const char *name);

/* RECORD_ROLE_…: the role as trials.csv and meta.json have it. Never NULL. */
const char *lane_role_name(enum alloc_role role);

#endif /* SERIALBENCH_LANE_SPEC_H */
