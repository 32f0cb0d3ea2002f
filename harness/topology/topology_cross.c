// SPDX-License-Identifier: MIT
//
// Round robin over L3 caches or NUMA nodes.
#include "topology_cross.h"
#include "prng.h"

/* How many entries before `end` lie under the same object. */
static unsigned count_with(const struct order *order, unsigned end,
	const struct topology_pu *pu, enum topology_level level)
{
	unsigned count = 0;

	for (unsigned i = 0; i < end; i++)
		count += topology_share(pu, order->entries[i].pu, level);
	return count;
}

/* Within an object cores come before siblings; then the objects take turns:
 * the first PU of each, the second of each, … The fullest goes first, so that
 * it comes once more where one PU more is wanted. */
static void take_turns(struct order *order, enum topology_level level)
{
	order_sort(order);
	for (unsigned i = 0; i < order->count; i++) {
		struct order_entry *entry = &order->entries[i];

		entry->keys[0] = count_with(order, i, entry->pu, level);
		entry->keys[1] = order->count -
			count_with(order, order->count, entry->pu, level);
		entry->keys[2] = order_draw(order, level, entry->pu->at[level]);
	}
	order_sort(order);
}

/* 0 where all neighbours are apart. An object that ran out of PUs brings two
 * threads under one other. */
static int check_apart(const struct order *order, enum topology_level level)
{
	if (order->count < order->threads)
		return -1;
	for (unsigned i = 1; i < order->threads; i++)
		if (topology_share(order->entries[i - 1].pu,
			    order->entries[i].pu, level))
			return -1;
	return 0;
}

static int cross_within(struct order *order, enum topology_level level,
	const struct topology_pu *at, enum topology_level around)
{
	const struct topology *topology = order->topology;
	bool two = false;

	order->count = 0;
	for (unsigned i = 0; i < topology->pu_count; i++) {
		const struct topology_pu *pu = &topology->pus[i];

		/* One that lies under no L3 is no neighbour across two. */
		if (!topology_share(pu, at, around) ||
			pu->at[level] == TOPOLOGY_NOWHERE)
			continue;
		two = two || pu->at[level] != at->at[level];
		order_add(order, pu, order_sibling(order, pu), 0);
	}
	if (!two)
		return -1;
	take_turns(order, level);
	return check_apart(order, level);
}

/* Objects are tried from a drawn PU's onwards. */
int order_cross(struct order *order, enum topology_level level)
{
	const struct topology *topology = order->topology;
	uint64_t state = order->seed;
	unsigned count = topology->pu_count;

	for (unsigned level_around = level + 1; level_around < TOPOLOGY_LEVELS;
		level_around++) {
		enum topology_level around = (enum topology_level)level_around;
		uint64_t start = prng_below(&state, count);

		for (unsigned i = 0; i < count; i++) {
			const struct topology_pu *at, *last;

			at = &topology->pus[(start + i) % count];
			last = &topology->pus[(start + i + count - 1) % count];
			/* Neighbours in the table: tried a moment ago. */
			if (i > 0 && topology_share(at, last, around))
				continue;
			if (cross_within(order, level, at, around) == 0)
				return 0;
		}
	}
	return -1;
}
