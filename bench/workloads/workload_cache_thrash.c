// SPDX-License-Identifier: MIT
//
// W11 cache-thrash: each thread allocates a small block, writes every byte of
// it many times, frees it, again. Stresses active false sharing: an allocator
// that gives two threads parts of one cache line makes their writes collide.
// Alone it cannot tell a slow allocator from slow writes: with the published
// numbers of writes the allocator is called a thousand times in all and the
// time is that of the writes. Published: Hoard's cache-thrash (100 times 8
// bytes, 10^6 / T writes), mimalloc-bench's (1000 times 1 byte, 2·10^6 / T);
// the standard here writes 100 times, so that the allocator is seen as well.
#include "held_block.h"
#include "workload.h"

enum { THRASH_SIZE, THRASH_WRITES };

static const struct workload_param thrash_params[] = {
	[THRASH_SIZE] = {.name = "size",
		.standard = 8,
		.least = 1,
		.most = 4096,
		.description = "bytes of a block",
		.source = "Hoard: 8; mimalloc-bench: 1"},
	[THRASH_WRITES] = {.name = "writes",
		.standard = 100,
		.least = 1,
		.most = 10000000,
		.description = "times that every byte is written",
		.source = "Hoard: 10^6 / T; mimalloc-bench: 2·10^6 / T"},
	{0},
};

struct thrash {
	uint64_t done;
};

static size_t thrash_own_bytes(const struct workload_instance *instance)
{
	(void)instance;
	return sizeof(struct thrash);
}

static uint64_t thrash_run(struct workload_thread *thread, uint64_t operations)
{
	const struct alloc_backend *backend =
		opaque_pointer(thread->instance->backend);
	void *(*alloc)(size_t) = backend->alloc;
	void (*release)(void *) = backend->free;
	struct thrash *own = thread->own;
	size_t size = (size_t)thread->instance->params[THRASH_SIZE];
	uint64_t writes = (uint64_t)thread->instance->params[THRASH_WRITES];

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

static int thrash_verify(struct workload_thread *thread)
{
	size_t size = (size_t)thread->instance->params[THRASH_SIZE];

	return held_block_check_fresh(
		thread->instance->backend, size, thread->seed);
}

static uint64_t thrash_checksum(const struct workload_thread *thread)
{
	const struct thrash *own = thread->own;

	return prng_mix(thread->seed) * own->done;
}

extern const struct workload workload_cache_thrash;

const struct workload workload_cache_thrash = {
	.abi = WORKLOAD_ABI,
	.name = "cache-thrash",
	.description = "write a small block often (W11): active false sharing",
	.source = "Hoard; mimalloc-bench",
	.uses_allocator = true,
	.uniform = true,
	.params = thrash_params,
	.own_bytes = thrash_own_bytes,
	.run = thrash_run,
	.verify = thrash_verify,
	.checksum = thrash_checksum,
};
