// SPDX-License-Identifier: MIT
//
// Inside of topology*.c: a placement is an order of the PUs, and its threads
// take the first of them. Orders are lists of keys, so that what is drawn by
// the seed stands beside what is not.
#ifndef SERIALBENCH_TOPOLOGY_ORDER_H
#define SERIALBENCH_TOPOLOGY_ORDER_H

#include "topology_table.h"

#define ORDER_KEYS 7

struct order_entry {
	const struct topology_pu *pu;
	uint64_t
		keys[ORDER_KEYS]; /* smaller first, the first key counts most */
};

/* One choice of PUs. */
struct order {
	const struct topology *topology;
	uint64_t seed;
	unsigned threads;
	struct order_entry *entries; /* topology->pu_count of them, at most */
	unsigned count;
};

/* 0, or -1 with errno; finish takes an order that was never begun. */
int order_init(struct order *order, const struct topology *topology,
	unsigned threads, uint64_t seed);
void order_finish(struct order *order);

/* A number for one object of a level that nobody can foresee without the seed;
 * no two objects of a level have the same. */
uint64_t order_draw(
	const struct order *order, enum topology_level level, unsigned object);

/* The PU's place among its siblings, turned by a drawn number. */
unsigned order_sibling(const struct order *order, const struct topology_pu *pu);

/* Appends the PU with its first keys; the drawn numbers of its package, NUMA
 * node, L3 and core follow them. */
void order_add(struct order *order, const struct topology_pu *pu,
	uint64_t first, uint64_t second);

void order_sort(struct order *order);

#endif /* SERIALBENCH_TOPOLOGY_ORDER_H */
