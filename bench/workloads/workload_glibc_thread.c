// SPDX-License-Identifier: MIT
//
// W3 glibc-thread: a population of slots per thread; pick a slot, free what
// is there, allocate another size. Small sizes are much more frequent than
// large ones: their density falls with the square of the size, so every
// doubling of the size holds half as many blocks but as many bytes. Nearly
// every call lies outside the cache of the last freed blocks.
// Cannot show: blocks freed by another thread, lifetimes other than random.
// Published: glibc's starts with empty slots and stops after 3 seconds; here
// the slots are filled beforehand, so that each operation is one free and one
// allocation, and operations are counted, not seconds. As there, sizes and
// slots come from tables drawn before (8000 and 4096 entries).
#include "slots.h"
#include "workload.h"

enum { GLIBC_SLOTS, GLIBC_MIN, GLIBC_MAX };

#define SIZES 8000
#define PICKS 4096

static const struct workload_param glibc_thread_params[] = {
	[GLIBC_SLOTS] = {.name = "slots",
		.standard = 1024,
		.least = 1,
		.most = 1 << 20,
		.description = "blocks that a thread holds",
		.source = "1024 in glibc bench-malloc-thread"},
	[GLIBC_MIN] = {.name = "min",
		.standard = 4,
		.least = 1,
		.most = 1 << 20,
		.description = "bytes requested at least",
		.source = "4 in glibc bench-malloc-thread"},
	[GLIBC_MAX] = {.name = "max",
		.standard = 32768,
		.least = 1,
		.most = 1 << 20,
		.description = "bytes requested at most; not below min",
		.source = "32768 in glibc bench-malloc-thread"},
	{0},
};

struct glibc_thread {
	uint64_t done, sum;
	uint32_t next_size, next_pick;
	uint32_t sizes[SIZES];
	uint32_t picks[PICKS];
	_Alignas(CACHELINE) struct slot slots[];
};

static size_t glibc_thread_own_bytes(const struct workload_instance *instance)
{
	return sizeof(struct glibc_thread) +
		(size_t)instance->params[GLIBC_SLOTS] * sizeof(struct slot);
}

static size_t slot_count(const struct workload_thread *thread)
{
	return (size_t)thread->instance->params[GLIBC_SLOTS];
}

/* Density ~ 1/size²: the reciprocal is uniform from 1/min to 1/max. */
static uint32_t inverse_square(double min, double max, uint64_t *state)
{
	double uniform = (double)(prng_next(state) >> 11) * 0x1p-53;

	if (max < min)
		max = min;
	return (uint32_t)(1 / ((1 / max - 1 / min) * uniform + 1 / min));
}

static void draw_tables(
	struct glibc_thread *own, const int64_t *params, uint64_t *state)
{
	for (unsigned i = 0; i < SIZES; i++)
		own->sizes[i] = inverse_square((double)params[GLIBC_MIN],
			(double)params[GLIBC_MAX], state);
	for (unsigned i = 0; i < PICKS; i++)
		own->picks[i] = (uint32_t)prng_below(
			state, (uint64_t)params[GLIBC_SLOTS]);
}

static int glibc_thread_setup(struct workload_thread *thread)
{
	const struct alloc_backend *backend = thread->instance->backend;
	struct glibc_thread *own = thread->own;
	uint64_t state = thread->seed;

	draw_tables(own, thread->instance->params, &state);
	for (size_t i = 0; i < slot_count(thread); i++)
		if (slot_fill(&own->slots[i], backend,
			    own->sizes[prng_below(&state, SIZES)],
			    (unsigned char)i) != 0)
			return -1;
	return 0;
}

static uint64_t glibc_thread_run(
	struct workload_thread *thread, uint64_t operations)
{
	const struct alloc_backend *backend =
		opaque_pointer(thread->instance->backend);
	void *(*alloc)(size_t) = backend->alloc;
	void (*release)(void *) = backend->free;
	struct glibc_thread *own = thread->own;
	uint32_t next_size = own->next_size, next_pick = own->next_pick;
	uint64_t sum = own->sum;

	for (uint64_t i = 0; i < operations; i++) {
		uint32_t size = own->sizes[next_size];
		uint32_t pick = own->picks[next_pick];

		slot_replace(&own->slots[pick], alloc, release, size,
			(unsigned char)i);
		sum += (uint64_t)size << 32 | pick;
		next_size = next_size + 1 < SIZES ? next_size + 1 : 0;
		next_pick = (next_pick + 1) % PICKS;
	}
	own->next_size = next_size;
	own->next_pick = next_pick;
	own->sum = sum;
	own->done += operations;
	return operations;
}

static int glibc_thread_verify(struct workload_thread *thread)
{
	const struct alloc_backend *backend = thread->instance->backend;
	const struct glibc_thread *own = thread->own;
	size_t size = own->sizes[own->next_size];

	if (slots_verify(own->slots, slot_count(thread), backend) != 0)
		return -1;
	return fresh_intact(backend, backend->alloc(size), size, thread->seed)
		? 0
		: -1;
}

static uint64_t glibc_thread_checksum(const struct workload_thread *thread)
{
	const struct glibc_thread *own = thread->own;

	return own->sum + prng_mix(thread->seed) * own->done;
}

static void glibc_thread_finish(struct workload_thread *thread)
{
	struct glibc_thread *own = thread->own;

	slots_finish(own->slots, slot_count(thread), thread->instance->backend);
}

extern const struct workload workload_glibc_thread;

const struct workload workload_glibc_thread = {
	.abi = WORKLOAD_ABI,
	.name = "glibc-thread",
	.description = "replace in slots, inverse-square sizes (W3)",
	.source = "glibc benchtests bench-malloc-thread",
	.uses_allocator = true,
	.params = glibc_thread_params,
	.own_bytes = glibc_thread_own_bytes,
	.thread_setup = glibc_thread_setup,
	.run = glibc_thread_run,
	.verify = glibc_thread_verify,
	.checksum = glibc_thread_checksum,
	.thread_finish = glibc_thread_finish,
};
