// SPDX-License-Identifier: MIT
//
// W18 realloc-growth: one block grows or shrinks step by step by realloc,
// then it is freed and the next one begins. A wrapper cannot know whether the
// block will move, so CPython's saves and erases its ends before each call
// and fills what was added. That was a disaster for one of CPython's tests,
// test_bufio, when these hooks were new: a string of a million characters
// grown by 1000 bytes a time (linear) "took approximately forever" where
// every realloc copied; growing at a mildly exponential rate cured it.
// Cannot show: growth between other allocations, which hinder growth in
// place, so an allocator looks its best here.
// Published: allocbench grows 100 times by 8 bytes; Hoard's bench_malloc goes
// 16, 64, 256, 1024, 64, 16 (chain); vectors grow by 1.5 or 2. A launch begins
// at a random step: a few turns are shorter than a long growth.
#include "fresh.h"
#include "workload.h"

enum { GROWTH_FORM, GROWTH_FROM, GROWTH_TO, GROWTH_STEP, GROWTH_FACTOR };
enum { FORM_LINEAR, FORM_GEOMETRIC, FORM_CHAIN, FORM_SHRINK };

static const char *const form_names[] = {
	"linear", "geometric", "chain", "shrink"};

static const struct workload_param growth_params[] = {
	[GROWTH_FORM] = {.name = "form",
		.standard = FORM_GEOMETRIC,
		.least = 0,
		.most = FORM_SHRINK,
		.names = form_names,
		.description = "linear, geometric, chain (fixed sizes) or "
			       "shrink (geometric, downwards)",
		.source = "allocbench; vectors; Hoard bench_malloc"},
	[GROWTH_FROM] = {.name = "from",
		.standard = 16,
		.least = 1,
		.most = 1 << 24,
		.description = "bytes of the smallest block",
		.source = "8 in allocbench; 16 for vectors"},
	[GROWTH_TO] = {.name = "to",
		.standard = 1 << 16,
		.least = 1,
		.most = 1 << 24,
		.description = "bytes that no block exceeds",
		.source = "800 in allocbench; 1000000 in CPython's test_bufio"},
	[GROWTH_STEP] = {.name = "step",
		.standard = 8,
		.least = 8,
		.most = 1 << 20,
		.description = "bytes added each time, where linear",
		.source = "8 in allocbench; 1000 in CPython's test_bufio"},
	[GROWTH_FACTOR] = {.name = "factor",
		.standard = 150,
		.least = 101,
		.most = 1600,
		.description = "per cent of the size before, where geometric",
		.source = "150 and 200 in C++ vectors; 112 in Python lists"},
	{0},
};

struct growth {
	uint64_t done, sum;
	void *block;
	uint32_t next; /* index of the size that comes next */
	uint32_t count;
	uint32_t sizes[];
};

static uint64_t size_after(const int64_t *params, uint64_t size)
{
	uint64_t grown = size * (uint64_t)params[GROWTH_FACTOR] / 100;

	if (params[GROWTH_FORM] == FORM_LINEAR)
		return size + (uint64_t)params[GROWTH_STEP];
	return grown > size ? grown : size + 1;
}

/* The sizes of one growth into sizes[], unless that is NULL; their number. */
static uint32_t list_sizes(const int64_t *params, uint32_t *sizes)
{
	static const uint32_t chain[] = {16, 64, 256, 1024, 64, 16};
	uint64_t size = (uint64_t)params[GROWTH_FROM];
	uint32_t count = 0;

	if (params[GROWTH_FORM] == FORM_CHAIN) {
		for (; count < sizeof(chain) / sizeof(*chain); count++)
			if (sizes != NULL)
				sizes[count] = chain[count];
		return count;
	}
	do {
		if (sizes != NULL)
			sizes[count] = (uint32_t)size;
		count++;
		size = size_after(params, size);
	} while (size <= (uint64_t)params[GROWTH_TO]);
	return count;
}

