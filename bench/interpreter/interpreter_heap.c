// SPDX-License-Identifier: MIT
#include "interpreter_heap.h"

_Static_assert((MIX_SPAN & (MIX_SPAN - 1)) == 0, "clocks wrap with the wheel");

size_t interpreter_heap_bytes(uint32_t places)
{
	return sizeof(struct interpreter_heap) + places * sizeof(struct slot);
}

static uint16_t draw_row(struct interpreter_heap *heap)
{
	return (uint16_t)prng_below(&heap->state, MIX_ROWS);
}

ALWAYS_INLINE void *allocate(const struct interpreter_heap *heap,
	const struct alloc_backend *backend, uint16_t row, uint32_t size)
{
	return mix_is_zeroed(heap->mix, row) ? backend->calloc(1, size)
					     : backend->alloc(size);
}

/* One that stays, as large as it ended. 0, or -1. */
static int fill_old(
	struct interpreter_heap *heap, const struct alloc_backend *backend)
{
	const struct mix *mix = heap->mix;
	struct slot *slot = &heap->old[heap->gap++];
	uint16_t row;

	do
		row = draw_row(heap);
	while (mix->births[row].life != 0);
	slot->size = row < mix->resized
		? mix->births[row].size
		: mix->resizes[mix_end(mix, row) - 1].size;
	slot->mark = (unsigned char)row;
	slot->block = touch_if_any(allocate(heap, backend, row, slot->size),
		slot->size, slot->mark);
	return slot->block != NULL ? 0 : -1;
}

int interpreter_heap_begin(struct interpreter_heap *heap, const struct mix *mix,
	uint32_t places, uint32_t burst, uint64_t seed,
	const struct alloc_backend *backend)
{
	heap->mix = mix;
	heap->places = places;
	heap->burst = burst;
	heap->state = seed;
	heap->gap_left = 1 + (uint32_t)prng_below(&heap->state, burst);
	for (uint32_t i = MIX_SPAN; i > 0; i--) {
		heap->young[i - 1].next = heap->unused;
		heap->unused = i;
	}
	while (heap->gap < places - heap->gap_left)
		if (fill_old(heap, backend) != 0)
			return -1;
	return 0;
}

/* Where the gap is full now, a collection begins: of the oldest, which come
 * next. */
static void keep(struct interpreter_heap *heap, struct slot slot)
{
	heap->old[heap->gap] = slot;
	heap->gap = heap->gap + 1 < heap->places ? heap->gap + 1 : 0;
	if (--heap->gap_left > 0)
		return;
	heap->victim = heap->gap;
	heap->victims = heap->gap_left = heap->burst;
}

/* Puts a young block where its next resize or its end is found, or among the
 * old where it has neither. */
static void await_next(struct interpreter_heap *heap, uint32_t place)
{
	const struct mix *mix = heap->mix;
	struct interpreter_young *young = &heap->young[place - 1];
	uint32_t age = mix->births[young->row].life, *list = &heap->due;

	if (young->resize < mix_end(mix, young->row))
		age = mix->resizes[young->resize].age;
	if (age == 0) {
		keep(heap, young->slot);
		young->slot.block = NULL;
		list = &heap->unused;
	} else if (age > (uint32_t)heap->clock - young->birth) {
		list = &heap->wheel[(young->birth + age) % MIX_SPAN];
	}
	young->next = *list;
	*list = place;
}

/* No block is due when it begins. */
static void be_born(
	struct interpreter_heap *heap, const struct alloc_backend *backend)
{
	uint16_t row = draw_row(heap);
	uint32_t size = heap->mix->births[row].size, place = heap->unused;
	struct interpreter_young *young = &heap->young[place - 1];
	unsigned char mark = (unsigned char)heap->clock;
	uint32_t *now;

	heap->unused = young->next;
	young->slot.block =
		touch(allocate(heap, backend, row, size), size, mark);
	young->slot.size = size;
	young->slot.mark = mark;
	young->birth = (uint32_t)heap->clock;
	young->row = row;
	young->resize = mix_first(heap->mix, row);
	heap->sum += size;
	await_next(heap, place);
	now = &heap->wheel[++heap->clock % MIX_SPAN];
	heap->due = *now;
	*now = 0;
}

static void resize(struct interpreter_heap *heap, struct slot *slot,
	const struct alloc_backend *backend, uint32_t size)
{
	slot->block = opaque_pointer(backend->realloc(slot->block, size));
	/* On `null` without meaning. */
	heap->damaged |= *(unsigned char *)slot->block != slot->mark;
	slot->size = size;
	touch(slot->block, size, slot->mark);
	heap->sum += size;
}

/* The resize or the end of the first block that is due. */
static unsigned go_on(
	struct interpreter_heap *heap, const struct alloc_backend *backend)
{
	const struct mix *mix = heap->mix;
	uint32_t place = heap->due;
	struct interpreter_young *young = &heap->young[place - 1];

	heap->due = young->next;
	if (young->resize < mix_end(mix, young->row)) {
		resize(heap, &young->slot, backend,
			mix->resizes[young->resize++].size);
		await_next(heap, place);
		return 2;
	}
	backend->free(young->slot.block);
	young->slot.block = NULL;
	young->next = heap->unused;
	heap->unused = place;
	return 1;
}

static void collect_one(
	struct interpreter_heap *heap, const struct alloc_backend *backend)
{
	struct slot *slot = &heap->old[heap->victim];

	backend->free(slot->block);
	slot->block = NULL;
	heap->victim = heap->victim + 1 < heap->places ? heap->victim + 1 : 0;
	heap->victims--;
}

/* A collection goes first: what stays next needs its places. */
unsigned interpreter_heap_step(
	struct interpreter_heap *heap, const struct alloc_backend *backend)
{
	if (heap->victims > 0)
		collect_one(heap, backend);
	else if (heap->due != 0)
		return go_on(heap, backend);
	else
		be_born(heap, backend);
	return 1;
}

int interpreter_heap_verify(const struct interpreter_heap *heap,
	const struct alloc_backend *backend)
{
	if (heap->damaged ||
		slots_verify(heap->old, heap->places, backend) != 0)
		return -1;
	for (size_t i = 0; i < MIX_SPAN; i++)
		if (slots_verify(&heap->young[i].slot, 1, backend) != 0)
			return -1;
	return 0;
}

void interpreter_heap_finish(
	struct interpreter_heap *heap, const struct alloc_backend *backend)
{
	slots_finish(heap->old, heap->places, backend);
	for (size_t i = 0; i < MIX_SPAN; i++)
		slots_finish(&heap->young[i].slot, 1, backend);
}
