// SPDX-License-Identifier: MIT
//
// Orders of PUs, drawn by a seed.
#include <stdlib.h>

#include "prng.h"
#include "topology_order.h"

int order_init(struct order *order, const struct topology *topology,
	unsigned threads, uint64_t seed)
{
	*order = (struct order){.topology = topology,
		.threads = threads,
		.seed = prng_mix(seed),
		.entries = calloc(topology->pu_count, sizeof(*order->entries))};
	return order->entries == NULL ? -1 : 0;
}

void order_finish(struct order *order)
{
	free(order->entries);
	*order = (struct order){0};
}

uint64_t order_draw(
	const struct order *order, enum topology_level level, unsigned object)
{
	return prng_mix(
		order->seed ^ prng_mix(((uint64_t)level + 1) << 32 | object));
}

unsigned order_sibling(const struct order *order, const struct topology_pu *pu)
{
	uint64_t turn = order_draw(order, LEVEL_CORE, pu->at[LEVEL_CORE]);

	return (unsigned)((pu->sibling + turn % pu->siblings) % pu->siblings);
}

void order_add(struct order *order, const struct topology_pu *pu,
	uint64_t first, uint64_t second)
{
	struct order_entry *entry = &order->entries[order->count++];
	unsigned key = 0;

	entry->pu = pu;
	entry->keys[key++] = first;
	entry->keys[key++] = second;
	for (int level = LEVEL_PACKAGE; level >= LEVEL_CORE; level--)
		entry->keys[key++] = order_draw(
			order, (enum topology_level)level, pu->at[level]);
	entry->keys[key] = order_sibling(order, pu);
}

static int compare_entries(const void *left, const void *right)
{
	const struct order_entry *one = left, *other = right;

	for (unsigned i = 0; i < ORDER_KEYS; i++)
		if (one->keys[i] != other->keys[i])
			return one->keys[i] < other->keys[i] ? -1 : 1;
	return 0;
}

void order_sort(struct order *order)
{
	qsort(order->entries, order->count, sizeof(*order->entries),
		compare_entries);
}
