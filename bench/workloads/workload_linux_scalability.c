// SPDX-License-Identifier: MIT
//
// W5 linux-scalability: each thread allocates its blocks of one size into an
// array, then frees them all in the same order, again. As threadtest, but with
// a population far above every cache of freed blocks: an allocation takes new
// memory or walks lists that lie cold, a free gives whole pages back.
// Cannot show: mixed sizes, blocks freed by another thread, work in between.
// Published: ten million blocks in all, 10^7 / T of each thread, of 512 bytes
// or of 8 as Hoard has it; the times of the threads with mean and standard
// deviation. Here the number is that of one thread, and how far the threads
// lie apart is in trials.csv (finish_skew_ns).
#include "batch.h"
#include "workload.h"

enum { SCALABILITY_BLOCKS, SCALABILITY_SIZE };

static const struct workload_param scalability_params[] = {
	[SCALABILITY_BLOCKS] = {.name = "blocks",
		.standard = 10000,
		.least = 1,
		.most = 10000000,
		.description = "blocks of a thread",
		.source = "10^7 / T in the paper and in Hoard"},
	[SCALABILITY_SIZE] = {.name = "size",
		.standard = 512,
		.least = 1,
		.most = 1 << 20,
		.description = "bytes requested of a block",
		.source = "512 in the paper; 8 in Hoard"},
	{0},
};

struct scalability {
	struct batch batch;
	uint64_t done;
};

static size_t scalability_own_bytes(const struct workload_instance *instance)
{
	return sizeof(struct scalability) +
		(size_t)instance->params[SCALABILITY_BLOCKS] * sizeof(void *);
}

static int scalability_thread_setup(struct workload_thread *thread)
{
	const int64_t *params = thread->instance->params;
	struct scalability *own = thread->own;
	uint64_t blocks = (uint64_t)params[SCALABILITY_BLOCKS];
	uint64_t state = thread->seed;

	own->batch = (struct batch){.count = blocks,
		.size = (size_t)params[SCALABILITY_SIZE],
		.blocks = (void **)(own + 1)};
	return batch_begin(&own->batch, thread->instance->backend,
		prng_below(&state, 2 * blocks));
}

static uint64_t scalability_run(
	struct workload_thread *thread, uint64_t operations)
{
	struct scalability *own = thread->own;

	batch_run(&own->batch, NULL, opaque_pointer(thread->instance->backend),
		2 * operations, 0);
	own->done += operations;
	return operations;
}

static int scalability_verify(struct workload_thread *thread)
{
	const struct alloc_backend *backend = thread->instance->backend;
	const struct scalability *own = thread->own;
	size_t size = own->batch.size;

	if (batch_verify(&own->batch, backend) != 0)
		return -1;
	return fresh_intact(backend, backend->alloc(size), size, thread->seed)
		? 0
		: -1;
}

static uint64_t scalability_checksum(const struct workload_thread *thread)
{
	const struct scalability *own = thread->own;

	return prng_mix(thread->seed) * own->done;
}

static void scalability_thread_finish(struct workload_thread *thread)
{
	struct scalability *own = thread->own;

	batch_finish(&own->batch, thread->instance->backend);
}

extern const struct workload workload_linux_scalability;

const struct workload workload_linux_scalability = {
	.abi = WORKLOAD_ABI,
	.name = "linux-scalability",
	.description = "a large array of blocks, then free all (W5)",
	.source = "Lever & Boreham 2000 (U. Michigan); Hoard",
	.uses_allocator = true,
	.params = scalability_params,
	.own_bytes = scalability_own_bytes,
	.thread_setup = scalability_thread_setup,
	.run = scalability_run,
	.verify = scalability_verify,
	.checksum = scalability_checksum,
	.thread_finish = scalability_thread_finish,
};
