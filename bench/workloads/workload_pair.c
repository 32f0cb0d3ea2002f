// SPDX-License-Identifier: MIT
//
// W1 pair: allocate, touch the first and the last byte, free, again. The
// shortest path through an allocator, so any cost per block shows at its
// largest. Throughput form: constant size, calls may overlap in the pipeline.
// Dependent form: the next size comes out of the block just freed, so each
// call waits for the one before; what it adds is always zero, and the sizes
// do not depend on where blocks lie.
#include "touch.h"
#include "workload.h"

enum { PAIR_SIZE, PAIR_FORM };
enum { FORM_THROUGHPUT, FORM_DEPENDENT };

static const char *const form_names[] = {"throughput", "dependent"};

static const struct workload_param pair_params[] = {
	[PAIR_SIZE] = {.name = "size",
		.standard = 64,
		.least = 1,
		.most = 1 << 20,
		.description = "bytes requested of a block",
		.source = "16 to 32768 in gperftools and allocbench"},
	[PAIR_FORM] = {.name = "form",
		.standard = FORM_THROUGHPUT,
		.least = 0,
		.most = 1,
		.names = form_names,
		.description = "whether a call waits for the one before",
		.source = "gperftools' malloc_bench has both"},
	{0},
};

struct pair {
	uint64_t done;
	uint64_t zero; /* read back at run time: the compiler cannot know it */
};

static size_t pair_own_bytes(const struct workload_instance *instance)
{
	(void)instance;
	return sizeof(struct pair);
}

/* One operation; returns a byte that was read back from the block. */
ALWAYS_INLINE unsigned char pair_once(void *(*alloc)(size_t),
	void (*release)(void *), size_t size, unsigned char mark)
{
	volatile unsigned char *block = opaque_pointer(alloc(size));
	unsigned char back;

	block[0] = mark;
	block[size - 1] = mark;
	back = block[0];
	release((void *)block);
	return back;
}

static uint64_t pair_run(struct workload_thread *thread, uint64_t operations)
{
	const struct alloc_backend *backend =
		opaque_pointer(thread->instance->backend);
	void *(*alloc)(size_t) = backend->alloc;
	void (*release)(void *) = backend->free;
	struct pair *own = thread->own;
	size_t size = (size_t)thread->instance->params[PAIR_SIZE];
	unsigned char zero = (unsigned char)own->zero;

	if (thread->instance->params[PAIR_FORM] == FORM_THROUGHPUT)
		for (uint64_t i = 0; i < operations; i++)
			pair_once(alloc, release, size, zero);
	else
		for (uint64_t i = 0; i < operations; i++)
			size += pair_once(alloc, release, size, zero);
	own->done += operations;
	return operations;
}

static int pair_verify(struct workload_thread *thread)
{
	const struct alloc_backend *backend = thread->instance->backend;
	size_t size = (size_t)thread->instance->params[PAIR_SIZE];

	return fresh_intact(backend, backend->alloc(size), size, thread->seed)
		? 0
		: -1;
}

static uint64_t pair_checksum(const struct workload_thread *thread)
{
	const struct pair *own = thread->own;

	return prng_mix(thread->seed) * own->done;
}

extern const struct workload workload_pair;

const struct workload workload_pair = {
	.abi = WORKLOAD_ABI,
	.name = "pair",
	.description = "allocate, touch, free (W1): the shortest path",
	.source = "gperftools malloc_bench; allocbench loop; will-it-scale "
		  "malloc2",
	.uses_allocator = true,
	.uniform = true,
	.params = pair_params,
	.own_bytes = pair_own_bytes,
	.run = pair_run,
	.verify = pair_verify,
	.checksum = pair_checksum,
};
