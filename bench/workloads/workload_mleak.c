// SPDX-License-Identifier: MIT
//
// W22 mleak: generations of threads that live for one block. Each allocates a
// zeroed block, exchanges it into a random place of a table that all threads
// share, frees what was there, and dies. The population is the table, for
// ever: whatever the process grows by is what a thread leaves behind, in the
// allocator or in the wrapper. Stresses the birth and death of a thread's
// cache, and blocks of threads long dead.
// Cannot show: the time of an allocation, which is far below that of a birth
// (as `null` shows); what is kept for a thread that lives (larson).
// Published: mimalloc's test, ten threads at a time, 500 to 5000 generations.
// An operation is a generation.
#include <stdatomic.h>

#include "fresh.h"
#include "lives.h"

enum { MLEAK_SLOTS, MLEAK_SIZE };

static const struct workload_param mleak_params[] = {
	[MLEAK_SLOTS] = {.name = "slots",
		.standard = 1000,
		.least = 1,
		.most = 1 << 20,
		.description = "places of the shared table",
		.source = "ours"},
	[MLEAK_SIZE] = {.name = "size",
		.standard = 128,
		.least = 1,
		.most = 1 << 20,
		.description = "bytes of a block",
		.source = "128 in mimalloc's test"},
	{0},
};

/* Footprint: the published number of generations, weighed so many times. */
#define COURSE 5000
#define CHECKPOINTS 50

#define MARK 0x5a

typedef _Atomic(void *) table_slot;

struct mleak {
	uint64_t state, sum;
	uint64_t done;
	uint64_t lived; /* 1: the thread has had its block */
};

static uint64_t slot_count(const struct workload_instance *instance)
{
	return (uint64_t)instance->params[MLEAK_SLOTS];
}

static size_t block_size(const struct workload_instance *instance)
{
	return (size_t)instance->params[MLEAK_SIZE];
}

static size_t mleak_shared_bytes(const struct workload_instance *instance)
{
	return slot_count(instance) * sizeof(table_slot);
}

static size_t mleak_own_bytes(const struct workload_instance *instance)
{
	(void)instance;
	return sizeof(struct mleak);
}

/* Every thread fills its part of the table. */
static int mleak_thread_setup(struct workload_thread *thread)
{
	const struct workload_instance *instance = thread->instance;
	table_slot *slots = instance->shared;
	size_t size = block_size(instance);
	struct mleak *own = thread->own;

	own->state = thread->seed;
	for (uint64_t i = thread->index; i < slot_count(instance);
		i += instance->threads) {
		void *block = touch_if_any(
			instance->backend->calloc(1, size), size, MARK);

		if (block == NULL)
			return -1;
		atomic_store(&slots[i], block);
	}
	return 0;
}

static void exchange(struct workload_thread *thread)
{
	const struct workload_instance *instance = thread->instance;
	const struct alloc_backend *backend = opaque_pointer(instance->backend);
	table_slot *slots = instance->shared;
	size_t size = block_size(instance);
	struct mleak *own = thread->own;
	uint64_t pick = prng_below(&own->state, slot_count(instance));
	void *block = touch(backend->calloc(1, size), size, MARK);

	backend->free(atomic_exchange_explicit(
		&slots[pick], block, memory_order_acq_rel));
	own->sum += pick;
}

static uint64_t mleak_run(struct workload_thread *thread, uint64_t operations)
{
	struct mleak *own = thread->own;
	uint64_t now = life_left(1, own->lived, operations);

	if (now > 0) {
		exchange(thread);
		own->done++;
		if (own->done % (COURSE / CHECKPOINTS) == 0)
			thread->instance->host->checkpoint(thread);
	}
	return life_spend(thread, &own->lived, now, operations);
}

/* A thread looks at the places that it filled in set-up. */
static int mleak_verify(struct workload_thread *thread)
{
	const struct workload_instance *instance = thread->instance;
	table_slot *slots = instance->shared;
	size_t size = block_size(instance);

	for (uint64_t i = thread->index; i < slot_count(instance);
		i += instance->threads)
		if (!touched_intact(instance->backend, atomic_load(&slots[i]),
			    size, MARK))
			return -1;
	return fresh_zeroed(instance->backend, size) &&
			fresh_zeroed(instance->backend, size)
		? 0
		: -1;
}

static uint64_t mleak_checksum(const struct workload_thread *thread)
{
	const struct mleak *own = thread->own;

	return own->sum + prng_mix(thread->seed) * own->done;
}

static uint64_t mleak_live_bytes(const struct workload_thread *thread)
{
	const struct workload_instance *instance = thread->instance;
	uint64_t slots = slot_count(instance);

	return (slots / instance->threads +
		       (thread->index < slots % instance->threads)) *
		block_size(instance);
}

static uint64_t mleak_course(const struct workload_instance *instance)
{
	(void)instance;
	return COURSE;
}

static void mleak_thread_finish(struct workload_thread *thread)
{
	const struct workload_instance *instance = thread->instance;
	table_slot *slots = instance->shared;

	for (uint64_t i = thread->index; i < slot_count(instance);
		i += instance->threads)
		instance->backend->free(atomic_exchange(&slots[i], NULL));
}

extern const struct workload workload_mleak;

const struct workload workload_mleak = {
	.abi = WORKLOAD_ABI,
	.name = "mleak",
	.description = "a thread for each block (W22): what is left of it",
	.source = "mimalloc's mleak",
	.uses_allocator = true,
	.params = mleak_params,
	.shared_bytes = mleak_shared_bytes,
	.own_bytes = mleak_own_bytes,
	.thread_setup = mleak_thread_setup,
	.run = mleak_run,
	.verify = mleak_verify,
	.checksum = mleak_checksum,
	.live_bytes = mleak_live_bytes,
	.course = mleak_course,
	.thread_finish = mleak_thread_finish,
};
