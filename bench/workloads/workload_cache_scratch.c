// SPDX-License-Identifier: MIT
//
// W12 cache-scratch: one thread allocates a small block for each of the
// others, one after another, so that they lie on one cache line; each thread
// frees the one that it was given, then allocates, writes every byte many
// times and frees, as in cache-thrash. Stresses passive false sharing: an
// allocator that lets a thread keep the foreign block it freed hands the
// shared line back to it for ever. With one thread it is cache-thrash. It
// cannot show how the line came to be shared, nor what avoiding it costs in
// memory. Published: Hoard's cache-scratch, with the numbers of cache-thrash.
// Here the blocks are handed out once, before the first turn, as there.
#include "held_block.h"
#include "workload.h"

enum { SCRATCH_SIZE, SCRATCH_WRITES };

static const struct workload_param scratch_params[] = {
	[SCRATCH_SIZE] = {.name = "size",
		.standard = 8,
		.least = 1,
		.most = 4096,
		.description = "bytes of a block",
		.source = "Hoard: 8; mimalloc-bench: 1"},
	[SCRATCH_WRITES] = {.name = "writes",
		.standard = 100,
		.least = 1,
		.most = 10000000,
		.description = "times that every byte is written",
		.source = "Hoard: 10^6 / T; mimalloc-bench: 2·10^6 / T"},
	{0},
};

struct scratch {
	uint64_t done;
};

/* shared: a block for each thread, NULL once it is freed. */
static size_t scratch_shared_bytes(const struct workload_instance *instance)
{
	return instance->threads * sizeof(struct held_block);
}

static size_t scratch_own_bytes(const struct workload_instance *instance)
{
	(void)instance;
	return sizeof(struct scratch);
}

static int scratch_setup(struct workload_instance *instance)
{
	struct held_block *given = instance->shared;
	size_t size = (size_t)instance->params[SCRATCH_SIZE];

	for (unsigned i = 0; i < instance->threads; i++)
		if (held_block_try(&given[i], instance->backend, size, i) != 0)
			return -1;
	return 0;
}

static void scratch_free_given(struct workload_thread *thread)
{
	struct held_block *given = thread->instance->shared;

	thread->instance->backend->free(given[thread->index].block);
	given[thread->index].block = NULL;
}

static uint64_t scratch_run(struct workload_thread *thread, uint64_t operations)
{
	const struct alloc_backend *backend =
		opaque_pointer(thread->instance->backend);
	void *(*alloc)(size_t) = backend->alloc;
	void (*release)(void *) = backend->free;
	struct scratch *own = thread->own;
	size_t size = (size_t)thread->instance->params[SCRATCH_SIZE];
	uint64_t writes = (uint64_t)thread->instance->params[SCRATCH_WRITES];

	if (own->done == 0)
		scratch_free_given(thread);
	for (uint64_t i = 0; i < operations; i++) {
		volatile unsigned char *block = opaque_pointer(alloc(size));

		for (uint64_t j = 0; j < writes; j++)
			for (size_t k = 0; k < size; k++)
				block[k] = (unsigned char)j;
		release((void *)block);
	}
	own->done += operations;
	return operations;
}

static int scratch_verify(struct workload_thread *thread)
{
	const struct alloc_backend *backend = thread->instance->backend;
	const struct held_block *given = thread->instance->shared;
	size_t size = (size_t)thread->instance->params[SCRATCH_SIZE];

	if (!held_block_intact(&given[thread->index], backend))
		return -1;
	return held_block_check_fresh(backend, size, thread->seed);
}

static uint64_t scratch_checksum(const struct workload_thread *thread)
{
	const struct scratch *own = thread->own;

	return prng_mix(thread->seed) * own->done;
}

extern const struct workload workload_cache_scratch;

const struct workload workload_cache_scratch = {
	.abi = WORKLOAD_ABI,
	.name = "cache-scratch",
	.description = "as cache-thrash from shared lines (W12): passive "
		       "false sharing",
	.source = "Hoard; mimalloc-bench",
	.uses_allocator = true,
	.uniform = true,
	.params = scratch_params,
	.shared_bytes = scratch_shared_bytes,
	.own_bytes = scratch_own_bytes,
	.setup = scratch_setup,
	.run = scratch_run,
	.verify = scratch_verify,
	.checksum = scratch_checksum,
	.thread_finish = scratch_free_given,
};
