// SPDX-License-Identifier: MIT
//
// W21 large: buffers of megabytes. An allocator maps them in constant time
// and the kernel gives pages as they are touched; a wrapper that writes clean
// and dead bytes makes every call touch all of the block, which is the worst
// that such a wrapper can do to a program. Only the ends are written here.
//   replace    a random one of the live buffers gives way to another size
//   batch      buffers of 800 KiB are all allocated, then all freed
//   untouched  one buffer of 128 MiB, to which nobody writes
// Cannot show: what the program itself would pay to use its buffers.
// Published: 20 buffers of 5 to 25 MiB, 2000 replacements in mimalloc's
// malloc-large; 128 of 800 KiB in snmalloc; 128 MiB in will-it-scale malloc1.
// All variants' workers live at once, so `cap` bounds a thread's bytes: fewer
// buffers first, then smaller ones. 512 is as published.
#include "batch.h"
#include "slots.h"
#include "workload.h"

enum { LARGE_FORM, LARGE_LIVE, LARGE_MIN, LARGE_MAX, LARGE_CAP };
enum { FORM_REPLACE, FORM_BATCH, FORM_UNTOUCHED };

#define MIB ((uint64_t)1 << 20)
#define BATCH_SIZE ((uint64_t)800 << 10)
#define BATCH_COUNT 128
#define UNTOUCHED_SIZE (128 * MIB)

static const char *const form_names[] = {"replace", "batch", "untouched"};

static const struct workload_param large_params[] = {
	[LARGE_FORM] = {.name = "form",
		.standard = FORM_REPLACE,
		.least = 0,
		.most = FORM_UNTOUCHED,
		.names = form_names,
		.description = "replace, batch or untouched",
		.source = "mimalloc; snmalloc; will-it-scale malloc1"},
	[LARGE_LIVE] = {.name = "live",
		.standard = 20,
		.least = 1,
		.most = 1024,
		.description = "buffers that a thread holds, where replaced",
		.source = "20 in mimalloc's malloc-large"},
	[LARGE_MIN] = {.name = "min",
		.standard = 5,
		.least = 1,
		.most = 255,
		.description = "MiB of a buffer at least, where replaced",
		.source = "5 in mimalloc's malloc-large"},
	[LARGE_MAX] = {.name = "max",
		.standard = 25,
		.least = 1,
		.most = 255,
		.description = "MiB of a buffer at most, where replaced",
		.source = "25 in mimalloc's malloc-large"},
	[LARGE_CAP] = {.name = "cap",
		.standard = 32,
		.least = 1,
		.most = 4096,
		.description = "MiB that a thread holds at most",
		.source = "512 is no bound for the published forms"},
	{0},
};

struct large {
	uint64_t done, sum, state;
	uint64_t least, span; /* sizes: least … least + span - 1 */
	uint64_t live; /* slots */
	uint64_t lost; /* untouched blocks that were not there */
	struct batch batch;
	void *batch_blocks[BATCH_COUNT];
	_Alignas(CACHELINE) struct slot slots[];
};

static uint64_t smaller(uint64_t one, uint64_t other)
{
	return one < other ? one : other;
}

static size_t large_own_bytes(const struct workload_instance *instance)
{
	return sizeof(struct large) +
		(size_t)instance->params[LARGE_LIVE] * sizeof(struct slot);
}

static uint32_t draw_size(const struct large *own, uint64_t *state)
{
	return (uint32_t)(own->least + prng_below(state, own->span));
}

static int begin_replace(struct large *own, const int64_t *params,
	const struct alloc_backend *backend)
{
	uint64_t cap = (uint64_t)params[LARGE_CAP] * MIB;
	uint64_t max = smaller((uint64_t)params[LARGE_MAX] * MIB, cap);

	own->least = smaller((uint64_t)params[LARGE_MIN] * MIB, max);
	own->span = max - own->least + 1;
	own->live = smaller((uint64_t)params[LARGE_LIVE], cap / max);
	for (uint64_t i = 0; i < own->live; i++)
		if (slot_fill(&own->slots[i], backend,
			    draw_size(own, &own->state), (unsigned char)i) != 0)
			return -1;
	return 0;
}

