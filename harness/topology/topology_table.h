// SPDX-License-Identifier: MIT
//
// Inside of topology*.c: the machine as a flat table of its allowed PUs. All
// choosing is done on the table, so it knows nothing of hwloc.
#ifndef SERIALBENCH_TOPOLOGY_TABLE_H
#define SERIALBENCH_TOPOLOGY_TABLE_H

#include <limits.h>

#include "topology.h"

/* What PUs may share, nearest first. */
enum topology_level {
	LEVEL_CORE,
	LEVEL_L3,
	LEVEL_NUMA,
	LEVEL_PACKAGE,
	LEVEL_MACHINE,
	TOPOLOGY_LEVELS,
};

/* In at[]: it lies under no object of that level. */
#define TOPOLOGY_NOWHERE UINT_MAX

struct topology_pu {
	unsigned os_index;
	unsigned at[TOPOLOGY_LEVELS]; /* number of the object at the level */
	unsigned sibling; /* 0, 1, … among the allowed PUs of its core */
	unsigned siblings; /* how many those are, itself among them */
};

/* hwloc's handle is a pointer to this. */
struct hwloc_topology;

struct topology {
	struct hwloc_topology *hwloc;
	bool this_system;
	unsigned pu_count;
	struct topology_pu *pus; /* pu_count, in hwloc's logical order */
};

/* Fills pus and pu_count from the loaded hwloc. 0, or -1 with errno. */
int topology_scan(struct topology *topology);

/* Objects of a level that hold an allowed PU. */
unsigned topology_count(
	const struct topology *topology, enum topology_level level);

static inline bool topology_share(const struct topology_pu *one,
	const struct topology_pu *other, enum topology_level level)
{
	return one->at[level] == other->at[level] &&
		one->at[level] != TOPOLOGY_NOWHERE;
}

#endif /* SERIALBENCH_TOPOLOGY_TABLE_H */
