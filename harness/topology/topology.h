// SPDX-License-Identifier: MIT
//
// The machine as the harness sees it, and where threads go on it. The only
// room behind hwloc: topology*.c alone include hwloc.h.
#ifndef SERIALBENCH_TOPOLOGY_H
#define SERIALBENCH_TOPOLOGY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error_text.h"

#define TOPOLOGY_TEXT 256
#define TOPOLOGY_MAX_THREADS 512

/* A way to put threads on PUs, named by the distance between neighbours. */
enum placement {
	PLACEMENT_CORES, /* standard: a core each, nearest first */
	PLACEMENT_SMT, /* siblings of one core */
	PLACEMENT_SAME_L3, /* a core each under one L3 */
	PLACEMENT_CROSS_L3, /* neighbours under different L3 caches */
	PLACEMENT_CROSS_NUMA, /* neighbours on different NUMA nodes */
	PLACEMENT_OVERSUBSCRIBED, /* more threads than PUs */
	PLACEMENTS,
};

const char *placement_name(enum placement placement);
const char *placement_description(enum placement placement);

/* The placement of that name; PLACEMENTS where there is none. */
enum placement placement_find(const char *name);

struct topology;

/*
 * Loads this machine's topology, restricted to the PUs that this process may
 * use (cpuset of the container, affinity), or a synthetic one in hwloc's
 * notation ("numa:2 l3:2 core:4 pu:2"). 0, or -1 with error.
 */
int topology_create(
	struct topology **topology, const char *synthetic, struct error *error);
void topology_destroy(struct topology *topology);

/* False for a synthetic one: pinning to it would succeed and do nothing. */
bool topology_is_this_system(const struct topology *topology);

/* Allowed PUs. */
unsigned topology_pu_count(const struct topology *topology);

/*
 * Chooses a PU (OS index) for each of `threads` threads; `seed` picks among
 * the equivalent choices of one topology class. 0, or -1 with error where
 * the machine has no such placement for so many threads.
 */
int topology_place(const struct topology *topology, enum placement placement,
	unsigned threads, uint64_t seed, unsigned *pus, struct error *error);

/* Writes hwloc's XML. 0, or -1 with errno. */
int topology_write_xml(const struct topology *topology, const char *path);

/* One line: packages, NUMA nodes, L3 caches, cores, PUs. */
void topology_summary(const struct topology *topology, char *text, size_t size);

#endif /* SERIALBENCH_TOPOLOGY_H */
