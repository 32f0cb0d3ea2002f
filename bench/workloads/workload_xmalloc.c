// SPDX-License-Identifier: MIT
//
// W7 xmalloc: producers allocate batches of blocks and put them on one shared
// stack, consumers take a batch off it and free its blocks; nothing is freed
// where it was allocated. Frees count. Stresses the way home of a block: the
// remote free, and caches that fill on one side and run dry on the other. It
// cannot show locality, since no block is read again, nor fragmentation.
// Published: Lever & Boreham 2000; xmalloc-test in SuperMalloc, mimalloc-bench
// and Hoard. There, T means T producers and T consumers, the batch record
// comes from malloc as well, a mutex and two condition variables guard the
// stack, and a run lasts 5 s; here T is all threads, the record is ours, the
// lock spins, then yields, and a turn frees exactly what it allocates, from a
// stock of two batches a thread (handoff.h).
#include "handoff.h"

enum { XMALLOC_SIZE, XMALLOC_BATCH, XMALLOC_LIMIT };

static const struct workload_param xmalloc_params[] = {
	[XMALLOC_SIZE] = {.name = "size",
		.standard = 64,
		.least = 0,
		.most = 1 << 20,
		.description = "bytes of a block; 0 draws 8 to 2048 from 17",
		.source = "xmalloc-test: 64, or 17 sizes from 8 to 2048"},
	[XMALLOC_BATCH] = {.name = "batch",
		.standard = 4096,
		.least = 1,
		.most = 65536,
		.description = "blocks handed over at once",
		.source = "xmalloc-test: 4096"},
	[XMALLOC_LIMIT] = {.name = "limit",
		.standard = 100,
		.least = 1,
		.most = 10000,
		.description = "batches waiting at most",
		.source = "xmalloc-test: 100"},
	{0},
};

static unsigned xmalloc_role_of(unsigned index, unsigned threads)
{
	if (threads == 1)
		return HANDOFF_BOTH;
	return index % 2 == 0 ? HANDOFF_PRODUCER : HANDOFF_CONSUMER;
}

static struct handoff_rules xmalloc_rules(
	const struct workload_instance *instance)
{
	return (struct handoff_rules){
		.size = (size_t)instance->params[XMALLOC_SIZE],
		.batch = (uint32_t)instance->params[XMALLOC_BATCH],
		.limit = (uint32_t)instance->params[XMALLOC_LIMIT],
	};
}

static size_t xmalloc_shared_bytes(const struct workload_instance *instance)
{
	struct handoff_rules rules = xmalloc_rules(instance);

	return handoff_bytes(&rules, instance->threads);
}

static size_t xmalloc_own_bytes(const struct workload_instance *instance)
{
	(void)instance;
	return sizeof(struct handoff_hand);
}

static int xmalloc_setup(struct workload_instance *instance)
{
	struct handoff_rules rules = xmalloc_rules(instance);

	return handoff_setup(instance, &rules);
}

static uint64_t xmalloc_run(struct workload_thread *thread, uint64_t operations)
{
	unsigned threads = thread->instance->threads;

	/* The even indices produce. */
	return handoff_run(
		thread, operations, (threads + 1) / 2, thread->index / 2);
}

extern const struct workload workload_xmalloc;

const struct workload workload_xmalloc = {
	.abi = WORKLOAD_ABI,
	.name = "xmalloc",
	.description = "producers allocate, consumers free (W7), in batches",
	.source = "Lever & Boreham 2000; SuperMalloc's xmalloc-test",
	.uses_allocator = true,
	.uniform = true,
	.params = xmalloc_params,
	.roles = handoff_roles,
	.role_of = xmalloc_role_of,
	.shared_bytes = xmalloc_shared_bytes,
	.own_bytes = xmalloc_own_bytes,
	.setup = xmalloc_setup,
	.thread_setup = handoff_thread_setup,
	.run = xmalloc_run,
	.counted_role = handoff_counted_role,
	.verify = handoff_verify,
	.checksum = handoff_checksum,
	.thread_finish = handoff_thread_finish,
	.finish = handoff_finish,
};
