// SPDX-License-Identifier: MIT
//
// W6 larson: a server. Each thread replaces blocks of random size in its
// slots; after a life it dies, and a new thread takes over its slots with the
// blocks in them, which it frees in its turn ("bleeding"). The first blocks
// were all made by one thread and shuffled. Stresses frees of blocks of
// other, mostly dead, threads, and the birth and death of a thread's cache.
// The bleeding rate is slots per operation of a life: the paper's 1000 slots
// and 50000 operations are 2 %. At 0 nobody dies.
// Cannot show: two living threads at one block; lifetimes other than random.
// Published: in the source that Hoard, mimalloc-bench and allocbench share, a
// life is rounds × slots operations, so Hoard's settings hand over hardly ever
// (0.01 %) and allocbench's less. Here the rate is the parameter, and a run
// is a number of operations, not seconds, births included.
#include "lives.h"
#include "slots.h"

enum { LARSON_BLEEDING, LARSON_SLOTS, LARSON_MIN, LARSON_MAX };

/* Replacements of each slot by the main thread before the first turn. */
#define WARM_REPLACEMENTS 4

static const struct workload_param larson_params[] = {
	[LARSON_BLEEDING] = {.name = "bleeding",
		.standard = 2,
		.least = 0,
		.most = 100,
		.description = "slots per 100 operations of a thread's life",
		.source = "2 in Larson & Krishnan 1998; 1 in mimalloc-bench"},
	[LARSON_SLOTS] = {.name = "slots",
		.standard = 1000,
		.least = 1,
		.most = 1 << 20,
		.description = "blocks that a thread holds",
		.source = "1000 in the paper and Hoard; 5000 in "
			  "mimalloc-bench"},
	[LARSON_MIN] = {.name = "min",
		.standard = 8,
		.least = 1,
		.most = 1 << 20,
		.description = "bytes requested at least",
		.source = "7 in Hoard; 8 in mimalloc-bench"},
	[LARSON_MAX] = {.name = "max",
		.standard = 1000,
		.least = 1,
		.most = 1 << 20,
		.description = "bytes requested are fewer, unless this is min",
		.source = "8 in Hoard; 1000 in mimalloc-bench"},
	{0},
};

struct larson {
	uint64_t done, sum;
	uint64_t lived; /* operations of the thread that lives now */
	uint64_t state; /* of the random numbers, less the seed */
};

static size_t larson_own_bytes(const struct workload_instance *instance)
{
	(void)instance;
	return sizeof(struct larson);
}

static size_t slot_count(const struct workload_instance *instance)
{
	return (size_t)instance->params[LARSON_SLOTS];
}

/* Slots from one thread's first to the next one's: whole cache lines. */
static size_t slot_stride(const struct workload_instance *instance)
{
	size_t in_line = CACHELINE / sizeof(struct slot);

	return (slot_count(instance) + in_line - 1) / in_line * in_line;
}

static struct slot *slots_of(
	const struct workload_instance *instance, unsigned thread)
{
	struct slot *slots = instance->shared;

	return slots + thread * slot_stride(instance);
}

static size_t larson_shared_bytes(const struct workload_instance *instance)
{
	return instance->threads * slot_stride(instance) * sizeof(struct slot);
}

/* How many sizes there are. */
static uint64_t size_span(const struct workload_instance *instance)
{
	int64_t min = instance->params[LARSON_MIN];
	int64_t max = instance->params[LARSON_MAX];

	return max > min ? (uint64_t)(max - min) : 1;
}

static uint32_t draw_size(
	const struct workload_instance *instance, uint64_t *state)
{
	return (uint32_t)instance->params[LARSON_MIN] +
		(uint32_t)prng_below(state, size_span(instance));
}

/* Any thread's slot. */
static struct slot *draw_slot(
	const struct workload_instance *instance, uint64_t *state)
{
	unsigned thread = (unsigned)prng_below(state, instance->threads);

	return slots_of(instance, thread) +
		prng_below(state, slot_count(instance));
}

static void larson_finish(struct workload_instance *instance)
{
	for (unsigned i = 0; i < instance->threads; i++)
		slots_finish(slots_of(instance, i), slot_count(instance),
			instance->backend);
}

