// SPDX-License-Identifier: MIT
//
// Open addressing, at most half full: two look-ups are made for every row of
// a trials.csv. The texts share a few blocks.
#include "names.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK_BYTES ((size_t)2048)

struct names_block {
	struct names_block *next;
	size_t bytes; /* of texts */
	char texts[];
};

/* FNV-1a, 64 bits (Fowler, Noll, Vo). */
static size_t hash(const char *text)
{
	uint64_t value = UINT64_C(0xcbf29ce484222325);

	for (; *text; text++)
		value = (value ^ (unsigned char)*text) *
			UINT64_C(0x100000001b3);
	return (size_t)(value ^ value >> 32);
}

/* The slot that holds the text, or the empty one where it belongs. */
static size_t find_slot(const struct names *names, const char *text)
{
	size_t slot = hash(text) & (names->slot_count - 1);

	while (names->slots[slot] != NAMES_NONE &&
		strcmp(names->texts[names->slots[slot]], text) != 0)
		slot = (slot + 1) & (names->slot_count - 1);
	return slot;
}

/* Doubles the slots and the room for texts, half as many. 0, or -1. */
static int grow(struct names *names)
{
	size_t slots = names->slot_count ? 2 * names->slot_count : 64;
	char **texts = reallocarray(names->texts, slots / 2, sizeof(*texts));
	uint32_t *larger;

	if (!texts)
		return -1;
	names->texts = texts;
	larger = malloc(slots * sizeof(*larger));
	if (!larger)
		return -1;
	free(names->slots);
	names->slots = larger;
	names->slot_count = slots;
	memset(larger, 0xff, slots * sizeof(*larger)); /* NAMES_NONE */
	for (uint32_t i = 0; i < names->count; i++)
		larger[find_slot(names, texts[i])] = i;
	return 0;
}

/* A copy that lives as long as the set. NULL with errno. */
static char *copy_text(struct names *names, const char *text)
{
	size_t bytes = strlen(text) + 1;
	struct names_block *block = names->blocks;
	char *copy;

	if (bytes > names->block_left) {
		size_t room = bytes > BLOCK_BYTES ? bytes : BLOCK_BYTES;

		block = malloc(sizeof(*block) + room);
		if (!block)
			return NULL;
		block->next = names->blocks;
		block->bytes = names->block_left = room;
		names->blocks = block;
	}
	copy = block->texts + block->bytes - names->block_left;
	names->block_left -= bytes;
	memcpy(copy, text, bytes);
	return copy;
}

uint32_t names_add(struct names *names, const char *text)
{
	uint32_t number = names_find(names, text);
	char *copy;

	if (number != NAMES_NONE)
		return number;
	if (names->count >= names->slot_count / 2 && grow(names) != 0)
		return NAMES_NONE;
	copy = copy_text(names, text);
	if (!copy)
		return NAMES_NONE;
	names->texts[names->count] = copy;
	names->slots[find_slot(names, text)] = names->count;
	return names->count++;
}

uint32_t names_find(const struct names *names, const char *text)
{
	if (names->slot_count == 0)
		return NAMES_NONE;
	return names->slots[find_slot(names, text)];
}

void names_finish(struct names *names)
{
	if (!names)
		return;
	while (names->blocks) {
		struct names_block *next = names->blocks->next;

		free(names->blocks);
		names->blocks = next;
	}
	free(names->texts);
	free(names->slots);
	*names = (struct names){0};
}
