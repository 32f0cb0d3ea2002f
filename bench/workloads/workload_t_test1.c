// SPDX-License-Identifier: MIT
//
// W27 t-test1: bins of blocks of any size up to a limit; an operation picks a
// bin, looks whether its block is still what was written, and either frees it
// and allocates another by malloc, calloc or aligned_alloc, or reallocates it.
// After a life of such operations the thread dies, and a new one takes over
// its bins. Stresses every call of an allocator among all the others; it is a
// test of integrity as much as a benchmark.
// Cannot show: which of the calls a difference comes from (pair, calloc,
// aligned, realloc-growth each show one).
// Published: Gloger's t-test1, 500 threads in all, as many at a time as asked
// for; one million operations a thread at limits of 2^6 to 2^17 bytes. The
// shares of the calls are ours: half malloc, a quarter realloc, an eighth each
// of the others; bins are full before the first turn, so that an operation is
// one free with one allocation, or one realloc.
#include "fresh.h"
#include "lives.h"
#include "slots.h"

enum { TTEST_BINS, TTEST_MAX, TTEST_LIFE };

static const struct workload_param ttest_params[] = {
	[TTEST_BINS] = {.name = "bins",
		.standard = 1000,
		.least = 1,
		.most = 1 << 20,
		.description = "blocks that a thread holds",
		.source = "ours"},
	[TTEST_MAX] = {.name = "max",
		.standard = 4096,
		.least = 1,
		.most = 1 << 20,
		.description = "bytes requested at most, uniform from 1",
		.source = "2^6 to 2^17 in the published runs"},
	[TTEST_LIFE] = {.name = "life",
		.standard = 10000,
		.least = 0,
		.most = 1000000000,
		.description = "operations of a thread; 0: no end",
		.source = "1000000 in the published runs"},
	{0},
};

#define ALIGNMENT_LEAST 16
#define ALIGNMENT_CHOICES 5 /* 16 to 256 */

struct ttest {
	uint64_t state, sum;
	uint64_t done;
	uint64_t lived; /* operations of the thread that lives now */
	bool damaged; /* on `null` without meaning */
	_Alignas(CACHELINE) struct slot bins[];
};

static size_t bin_count(const struct workload_instance *instance)
{
	return (size_t)instance->params[TTEST_BINS];
}

static size_t ttest_own_bytes(const struct workload_instance *instance)
{
	return sizeof(struct ttest) + bin_count(instance) * sizeof(struct slot);
}

static uint32_t draw_size(const int64_t *params, uint64_t *state)
{
	return 1 + (uint32_t)prng_below(state, (uint64_t)params[TTEST_MAX]);
}

static int ttest_thread_setup(struct workload_thread *thread)
{
	const struct workload_instance *instance = thread->instance;
	struct ttest *own = thread->own;

	own->state = thread->seed;
	for (size_t i = 0; i < bin_count(instance); i++)
		if (slot_fill(&own->bins[i], instance->backend,
			    draw_size(instance->params, &own->state),
			    (unsigned char)i) != 0)
			return -1;
	return 0;
}

static bool ends_are(const unsigned char *bytes, size_t size, int byte)
{
	return bytes[0] == byte && bytes[size - 1] == byte;
}

static void *make_zeroed(
	struct ttest *own, void *(*alloc)(size_t, size_t), uint32_t size)
{
	void *block = opaque_pointer(alloc(1, size));

	own->damaged |= !ends_are(block, size, 0);
	return block;
}

static void *make_aligned(struct ttest *own, void *(*alloc)(size_t, size_t),
	uint32_t size, uint64_t draw)
{
	size_t alignment = (size_t)ALIGNMENT_LEAST << draw % ALIGNMENT_CHOICES;
	void *block = opaque_pointer(alloc(alignment, size));

	own->damaged |= (uintptr_t)block % alignment != 0;
	return block;
}

static void *resize(struct ttest *own, void *(*reallocate)(void *, size_t),
	const struct slot *bin, uint32_t size)
{
	unsigned char *block = opaque_pointer(reallocate(bin->block, size));

	own->damaged |= block[0] != bin->mark;
	return block;
}

/* One operation on one bin. */
static void act(struct ttest *own, const struct alloc_backend *backend,
	struct slot *bin, uint32_t size)
{
	uint64_t draw = prng_next(&own->state);

	own->damaged |= !ends_are(bin->block, bin->size, bin->mark);
	if (draw >> 62 == 0) {
		bin->block = resize(own, backend->realloc, bin, size);
	} else {
		backend->free(bin->block);
		if (draw >> 61 == 2)
			bin->block = make_zeroed(own, backend->calloc, size);
		else if (draw >> 61 == 3)
			bin->block = make_aligned(own, backend->aligned_alloc,
				size, draw & 0xffff);
		else
			bin->block = backend->alloc(size);
	}
	bin->size = size;
	bin->mark = (unsigned char)(draw >> 16);
	touch(bin->block, size, bin->mark);
	own->sum += draw ^ size;
}

static uint64_t ttest_run(struct workload_thread *thread, uint64_t operations)
{
	const struct workload_instance *instance = thread->instance;
	const struct alloc_backend *backend = opaque_pointer(instance->backend);
	struct ttest *own = thread->own;
	uint64_t now = life_left(
		(uint64_t)instance->params[TTEST_LIFE], own->lived, operations);

	for (uint64_t i = 0; i < now; i++) {
		uint64_t pick = prng_below(&own->state, bin_count(instance));
		uint32_t size = draw_size(instance->params, &own->state);

		act(own, backend, &own->bins[pick], size);
	}
	own->done += now;
	return life_spend(thread, &own->lived, now, operations);
}

static int ttest_verify(struct workload_thread *thread)
{
	const struct workload_instance *instance = thread->instance;
	const struct alloc_backend *backend = instance->backend;
	const struct ttest *own = thread->own;
	size_t size = (size_t)instance->params[TTEST_MAX];
	size_t alignment = ALIGNMENT_LEAST << (ALIGNMENT_CHOICES - 1);

	if (own->damaged ||
		slots_verify(own->bins, bin_count(instance), backend) != 0)
		return -1;
	return fresh_zeroed(backend, size) && fresh_zeroed(backend, size) &&
			fresh_aligned(backend, alignment, size, thread->seed) &&
			fresh_resized(backend, size, 2 * size, thread->seed) &&
			fresh_resized(backend, 2 * size, size, thread->seed)
		? 0
		: -1;
}

static uint64_t ttest_checksum(const struct workload_thread *thread)
{
	const struct ttest *own = thread->own;

	return own->sum + prng_mix(thread->seed) * own->done;
}

static void ttest_thread_finish(struct workload_thread *thread)
{
	struct ttest *own = thread->own;

	slots_finish(own->bins, bin_count(thread->instance),
		thread->instance->backend);
}

extern const struct workload workload_t_test1;

const struct workload workload_t_test1 = {
	.abi = WORKLOAD_ABI,
	.name = "t-test1",
	.description = "every call among all the others, looked after (W27)",
	.source = "t-test1 (Gloger)",
	.uses_allocator = true,
	.params = ttest_params,
	.own_bytes = ttest_own_bytes,
	.thread_setup = ttest_thread_setup,
	.run = ttest_run,
	.verify = ttest_verify,
	.checksum = ttest_checksum,
	.thread_finish = ttest_thread_finish,
};
