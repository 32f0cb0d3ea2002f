// SPDX-License-Identifier: MIT
//
// W4 threadtest: each thread allocates its objects of one small size one
// after another, then frees them in the same order, again; private work may
// follow every call. No block ever leaves its thread, so whatever does not
// scale lies in the allocator or in the wrapper: locks, shared counters,
// shared cache lines. Work says how much of that remains in a program that
// does something between its calls.
// Cannot show: blocks freed by another thread (larson), mixed sizes.
// Published: Hoard's takes the objects of all threads together, each has N/T;
// here the number is that of one thread, so a thread does the same at any T.
#include "batch.h"
#include "workload.h"

enum { THREADTEST_OBJECTS, THREADTEST_SIZE, THREADTEST_WORK };

static const struct workload_param threadtest_params[] = {
	[THREADTEST_OBJECTS] = {.name = "objects",
		.standard = 1000,
		.least = 1,
		.most = 1 << 20,
		.description = "objects of a thread",
		.source = "10000 / T in Hoard, 100000 / T in scalloc"},
	[THREADTEST_SIZE] = {.name = "size",
		.standard = 8,
		.least = 1,
		.most = 1 << 20,
		.description = "bytes requested of an object",
		.source = "8 in Hoard and scalloc"},
	[THREADTEST_WORK] = {.name = "work",
		.standard = 0,
		.least = 0,
		.most = 1000000,
		.description = "cycles of private work after each call",
		.source = "0 in Hoard and scalloc"},
	{0},
};

struct threadtest {
	struct batch batch;
	uint64_t done;
};

static size_t threadtest_own_bytes(const struct workload_instance *instance)
{
	return sizeof(struct threadtest) +
		(size_t)instance->params[THREADTEST_OBJECTS] * sizeof(void *);
}

static int threadtest_thread_setup(struct workload_thread *thread)
{
	const int64_t *params = thread->instance->params;
	struct threadtest *own = thread->own;
	uint64_t objects = (uint64_t)params[THREADTEST_OBJECTS];
	uint64_t state = thread->seed;

	own->batch = (struct batch){.count = objects,
		.size = (size_t)params[THREADTEST_SIZE],
		.blocks = (void **)(own + 1)};
	return batch_begin(&own->batch, thread->instance->backend,
		prng_below(&state, 2 * objects));
}

static uint64_t threadtest_run(
	struct workload_thread *thread, uint64_t operations)
{
	struct threadtest *own = thread->own;

	batch_run(&own->batch, NULL, opaque_pointer(thread->instance->backend),
		2 * operations,
		(unsigned)thread->instance->params[THREADTEST_WORK]);
	own->done += operations;
	return operations;
}

static int threadtest_verify(struct workload_thread *thread)
{
	const struct alloc_backend *backend = thread->instance->backend;
	const struct threadtest *own = thread->own;
	size_t size = own->batch.size;

	if (batch_verify(&own->batch, backend) != 0)
		return -1;
	return fresh_intact(backend, backend->alloc(size), size, thread->seed)
		? 0
		: -1;
}

static uint64_t threadtest_checksum(const struct workload_thread *thread)
{
	const struct threadtest *own = thread->own;

	return prng_mix(thread->seed) * own->done;
}

static void threadtest_thread_finish(struct workload_thread *thread)
{
	struct threadtest *own = thread->own;

	batch_finish(&own->batch, thread->instance->backend);
}

extern const struct workload workload_threadtest;

const struct workload workload_threadtest = {
	.abi = WORKLOAD_ABI,
	.name = "threadtest",
	.description = "each thread allocates all, frees all (W4)",
	.source = "Hoard (Berger et al. 2000); scalloc",
	.uses_allocator = true,
	.uniform = true,
	.params = threadtest_params,
	.own_bytes = threadtest_own_bytes,
	.thread_setup = threadtest_thread_setup,
	.run = threadtest_run,
	.verify = threadtest_verify,
	.checksum = threadtest_checksum,
	.thread_finish = threadtest_thread_finish,
};
