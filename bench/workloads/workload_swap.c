// SPDX-License-Identifier: MIT
//
// W9 swap: an array of slots that all threads share; each allocates a block
// of 16 to 1039 bytes, exchanges it into the next slot, and frees what came
// out of it, which another thread allocated half of the time on two threads.
// All walk the slots from the first, so they also meet at them. Stresses
// remote frees without any structure: a block's way home is decided block by
// block. It cannot tell the allocator's contention from that of the slots,
// which `null` shows. Published: snmalloc's swap-contention (2^18 or 2^20
// slots a worker, threads halving); the slots start empty there, so a part of
// each run only allocates; here they are filled in set-up and a turn frees
// exactly what it allocates.
#include <stdatomic.h>

#include "held_block.h"
#include "workload.h"

enum { SWAP_SLOTS };

static const struct workload_param swap_params[] = {
	[SWAP_SLOTS] = {.name = "slots",
		.standard = 4096,
		.least = 1,
		.most = 1 << 20,
		.description = "slots that all threads share",
		.source = "snmalloc: 2^18 and 2^20; fewer fit a turn"},
	{0},
};

#define SIZE_LEAST 16
#define SIZE_CHOICES 1024

/* The array is dense, as published: eight slots to a line. */
typedef _Atomic(unsigned char *) swap_slot;

struct swap {
	uint64_t prng;
	uint64_t next; /* slot */
	uint64_t sizes; /* sum of those asked for */
	uint64_t done;
};

static size_t swap_shared_bytes(const struct workload_instance *instance)
{
	return (size_t)instance->params[SWAP_SLOTS] * sizeof(swap_slot);
}

static size_t swap_own_bytes(const struct workload_instance *instance)
{
	(void)instance;
	return sizeof(struct swap);
}

/* What is in a slot has no side array, since pointer and size cannot be
 * exchanged at once: the block says its size, and only verify reads it. */
static void swap_mark(unsigned char *block, size_t size)
{
	block[0] = (unsigned char)size;
	block[1] = (unsigned char)(size >> 8);
	block[size - 1] = (unsigned char)size;
}

static bool swap_is_marked(const unsigned char *block)
{
	size_t size = block[0] | (size_t)block[1] << 8;

	return size >= SIZE_LEAST && size < SIZE_LEAST + SIZE_CHOICES &&
		block[size - 1] == (unsigned char)size;
}

/* Every thread fills its part of the slots. */
static int swap_thread_setup(struct workload_thread *thread)
{
	const struct workload_instance *instance = thread->instance;
	swap_slot *slots = instance->shared;
	uint64_t count = (uint64_t)instance->params[SWAP_SLOTS];
	struct swap *own = thread->own;

	own->prng = thread->seed;
	for (uint64_t i = thread->index; i < count; i += instance->threads) {
		size_t size = SIZE_LEAST + prng_below(&own->prng, SIZE_CHOICES);
		unsigned char *block = instance->backend->alloc(size);

		if (block == NULL)
			return -1;
		swap_mark(block, size);
		atomic_store(&slots[i], block);
	}
	return 0;
}

static uint64_t swap_run(struct workload_thread *thread, uint64_t operations)
{
	const struct alloc_backend *backend =
		opaque_pointer(thread->instance->backend);
	void *(*alloc)(size_t) = backend->alloc;
	void (*release)(void *) = backend->free;
	swap_slot *slots = thread->instance->shared;
	uint64_t count = (uint64_t)thread->instance->params[SWAP_SLOTS];
	struct swap *own = thread->own;

	for (uint64_t i = 0; i < operations; i++) {
		size_t size = SIZE_LEAST + prng_below(&own->prng, SIZE_CHOICES);
		unsigned char *block = opaque_pointer(alloc(size));

		swap_mark(block, size);
		release(atomic_exchange_explicit(
			&slots[own->next], block, memory_order_acq_rel));
		own->next = own->next + 1 < count ? own->next + 1 : 0;
		own->sizes += size;
	}
	own->done += operations;
	return operations;
}

/* A thread looks at the slots that it filled in set-up. */
static int swap_verify(struct workload_thread *thread)
{
	const struct workload_instance *instance = thread->instance;
	const struct alloc_backend *backend = instance->backend;
	swap_slot *slots = instance->shared;
	uint64_t count = (uint64_t)instance->params[SWAP_SLOTS];

	for (uint64_t i = thread->index; i < count; i += instance->threads) {
		unsigned char *block = atomic_load(&slots[i]);

		if (!swap_is_marked(block) ||
			backend->check(block) != ALLOC_CHECK_OK)
			return -1;
	}
	return held_block_check_fresh(backend, SIZE_CHOICES, thread->seed);
}

static uint64_t swap_checksum(const struct workload_thread *thread)
{
	const struct swap *own = thread->own;

	return prng_mix(thread->seed) * own->done + own->sizes;
}

static void swap_thread_finish(struct workload_thread *thread)
{
	const struct workload_instance *instance = thread->instance;
	swap_slot *slots = instance->shared;
	uint64_t count = (uint64_t)instance->params[SWAP_SLOTS];

	for (uint64_t i = thread->index; i < count; i += instance->threads) {
		instance->backend->free(atomic_load(&slots[i]));
		atomic_store(&slots[i], NULL);
	}
}

extern const struct workload workload_swap;

const struct workload workload_swap = {
	.abi = WORKLOAD_ABI,
	.name = "swap",
	.description = "exchange new blocks into shared slots, free the old "
		       "(W9)",
	.source = "snmalloc's swap-contention",
	.uses_allocator = true,
	.params = swap_params,
	.shared_bytes = swap_shared_bytes,
	.own_bytes = swap_own_bytes,
	.thread_setup = swap_thread_setup,
	.run = swap_run,
	.verify = swap_verify,
	.checksum = swap_checksum,
	.thread_finish = swap_thread_finish,
};
