// SPDX-License-Identifier: MIT
//
// W16 lifo-reverse: batches of blocks of mixed small sizes. The first
// `remote` per cent of a batch are freed by another thread; of the rest a part
// is freed last in first out, what is left in reverse of that, in the order of
// allocation. Stresses what a free list does with either order when sizes are
// mixed: the next batch is made of what the last one left.
// Cannot show: lifetimes that overlap, since a batch is freed before the next
// one begins; nor the figures of any published program, since this is none.
// Published: mimalloc-bench describes benchmarks of such a kind, run with
// twice as many threads as PUs, and that description is all that was followed.
// Sizes here are 1 to 1000 bytes, twice uniform (uniform up to a uniform
// bound), so half of them are below 187.
#include "pass_on.h"

enum { LIFO_BLOCKS, LIFO_LIFO, LIFO_REMOTE };

static const struct workload_param lifo_params[] = {
	[LIFO_BLOCKS] = {.name = "blocks",
		.standard = 1000,
		.least = 1,
		.most = 100000,
		.description = "blocks of a batch",
		.source = "ours"},
	[LIFO_LIFO] = {.name = "lifo",
		.standard = 50,
		.least = 0,
		.most = 100,
		.description = "per cent, of the blocks that stay, freed last "
			       "in first out",
		.source = "ours; 'some' in mimalloc-bench's description"},
	[LIFO_REMOTE] = {.name = "remote",
		.standard = 0,
		.least = 0,
		.most = 100,
		.description = "per cent of the blocks freed by another thread",
		.source = "ours; 0 and 'some' in mimalloc-bench's "
			  "description"},
	{0},
};

#define SIZE_MAX_DRAWN 1000

struct lifo {
	uint64_t state, sum;
	uint64_t done;
	uint64_t next; /* call: below blocks allocates, below 2 blocks frees */
	struct batch *leaving; /* being filled, or freed in its place */
	struct batch *taken; /* from the inbox */
	struct held_block staying[]; /* those that no other thread frees */
};

static uint64_t block_count(const struct workload_instance *instance)
{
	return (uint64_t)instance->params[LIFO_BLOCKS];
}

static uint64_t remote_count(const struct workload_instance *instance)
{
	return block_count(instance) * (uint64_t)instance->params[LIFO_REMOTE] /
		100;
}

static uint64_t staying_count(const struct workload_instance *instance)
{
	return block_count(instance) - remote_count(instance);
}

/* The stock, and the one that is filled or freed. */
static size_t lifo_shared_bytes(const struct workload_instance *instance)
{
	return pass_on_bytes(
		instance->threads, PASS_STOCK + 1, remote_count(instance));
}

static size_t lifo_own_bytes(const struct workload_instance *instance)
{
	return sizeof(struct lifo) +
		staying_count(instance) * sizeof(struct held_block);
}

static size_t draw_size(struct lifo *own)
{
	uint64_t bound = 1 + prng_below(&own->state, SIZE_MAX_DRAWN);

	return 1 + prng_below(&own->state, bound);
}

static struct batch *own_batch(
	const struct workload_thread *thread, unsigned index)
{
	return pass_on_batch(
		thread, index, PASS_STOCK + 1, remote_count(thread->instance));
}

/* The stock is this thread's own work: the first batches that it frees. */
static int lifo_thread_setup(struct workload_thread *thread)
{
	const struct workload_instance *instance = thread->instance;
	struct lifo *own = thread->own;

	own->state = thread->seed;
	own->leaving = own_batch(thread, PASS_STOCK);
	for (unsigned i = 0; i < PASS_STOCK && remote_count(instance) > 0;
		i++) {
		struct batch *batch = own_batch(thread, i);

		mailbox_post(pass_on_inbox(instance, thread->index), batch);
		for (uint32_t j = 0; j < batch->count; j++)
			if (held_block_try(&batch->held[j], instance->backend,
				    draw_size(own), j) != 0)
				return -1;
	}
	return 0;
}

/* Which block is the step-th to be freed. */
static struct held_block *freed_at(const struct workload_instance *instance,
	struct lifo *own, uint64_t step)
{
	uint64_t staying = staying_count(instance);
	uint64_t lifo = staying * (uint64_t)instance->params[LIFO_LIFO] / 100;

	if (step < lifo)
		return &own->staying[staying - 1 - step];
	if (step < staying)
		return &own->staying[step - lifo];
	return &own->leaving->held[step - staying];
}

static uint64_t lifo_run(struct workload_thread *thread, uint64_t operations)
{
	const struct workload_instance *instance = thread->instance;
	const struct alloc_backend *backend = opaque_pointer(instance->backend);
	uint64_t count = block_count(instance), remote = remote_count(instance);
	struct lifo *own = thread->own;

	for (uint64_t call = 0; call < 2 * operations; call++) {
		uint64_t next = own->next;

		if (next < count) {
			size_t size = draw_size(own);
			struct held_block *held = next < remote
				? &own->leaving->held[next]
				: &own->staying[next - remote];

			*held = held_block_make(
				backend->alloc, size, (uint32_t)size);
			own->sum += size;
			if (next + 1 == count && remote > 0)
				own->leaving = pass_on(
					thread, &own->taken, own->leaving);
		} else {
			struct held_block *held =
				freed_at(instance, own, next - count);

			backend->free(held->block);
			held->block = NULL;
		}
		own->next = next + 1 < 2 * count ? next + 1 : 0;
	}
	own->done += operations;
	return operations;
}

static int lifo_verify(struct workload_thread *thread)
{
	const struct workload_instance *instance = thread->instance;
	const struct alloc_backend *backend = instance->backend;
	const struct lifo *own = thread->own;

	for (uint64_t i = 0; i < staying_count(instance); i++)
		if (!held_block_intact(&own->staying[i], backend))
			return -1;
	if (!batch_list_intact(own->leaving, backend) ||
		!pass_on_intact(thread, own->taken))
		return -1;
	return held_block_check_fresh(backend, SIZE_MAX_DRAWN, thread->seed);
}

static uint64_t lifo_checksum(const struct workload_thread *thread)
{
	const struct lifo *own = thread->own;

	return own->sum + prng_mix(thread->seed) * own->done;
}

static void lifo_thread_finish(struct workload_thread *thread)
{
	const struct workload_instance *instance = thread->instance;
	struct lifo *own = thread->own;

	for (uint64_t i = 0; i < staying_count(instance); i++)
		instance->backend->free(own->staying[i].block);
	batch_list_free(own->leaving, instance->backend);
	pass_on_finish(thread, &own->taken);
	own->leaving = NULL;
}

extern const struct workload workload_lifo_reverse;

const struct workload workload_lifo_reverse = {
	.abi = WORKLOAD_ABI,
	.name = "lifo-reverse",
	.description = "batches freed in part backwards, in part not (W16)",
	.source = "ours, after a description in mimalloc-bench",
	.uses_allocator = true,
	.params = lifo_params,
	.shared_bytes = lifo_shared_bytes,
	.own_bytes = lifo_own_bytes,
	.thread_setup = lifo_thread_setup,
	.run = lifo_run,
	.verify = lifo_verify,
	.checksum = lifo_checksum,
	.thread_finish = lifo_thread_finish,
};
