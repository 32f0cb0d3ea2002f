// SPDX-License-Identifier: MIT
//
// W20 aligned: allocate aligned, touch, free, again. A header in front of a
// block has to keep the block's alignment: a wrapper asks for up to the
// alignment more, so its bytes per block grow with it, and with them the
// allocator's work.
// Cannot show: CPython's hooks, which have no aligned calls.
// Published: gperftools' memalign benchmark takes one block at a time, as
// here, of 64 and 2048 bytes at 32.
#include "fresh.h"
#include "workload.h"

enum { ALIGNED_ALIGNMENT, ALIGNED_SIZE };

static const char *const alignment_names[] = {
	"8", "16", "32", "64", "128", "256", "512", "1024", "2048", "4096"};

static const struct workload_param aligned_params[] = {
	[ALIGNED_ALIGNMENT] = {.name = "alignment",
		.standard = 2,
		.least = 0,
		.most = 9,
		.names = alignment_names,
		.description = "bytes, a power of two from 8 to 4096",
		.source = "32 in gperftools"},
	[ALIGNED_SIZE] = {.name = "size",
		.standard = 64,
		.least = 1,
		.most = 1 << 20,
		.description = "bytes requested of a block",
		.source = "64 and 2048 in gperftools"},
	{0},
};

struct aligned {
	uint64_t done;
};

static size_t aligned_own_bytes(const struct workload_instance *instance)
{
	(void)instance;
	return sizeof(struct aligned);
}

static size_t alignment_of(const struct workload_instance *instance)
{
	return (size_t)8 << instance->params[ALIGNED_ALIGNMENT];
}

static uint64_t aligned_run(struct workload_thread *thread, uint64_t operations)
{
	const struct alloc_backend *backend =
		opaque_pointer(thread->instance->backend);
	void *(*alloc)(size_t, size_t) = backend->aligned_alloc;
	void (*release)(void *) = backend->free;
	size_t alignment = alignment_of(thread->instance);
	size_t size = (size_t)thread->instance->params[ALIGNED_SIZE];
	struct aligned *own = thread->own;

	for (uint64_t i = 0; i < operations; i++)
		release(touch(alloc(alignment, size), size, 1));
	own->done += operations;
	return operations;
}

static int aligned_verify(struct workload_thread *thread)
{
	const struct alloc_backend *backend = thread->instance->backend;
	size_t alignment = alignment_of(thread->instance);
	size_t size = (size_t)thread->instance->params[ALIGNED_SIZE];

	return fresh_aligned(backend, alignment, size, thread->seed) ? 0 : -1;
}

static uint64_t aligned_checksum(const struct workload_thread *thread)
{
	const struct aligned *own = thread->own;

	return prng_mix(thread->seed) * own->done;
}

extern const struct workload workload_aligned;

const struct workload workload_aligned = {
	.abi = WORKLOAD_ABI,
	.name = "aligned",
	.description = "allocate aligned, touch, free (W20)",
	.source = "gperftools malloc_bench memalign",
	.uses_allocator = true,
	.uniform = true,
	.params = aligned_params,
	.own_bytes = aligned_own_bytes,
	.run = aligned_run,
	.verify = aligned_verify,
	.checksum = aligned_checksum,
};
