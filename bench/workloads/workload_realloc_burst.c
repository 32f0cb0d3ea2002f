// SPDX-License-Identifier: MIT
//
// W17 realloc-burst: objects in a ring, one new at each step; then a stretch
// of neighbouring older objects is visited, and of those that are there half
// are freed, a quarter of the others is reallocated to twice the size, or to a
// quarter where that would be too large. Stresses realloc among other
// allocations, where a block cannot simply grow, and frees in bursts of
// neighbours, which an allocator may join.
// Cannot show: growth of a single block (realloc-growth), remote frees.
// Published: phong in Hoard's benchmarks, a million objects over the threads,
// the stretch anywhere among all of them. Here its length is bounded, since a
// stretch of a third of all objects would leave next to nothing alive. With
// stretches of 1 to 8 about half of the ring is in use.
#include "fresh.h"
#include "slots.h"
#include "workload.h"

enum { BURST_OBJECTS, BURST_LENGTH };

static const struct workload_param burst_params[] = {
	[BURST_OBJECTS] = {.name = "objects",
		.standard = 10000,
		.least = 1,
		.most = 1000000,
		.description = "places in the ring of a thread",
		.source = "10^6 / T in phong"},
	[BURST_LENGTH] = {.name = "burst",
		.standard = 8,
		.least = 1,
		.most = 1000000,
		.description = "places visited at a step, at most",
		.source = "ours; all in phong"},
	{0},
};

#define SIZE_LEAST 10
#define SIZE_MOST 1024
/* No stretch is visited before there are so many objects. */
#define QUIET_OBJECTS 1000

struct burst {
	uint64_t state, sum;
	uint64_t done; /* operations asked for so far */
	uint64_t ahead; /* half operations done beyond those: 0 or 1 */
	uint64_t made; /* objects, so far */
	uint64_t visit, visit_end; /* what is left of the stretch */
	bool damaged;
	_Alignas(CACHELINE) struct slot slots[];
};

static uint64_t object_count(const struct workload_instance *instance)
{
	return (uint64_t)instance->params[BURST_OBJECTS];
}

static size_t burst_own_bytes(const struct workload_instance *instance)
{
	return sizeof(struct burst) +
		object_count(instance) * sizeof(struct slot);
}

/* Uniform up to a uniform bound. */
static uint32_t draw_size(uint64_t *state)
{
	uint64_t bound = 1 + prng_below(state, SIZE_MOST - SIZE_LEAST + 1);

	return SIZE_LEAST + (uint32_t)prng_below(state, bound);
}

static int burst_thread_setup(struct workload_thread *thread)
{
	const struct workload_instance *instance = thread->instance;
	struct burst *own = thread->own;
	uint64_t count = object_count(instance);

	own->state = thread->seed;
	if (count > QUIET_OBJECTS)
		count = QUIET_OBJECTS;
	for (; own->made < count; own->made++)
		if (slot_fill(&own->slots[own->made], instance->backend,
			    draw_size(&own->state),
			    (unsigned char)own->made) != 0)
			return -1;
	return 0;
}

static void begin_visits(struct burst *own, const int64_t *params)
{
	uint64_t objects = (uint64_t)params[BURST_OBJECTS];
	uint64_t there = own->made < objects ? own->made : objects;

	own->visit = prng_below(&own->state, there);
	own->visit_end = own->visit + 1 +
		prng_below(&own->state, (uint64_t)params[BURST_LENGTH]);
	if (own->visit_end > there)
		own->visit_end = there;
}

static bool is_marked(const struct slot *slot, size_t size)
{
	const unsigned char *bytes = slot->block;

	return bytes[0] == slot->mark && bytes[size - 1] == slot->mark;
}

static void resize(struct burst *own, struct slot *slot,
	void *(*reallocate)(void *, size_t))
{
	uint32_t size = 2 * slot->size;

	if (size > SIZE_MOST)
		size = slot->size / 4;
	slot->block = opaque_pointer(reallocate(slot->block, size));
	/* On `null` without meaning. */
	own->damaged |= *(unsigned char *)slot->block != slot->mark;
	slot->size = size;
	touch(slot->block, size, slot->mark);
	own->sum += size;
}

/* One place of the stretch: half operations. */
static unsigned visit(
	struct burst *own, const struct alloc_backend *backend, uint64_t index)
{
	struct slot *slot = &own->slots[index];
	uint64_t draw;

	if (slot->block == NULL)
		return 0;
	draw = prng_below(&own->state, 8);
	if (draw >= 5)
		return 0;
	own->damaged |= !is_marked(slot, slot->size);
	if (draw == 4) {
		resize(own, slot, backend->realloc);
		return 2;
	}
	backend->free(slot->block);
	slot->block = NULL;
	return 1;
}

/* A free, an allocation, a realloc, or none of them: half operations. */
static unsigned step(struct burst *own, const struct alloc_backend *backend,
	const int64_t *params)
{
	struct slot *slot;
	uint32_t size;

	if (own->visit < own->visit_end)
		return visit(own, backend, own->visit++);
	slot = &own->slots[own->made % (uint64_t)params[BURST_OBJECTS]];
	if (slot->block != NULL) {
		backend->free(slot->block);
		slot->block = NULL;
		return 1;
	}
	size = draw_size(&own->state);
	slot->block = touch(backend->alloc(size), size, (unsigned char)size);
	slot->size = size;
	slot->mark = (unsigned char)size;
	own->sum += size;
	own->made++;
	begin_visits(own, params);
	return 1;
}

/* Where half an operation is left and the next step is a realloc, the step is
 * done, and the next run does that much less: what was done depends on the
 * sum of the operations alone. */
static uint64_t burst_run(struct workload_thread *thread, uint64_t operations)
{
	const struct alloc_backend *backend =
		opaque_pointer(thread->instance->backend);
	struct burst *own = thread->own;
	uint64_t due = 2 * operations, halves = own->ahead;

	while (halves < due)
		halves += step(own, backend, thread->instance->params);
	own->ahead = halves - due;
	own->done += operations;
	return operations;
}

static int burst_verify(struct workload_thread *thread)
{
	const struct alloc_backend *backend = thread->instance->backend;
	const struct burst *own = thread->own;

	if (own->damaged ||
		slots_verify(own->slots, object_count(thread->instance),
			backend) != 0)
		return -1;
	return fresh_resized(backend, SIZE_MOST / 2, SIZE_MOST, thread->seed) &&
			fresh_resized(
				backend, SIZE_MOST, SIZE_MOST / 4, thread->seed)
		? 0
		: -1;
}

static uint64_t burst_checksum(const struct workload_thread *thread)
{
	const struct burst *own = thread->own;

	return own->sum + prng_mix(thread->seed) * own->done;
}

static void burst_thread_finish(struct workload_thread *thread)
{
	struct burst *own = thread->own;

	slots_finish(own->slots, object_count(thread->instance),
		thread->instance->backend);
}

extern const struct workload workload_realloc_burst;

const struct workload workload_realloc_burst = {
	.abi = WORKLOAD_ABI,
	.name = "realloc-burst",
	.description = "bursts of free and realloc among neighbours (W17)",
	.source = "phong (Hoard's benchmarks)",
	.uses_allocator = true,
	.params = burst_params,
	.own_bytes = burst_own_bytes,
	.thread_setup = burst_thread_setup,
	.run = burst_run,
	.verify = burst_verify,
	.checksum = burst_checksum,
	.thread_finish = burst_thread_finish,
};