static int fill(struct workload_instance *instance, uint64_t *state)
{
	for (unsigned i = 0; i < instance->threads; i++)
		for (size_t j = 0; j < slot_count(instance); j++)
			if (slot_fill(slots_of(instance, i) + j,
				    instance->backend,
				    draw_size(instance, state),
				    (unsigned char)j) != 0)
				return -1;
	return 0;
}

static void swap_blocks(struct slot *one, struct slot *other)
{
	struct slot kept = *one;

	*one = *other;
	*other = kept;
}

/* The main thread makes all blocks, so the first free of each is by a thread
 * that did not. */
static int larson_setup(struct workload_instance *instance)
{
	uint64_t state = instance->seed;
	size_t count = instance->threads * slot_count(instance);

	if (fill(instance, &state) != 0)
		goto fail;
	for (size_t i = 0; i < count; i++) {
		struct slot *slot = draw_slot(instance, &state);

		swap_blocks(slot, draw_slot(instance, &state));
	}
	for (size_t i = 0; i < WARM_REPLACEMENTS * count; i++) {
		struct slot *slot = draw_slot(instance, &state);

		instance->backend->free(slot->block);
		if (slot_fill(slot, instance->backend,
			    draw_size(instance, &state), (unsigned char)i) != 0)
			goto fail;
	}
	return 0;
fail:
	larson_finish(instance);
	return -1;
}

static void replace(struct workload_thread *thread, uint64_t operations)
{
	const struct workload_instance *instance = thread->instance;
	const struct alloc_backend *backend = opaque_pointer(instance->backend);
	void *(*alloc)(size_t) = backend->alloc;
	void (*release)(void *) = backend->free;
	struct slot *slots = slots_of(instance, thread->index);
	uint64_t count = slot_count(instance), span = size_span(instance);
	uint32_t min = (uint32_t)instance->params[LARSON_MIN];
	struct larson *own = thread->own;
	uint64_t state = own->state + thread->seed, sum = own->sum;

	for (uint64_t i = 0; i < operations; i++) {
		uint64_t draw = prng_next(&state);
		uint64_t pick = prng_scale((uint32_t)draw, count);
		uint64_t more = prng_scale((uint32_t)(draw >> 32), span);

		slot_replace(&slots[pick], alloc, release, min + (uint32_t)more,
			(unsigned char)i);
		sum += draw;
	}
	own->state = state - thread->seed;
	own->sum = sum;
	own->done += operations;
}

/* Operations of a life; 0: no end. */
static uint64_t life_of(const struct workload_instance *instance)
{
	uint64_t bleeding = (uint64_t)instance->params[LARSON_BLEEDING];

	return bleeding > 0 ? 100 * slot_count(instance) / bleeding : 0;
}

static uint64_t larson_run(struct workload_thread *thread, uint64_t operations)
{
	struct larson *own = thread->own;
	uint64_t now =
		life_left(life_of(thread->instance), own->lived, operations);

	replace(thread, now);
	return life_spend(thread, &own->lived, now, operations);
}

static int larson_verify(struct workload_thread *thread)
{
	const struct workload_instance *instance = thread->instance;
	const struct alloc_backend *backend = instance->backend;
	size_t size =
		(size_t)instance->params[LARSON_MIN] + size_span(instance) - 1;

	if (slots_verify(slots_of(instance, thread->index),
		    slot_count(instance), backend) != 0)
		return -1;
	return fresh_intact(backend, backend->alloc(size), size, thread->seed)
		? 0
		: -1;
}

static uint64_t larson_checksum(const struct workload_thread *thread)
{
	const struct larson *own = thread->own;

	return own->sum + prng_mix(thread->seed) * own->done;
}

extern const struct workload workload_larson;

const struct workload workload_larson = {
	.abi = WORKLOAD_ABI,
	.name = "larson",
	.description = "a server whose threads die and bequeath (W6)",
	.source = "Larson & Krishnan 1998; Hoard; mimalloc-bench",
	.uses_allocator = true,
	.params = larson_params,
	.shared_bytes = larson_shared_bytes,
	.own_bytes = larson_own_bytes,
	.setup = larson_setup,
	.run = larson_run,
	.verify = larson_verify,
	.checksum = larson_checksum,
	.finish = larson_finish,
};
