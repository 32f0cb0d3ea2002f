// SPDX-License-Identifier: MIT
#include "block_check.h"

#include <stdint.h>
#include <string.h>

#include "safe_read.h"
#include "underlying_calls.h"

static bool all_forbidden(const unsigned char *bytes, size_t count)
{
	while (count > 0 && bytes[count - 1] == FORBIDDEN_BYTE)
		count--;
	return count == 0;
}

static size_t count_forbidden(const unsigned char *bytes, size_t count)
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++)
		found += bytes[i] == FORBIDDEN_BYTE;
	return found;
}

static bool is_api_id(unsigned char id)
{
	char api = layout_api_of_id((char)id);

	return api != '\0' && strchr(DEBUG_API_IDS, api) != NULL;
}

/* The distance of an aligned block, or 0 where it cannot be one. */
static size_t read_distance(const unsigned char *block)
{
	size_t word, distance;

	if (!safe_read(&word, block - ALIGNED_HEADER_BYTES, WORD))
		return 0;
	distance = layout_swap(word);
	if (distance <= ORDINARY_ALIGNMENT || (distance & (distance - 1)) != 0)
		return 0;
	return (uintptr_t)block % distance == 0 ? distance : 0;
}

static void read_header(struct block_view *view)
{
	unsigned char header[HEADER_BYTES];

	view->header_readable =
		safe_read(header, view->block - HEADER_BYTES, HEADER_BYTES);
	if (!view->header_readable)
		return;
	view->size = layout_load_number(header);
	memcpy(view->lead, header + WORD, WORD);
	view->id = view->lead[0];
	view->api = (char)view->id;
	view->distance = HEADER_BYTES;
	if (!is_api_id(view->id))
		return;
	view->api = layout_api_of_id((char)view->id);
	if (layout_is_aligned_id((char)view->id))
		view->distance = read_distance(view->block);
}

static void read_tail(struct block_view *view, bool serial_in_block)
{
	/* Not as a pointer yet: the size may be anything. */
	uintptr_t place = (uintptr_t)view->block + view->size;
	const unsigned char *tail = (const unsigned char *)place;
	unsigned char both[TAIL_BYTES + WORD];

	if (view->size > REQUEST_MAX)
		return;
	view->serial_readable =
		serial_in_block && safe_read(both, tail, sizeof(both));
	view->tail_readable =
		view->serial_readable || safe_read(both, tail, TAIL_BYTES);
	if (view->tail_readable)
		memcpy(view->tail, both, TAIL_BYTES);
	if (view->serial_readable)
		view->serial = layout_load_number(both + TAIL_BYTES);
}

/* The slot can hold it. */
static bool size_is_plausible(const struct block_view *view,
	const struct debug_domain *domain, bool serial_in_block)
{
	size_t behind = TAIL_BYTES + (serial_in_block ? WORD : 0);
	size_t slot;

	if (view->size > REQUEST_MAX)
		return false;
	slot = underlying_slot_size(
		domain, (void *)(view->block - view->distance));
	return view->size <= slot &&
		view->distance + behind <= slot - view->size;
}

/* FD × (D-3S), a page or less at a time. */
static bool distance_guard_intact(const struct block_view *view)
{
	const unsigned char *guard = view->block - view->distance;
	const unsigned char *end = view->block - ALIGNED_HEADER_BYTES;
	unsigned char bytes[64];

	while (guard < end) {
		size_t left = (size_t)(end - guard);
		size_t part = left < sizeof(bytes) ? left : sizeof(bytes);

		if (!safe_read(bytes, guard, part) ||
			!all_forbidden(bytes, part))
			return false;
		guard += part;
	}
	return true;
}

/* The underlying allocator is asked last: it may only be asked for blocks of
 * its own. */
static enum alloc_check judge_intact_lead(struct block_view *view,
	const struct debug_domain *domain, bool serial_in_block)
{
	view->distance_bad = view->distance == 0;
	view->distance_guard_bad =
		view->distance > HEADER_BYTES && !distance_guard_intact(view);
	if (!is_api_id(view->id) || view->distance_bad ||
		view->distance_guard_bad)
		return ALLOC_CHECK_UNDERFLOW;
	if (view->api != domain->api_id)
		return ALLOC_CHECK_API_MISMATCH;
	if (!view->tail_readable ||
		!size_is_plausible(view, domain, serial_in_block))
		return ALLOC_CHECK_DAMAGED_SIZE;
	return all_forbidden(view->tail, TAIL_BYTES) ? ALLOC_CHECK_OK
						     : ALLOC_CHECK_OVERFLOW;
}

void block_view(struct block_view *view, const struct debug_domain *domain,
	bool serial_in_block, const void *block)
{
	size_t intact;

	memset(view, 0, sizeof(*view));
	view->block = block;
	view->found = ALLOC_CHECK_FREED_OR_FOREIGN;
	if (block == NULL)
		return;
	read_header(view);
	if (!view->header_readable)
		return;
	read_tail(view, serial_in_block);
	intact = count_forbidden(view->lead + 1, WORD - 1);
	if (intact == WORD - 1)
		view->found = judge_intact_lead(view, domain, serial_in_block);
	else if (intact > (WORD - 1) / 2 ||
		(view->tail_readable && all_forbidden(view->tail, TAIL_BYTES)))
		view->found = ALLOC_CHECK_UNDERFLOW;
}