static void reverse(uint32_t *sizes, uint32_t count)
{
	for (uint32_t i = 0; i < count / 2; i++) {
		uint32_t kept = sizes[i];

		sizes[i] = sizes[count - 1 - i];
		sizes[count - 1 - i] = kept;
	}
}

static size_t growth_own_bytes(const struct workload_instance *instance)
{
	return sizeof(struct growth) +
		list_sizes(instance->params, NULL) * sizeof(uint32_t);
}

static int growth_thread_setup(struct workload_thread *thread)
{
	const struct workload_instance *instance = thread->instance;
	struct growth *own = thread->own;
	uint64_t state = thread->seed;
	uint32_t size;

	own->count = list_sizes(instance->params, own->sizes);
	if (instance->params[GROWTH_FORM] == FORM_SHRINK)
		reverse(own->sizes, own->count);
	own->next = (uint32_t)prng_below(&state, own->count);
	size = own->sizes[own->next > 0 ? own->next - 1 : own->count - 1];
	own->block = touch_if_any(instance->backend->alloc(size), size, 1);
	return own->block != NULL ? 0 : -1;
}

static uint64_t growth_run(struct workload_thread *thread, uint64_t operations)
{
	const struct alloc_backend *backend =
		opaque_pointer(thread->instance->backend);
	void *(*alloc)(size_t) = backend->alloc;
	void *(*reallocate)(void *, size_t) = backend->realloc;
	void (*release)(void *) = backend->free;
	struct growth *own = thread->own;
	uint32_t next = own->next, count = own->count;
	void *block = own->block;
	uint64_t sum = own->sum;

	for (uint64_t i = 0; i < operations; i++) {
		uint32_t size = own->sizes[next];

		if (next > 0) {
			block = reallocate(block, size);
		} else {
			release(block);
			block = alloc(size);
		}
		block = touch(block, size, (unsigned char)next);
		sum += size;
		next = next + 1 < count ? next + 1 : 0;
	}
	own->next = next;
	own->block = block;
	own->sum = sum;
	own->done += operations;
	return operations;
}

/* Through a few of the sizes, all of what both have in common is kept. */
static bool growth_keeps(const struct growth *own,
	const struct alloc_backend *backend, uint64_t seed)
{
	size_t size = own->sizes[0];

	if (!fresh_intact(backend, backend->alloc(size), size, seed))
		return false;
	for (uint32_t i = 1; i < own->count; i += 1 + own->count / 4) {
		if (!fresh_resized(backend, size, own->sizes[i], seed))
			return false;
		size = own->sizes[i];
	}
	return true;
}

static int growth_verify(struct workload_thread *thread)
{
	const struct alloc_backend *backend = thread->instance->backend;
	const struct growth *own = thread->own;
	uint32_t last = own->next > 0 ? own->next - 1 : own->count - 1;

	if (own->done > 0 &&
		!touched_intact(backend, own->block, own->sizes[last],
			(unsigned char)last))
		return -1;
	return growth_keeps(own, backend, thread->seed) ? 0 : -1;
}

static uint64_t growth_checksum(const struct workload_thread *thread)
{
	const struct growth *own = thread->own;

	return own->sum + prng_mix(thread->seed) * own->done;
}

static void growth_thread_finish(struct workload_thread *thread)
{
	struct growth *own = thread->own;

	thread->instance->backend->free(own->block);
	own->block = NULL;
}

extern const struct workload workload_realloc_growth;

const struct workload workload_realloc_growth = {
	.abi = WORKLOAD_ABI,
	.name = "realloc-growth",
	.description = "a block grows by realloc, again (W18)",
	.source = "CPython test_bufio; allocbench realloc; Hoard bench_malloc",
	.uses_allocator = true,
	.params = growth_params,
	.own_bytes = growth_own_bytes,
	.thread_setup = growth_thread_setup,
	.run = growth_run,
	.verify = growth_verify,
	.checksum = growth_checksum,
	.thread_finish = growth_thread_finish,
};
