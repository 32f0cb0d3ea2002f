// SPDX-License-Identifier: MIT
#include "trace_replay_slots.h"

#include <stdlib.h>

#define LEAST 256

int trace_slots_give(struct trace_slots *slots, uint32_t slot)
{
	if (slots->own_count == slots->own_limit) {
		size_t limit =
			slots->own_limit > 0 ? 2 * slots->own_limit : LEAST;
		uint32_t *own = reallocarray(slots->own, limit, sizeof(*own));

		if (own == NULL)
			return -1;
		slots->own = own;
		slots->own_limit = limit;
	}
	slots->own[slots->own_count++] = slot;
	return 0;
}

bool trace_slots_take(struct trace_slots *slots, uint32_t *slot)
{
	if (slots->own_count == 0)
		return false;
	*slot = slots->own[--slots->own_count];
	return true;
}

static struct trace_remote_slot *remote_at(
	const struct trace_slots *slots, size_t index)
{
	return &slots->remote[(slots->remote_first + index) &
		(slots->remote_limit - 1)];
}

static int widen(struct trace_slots *slots)
{
	size_t limit =
		slots->remote_limit > 0 ? 2 * slots->remote_limit : LEAST;
	struct trace_remote_slot *ring =
		reallocarray(NULL, limit, sizeof(*ring));

	if (ring == NULL)
		return -1;
	for (size_t i = 0; i < slots->remote_count; i++)
		ring[i] = *remote_at(slots, i);
	free(slots->remote);
	slots->remote = ring;
	slots->remote_first = 0;
	slots->remote_limit = limit;
	return 0;
}

int trace_slots_give_remote(
	struct trace_slots *slots, struct trace_remote_slot slot)
{
	if (slots->remote_count == slots->remote_limit && widen(slots) != 0)
		return -1;
	*remote_at(slots, slots->remote_count++) = slot;
	return 0;
}

const struct trace_remote_slot *trace_slots_oldest(
	const struct trace_slots *slots)
{
	return slots->remote_count > 0 ? remote_at(slots, 0) : NULL;
}

void trace_slots_drop_oldest(struct trace_slots *slots)
{
	slots->remote_first =
		(slots->remote_first + 1) & (slots->remote_limit - 1);
	slots->remote_count--;
}

void trace_slots_clear(struct trace_slots *slots)
{
	slots->own_count = slots->remote_count = 0;
	slots->next = slots->end = 0;
}

void trace_slots_finish(struct trace_slots *slots)
{
	if (slots == NULL)
		return;
	free(slots->own);
	free(slots->remote);
	*slots = (struct trace_slots){0};
}
