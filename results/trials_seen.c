// SPDX-License-Identifier: MIT
#include "trials_seen.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS_OF_SLOT 64

/* 64 rounds of one lane in one launch. */
struct trials_seen_slot {
	uint32_t cell, variant, launch, block; /* block: round / 64 */
	uint64_t rounds; /* a bit each; 0: the slot is empty */
};

static size_t hash(const struct trials_seen_slot *key)
{
	uint64_t value = ((uint64_t)key->cell << 32 | key->launch) *
		UINT64_C(0x9e3779b97f4a7c15);

	value ^= value >> 29;
	value += (uint64_t)key->variant << 32 | key->block;
	value *= UINT64_C(0xbf58476d1ce4e5b9);
	return (size_t)(value ^ value >> 32);
}

static bool same_key(
	const struct trials_seen_slot *a, const struct trials_seen_slot *b)
{
	return a->cell == b->cell && a->variant == b->variant &&
		a->launch == b->launch && a->block == b->block;
}

/* The slot of the key, or the empty one where it belongs. */
static struct trials_seen_slot *find(
	const struct trials_seen *seen, const struct trials_seen_slot *key)
{
	size_t slot = hash(key) & (seen->slot_count - 1);

	while (seen->slots[slot].rounds != 0 &&
		!same_key(&seen->slots[slot], key))
		slot = (slot + 1) & (seen->slot_count - 1);
	return &seen->slots[slot];
}

static int grow(struct trials_seen *seen)
{
	struct trials_seen larger = {
		.slot_count = seen->slot_count > 0 ? 2 * seen->slot_count : 64};

	larger.slots = calloc(larger.slot_count, sizeof(*larger.slots));
	if (larger.slots == NULL)
		return -1;
	for (size_t i = 0; i < seen->slot_count; i++)
		if (seen->slots[i].rounds != 0)
			*find(&larger, &seen->slots[i]) = seen->slots[i];
	free(seen->slots);
	seen->slots = larger.slots;
	seen->slot_count = larger.slot_count;
	return 0;
}

int trials_seen_add(struct trials_seen *seen, const struct trial *trial)
{
	struct trials_seen_slot *slot,
		key = {.cell = names_add(&seen->cells, trial->cell),
			.variant = names_add(&seen->variants, trial->variant),
			.launch = (uint32_t)trial->launch,
			.block = (uint32_t)(trial->round / ROUNDS_OF_SLOT),
			.rounds = UINT64_C(1) << trial->round % ROUNDS_OF_SLOT};

	if (key.cell == NAMES_NONE || key.variant == NAMES_NONE ||
		(2 * seen->used >= seen->slot_count && grow(seen) != 0))
		return -1;
	slot = find(seen, &key);
	if (slot->rounds == 0) {
		*slot = key;
		seen->used++;
		return 0;
	}
	if ((slot->rounds & key.rounds) != 0)
		return 1;
	slot->rounds |= key.rounds;
	return 0;
}

bool trials_same_turn(const struct trial *one, const struct trial *other)
{
	return one->launch == other->launch && one->round == other->round &&
		strcmp(one->cell, other->cell) == 0 &&
		strcmp(one->variant, other->variant) == 0;
}

void trials_seen_finish(struct trials_seen *seen)
{
	if (seen == NULL)
		return;
	names_finish(&seen->cells);
	names_finish(&seen->variants);
	free(seen->slots);
	*seen = (struct trials_seen){0};
}
