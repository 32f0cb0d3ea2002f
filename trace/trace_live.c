// SPDX-License-Identifier: MIT
#include "trace_live.h"

#include <stdlib.h>

#define LEAST 1024

/* Counts of a thread are dense: one multiplication spreads them (Knuth, 6.4).
 * The thread stands above them and reaches the product's top alone, which is
 * folded down, or equal counts of all threads would have one home. */
static size_t home(const struct trace_live *live, uint64_t id)
{
	uint64_t product = id * UINT64_C(0x9e3779b97f4a7c15);

	return (size_t)((product ^ product >> 24) >> 20) & (live->limit - 1);
}

static void put(struct trace_live *live, const struct trace_live_block *block)
{
	size_t place = home(live, block->id);

	while (live->places[place].id != 0)
		place = (place + 1) & (live->limit - 1);
	live->places[place] = *block;
}

static int resize(struct trace_live *live, size_t limit)
{
	struct trace_live bigger = {
		calloc(limit, sizeof(*live->places)), limit, live->count};

	if (bigger.places == NULL)
		return -1;
	for (size_t i = 0; i < live->limit; i++)
		if (live->places[i].id != 0)
			put(&bigger, &live->places[i]);
	free(live->places);
	*live = bigger;
	return 0;
}

int trace_live_add(
	struct trace_live *live, const struct trace_live_block *block)
{
	if (live->count + 1 > live->limit / 4 * 3 &&
		resize(live, live->limit > 0 ? live->limit * 2 : LEAST) != 0)
		return -1;
	put(live, block);
	live->count++;
	return 0;
}

/* Moves back what stands behind a hole and would not be found any more. */
static void close_hole(struct trace_live *live, size_t hole)
{
	size_t mask = live->limit - 1;
	size_t place = hole;

	for (;;) {
		live->places[hole].id = 0;
		do {
			place = (place + 1) & mask;
			if (live->places[place].id == 0)
				return;
			/* At home between hole and place: it stays. */
		} while (((place - home(live, live->places[place].id)) & mask) <
			((place - hole) & mask));
		live->places[hole] = live->places[place];
		hole = place;
	}
}

bool trace_live_take(
	struct trace_live *live, uint64_t id, struct trace_live_block *block)
{
	size_t place;

	if (live->limit == 0)
		return false;
	place = home(live, id);
	while (live->places[place].id != id) {
		if (live->places[place].id == 0)
			return false;
		place = (place + 1) & (live->limit - 1);
	}
	*block = live->places[place];
	close_hole(live, place);
	live->count--;
	/* Where it fails the table is only larger than it need be. */
	if (live->limit > LEAST && live->count < live->limit / 8)
		(void)resize(live, live->limit / 2);
	return true;
}

void trace_live_finish(struct trace_live *live)
{
	if (live == NULL)
		return;
	free(live->places);
	*live = (struct trace_live){0};
}