static int begin_batch(struct large *own, const int64_t *params,
	const struct alloc_backend *backend)
{
	uint64_t fit = (uint64_t)params[LARGE_CAP] * MIB / BATCH_SIZE;

	own->batch = (struct batch){.count = smaller(BATCH_COUNT, fit),
		.size = BATCH_SIZE,
		.blocks = own->batch_blocks};
	return batch_begin(&own->batch, backend,
		prng_below(&own->state, 2 * own->batch.count));
}

static int large_thread_setup(struct workload_thread *thread)
{
	const struct workload_instance *instance = thread->instance;
	struct large *own = thread->own;

	own->state = thread->seed;
	if (instance->params[LARGE_FORM] == FORM_REPLACE)
		return begin_replace(own, instance->params, instance->backend);
	if (instance->params[LARGE_FORM] == FORM_BATCH)
		return begin_batch(own, instance->params, instance->backend);
	return 0;
}

static void replace(struct large *own, const struct alloc_backend *backend,
	uint64_t operations)
{
	uint64_t state = own->state, sum = own->sum;

	for (uint64_t i = 0; i < operations; i++) {
		uint64_t pick = prng_below(&state, own->live);
		uint32_t size = draw_size(own, &state);

		slot_replace(&own->slots[pick], backend->alloc, backend->free,
			size, (unsigned char)i);
		sum += (uint64_t)size << 32 | pick;
	}
	own->state = state;
	own->sum = sum;
}

static uint64_t untouched_size(const int64_t *params)
{
	return smaller(UNTOUCHED_SIZE, (uint64_t)params[LARGE_CAP] * MIB);
}

static void allocate_untouched(struct large *own,
	const struct alloc_backend *backend, uint64_t size, uint64_t operations)
{
	for (uint64_t i = 0; i < operations; i++) {
		void *block = opaque_pointer(backend->alloc(size));

		own->lost += block == NULL;
		backend->free(block);
	}
}

static uint64_t large_run(struct workload_thread *thread, uint64_t operations)
{
	const struct workload_instance *instance = thread->instance;
	const struct alloc_backend *backend = opaque_pointer(instance->backend);
	struct large *own = thread->own;

	switch (instance->params[LARGE_FORM]) {
	case FORM_REPLACE:
		replace(own, backend, operations);
		break;
	case FORM_BATCH:
		batch_run(&own->batch, NULL, backend, 2 * operations, 0);
		break;
	default:
		allocate_untouched(own, backend,
			untouched_size(instance->params), operations);
	}
	own->done += operations;
	return operations;
}

/* The fresh block is a small one: a pattern in all of a large block would
 * take longer than the turns. */
static int large_verify(struct workload_thread *thread)
{
	const struct alloc_backend *backend = thread->instance->backend;
	const struct large *own = thread->own;

	if (own->lost > 0 || batch_verify(&own->batch, backend) != 0 ||
		slots_verify(own->slots, own->live, backend) != 0)
		return -1;
	return fresh_intact(backend, backend->alloc(BATCH_SIZE), BATCH_SIZE,
		       thread->seed)
		? 0
		: -1;
}

static uint64_t large_checksum(const struct workload_thread *thread)
{
	const struct large *own = thread->own;

	return own->sum + prng_mix(thread->seed) * own->done;
}

static void large_thread_finish(struct workload_thread *thread)
{
	struct large *own = thread->own;

	batch_finish(&own->batch, thread->instance->backend);
	slots_finish(own->slots, own->live, thread->instance->backend);
}

extern const struct workload workload_large;

const struct workload workload_large = {
	.abi = WORKLOAD_ABI,
	.name = "large",
	.description = "buffers of megabytes (W21)",
	.source = "mimalloc malloc-large; snmalloc; will-it-scale malloc1",
	.uses_allocator = true,
	.params = large_params,
	.own_bytes = large_own_bytes,
	.thread_setup = large_thread_setup,
	.run = large_run,
	.verify = large_verify,
	.checksum = large_checksum,
	.thread_finish = large_thread_finish,
};
