// SPDX-License-Identifier: MIT
//
// W10 many-to-one: all threads but one allocate bursts of blocks and put them
// on a list, one thread takes the whole list and frees everything. Frees
// count. Stresses remote frees where they cannot be spread: what the one
// thread sends home to many heaps, and what many heaps ask for again. It
// cannot show how frees by several threads at once collide (xmalloc), nor what
// an allocator holds back for ever: the list is bounded, as a user's queue is.
// Published: the report mimalloc#1002 and snmalloc's lotsofthreads; there the
// list is unbounded and of the language's own nodes, allocated, too, so memory
// grows while the one thread falls behind; here the lists are ours, of `limit`
// bursts at most, and a turn frees exactly what it allocates (handoff.h).
#include "handoff.h"

enum { MANY_SIZE, MANY_BURST, MANY_LIMIT };

static const struct workload_param many_params[] = {
	[MANY_SIZE] = {.name = "size",
		.standard = 64,
		.least = 0,
		.most = 1 << 20,
		.description = "bytes of a block; 0 draws 8 to 2048 from 17",
		.source = "the reports name small blocks; 17 as in xmalloc"},
	[MANY_BURST] = {.name = "burst",
		.standard = 256,
		.least = 1,
		.most = 65536,
		.description = "blocks put on the list at once",
		.source = "snmalloc#738: bursts of 1 to 64 Ki"},
	[MANY_LIMIT] = {.name = "limit",
		.standard = 64,
		.least = 1,
		.most = 10000,
		.description = "bursts on the list at most",
		.source = "ours: the reports' lists have no bound"},
	{0},
};

/* Thread 0 frees. */
static unsigned many_role_of(unsigned index, unsigned threads)
{
	if (threads == 1)
		return HANDOFF_BOTH;
	return index == 0 ? HANDOFF_CONSUMER : HANDOFF_PRODUCER;
}

static struct handoff_rules many_rules(const struct workload_instance *instance)
{
	return (struct handoff_rules){
		.size = (size_t)instance->params[MANY_SIZE],
		.batch = (uint32_t)instance->params[MANY_BURST],
		.limit = (uint32_t)instance->params[MANY_LIMIT],
		.take_all = true,
	};
}

static size_t many_shared_bytes(const struct workload_instance *instance)
{
	struct handoff_rules rules = many_rules(instance);

	return handoff_bytes(&rules, instance->threads);
}

static size_t many_own_bytes(const struct workload_instance *instance)
{
	(void)instance;
	return sizeof(struct handoff_hand);
}

static int many_setup(struct workload_instance *instance)
{
	struct handoff_rules rules = many_rules(instance);

	return handoff_setup(instance, &rules);
}

static uint64_t many_run(struct workload_thread *thread, uint64_t operations)
{
	return handoff_run(thread, operations, thread->instance->threads - 1,
		thread->index - 1);
}

extern const struct workload workload_many_to_one;

const struct workload workload_many_to_one = {
	.abi = WORKLOAD_ABI,
	.name = "many-to-one",
	.description = "many threads allocate, one frees everything (W10)",
	.source = "mimalloc#1002; snmalloc's lotsofthreads, snmalloc#738",
	.uses_allocator = true,
	.uniform = true,
	.params = many_params,
	.roles = handoff_roles,
	.role_of = many_role_of,
	.shared_bytes = many_shared_bytes,
	.own_bytes = many_own_bytes,
	.setup = many_setup,
	.thread_setup = handoff_thread_setup,
	.run = many_run,
	.counted_role = handoff_counted_role,
	.verify = handoff_verify,
	.checksum = handoff_checksum,
	.thread_finish = handoff_thread_finish,
	.finish = handoff_finish,
};
