// SPDX-License-Identifier: MIT
//
// The placements by name.
#include <string.h>

#include "topology.h"

static const struct {
	const char *name, *description;
} placements[PLACEMENTS] = {
	[PLACEMENT_CORES] = {"cores",
		"a core each, nearest first; SMT siblings when cores run out"},
	[PLACEMENT_SMT] = {"smt",
		"all PUs of one core, then of the next: SMT siblings"},
	[PLACEMENT_SAME_L3] = {"same-l3", "a core each under one L3 cache"},
	[PLACEMENT_CROSS_L3] = {"cross-l3",
		"neighbours under different L3 caches, in one NUMA node where "
		"possible"},
	[PLACEMENT_CROSS_NUMA] = {"cross-numa",
		"neighbours on different NUMA nodes"},
	[PLACEMENT_OVERSUBSCRIBED] = {"oversubscribed",
		"more threads than PUs, spread evenly"},
};

const char *placement_name(enum placement placement)
{
	return placements[placement].name;
}

const char *placement_description(enum placement placement)
{
	return placements[placement].description;
}

enum placement placement_find(const char *name)
{
	for (unsigned i = 0; i < PLACEMENTS; i++)
		if (strcmp(placements[i].name, name) == 0)
			return (enum placement)i;
	return PLACEMENTS;
}
