// SPDX-License-Identifier: MIT
//
// W14 rptest: an array of slots for each thread. A loop visits `ops` slots,
// scattered by a prime stride, and frees four of five, then visits as many
// others and puts new blocks there; every `cross` loops a quarter of the new
// blocks goes to another thread, which frees them. Stresses many size classes
// at once with a working set, remote frees in bulk, pages that are touched.
// It cannot show what a real mix of sizes costs: the three laws of size are
// made up (fleet). An operation is one allocation, its free comes when the
// slot is visited again. Published: rpmalloc-benchmark, in two passes with
// two generations of threads (here threads live on: mstress and larson end
// them), with the link of the handed blocks in the blocks; where the other
// thread has not yet freed the last four hand-overs, the blocks stay here.
#include "mailbox.h"
#include "touch.h"
#include "workload.h"

enum {
	RPTEST_BLOCKS,
	RPTEST_OPS,
	RPTEST_CROSS,
	RPTEST_LAW,
	RPTEST_LEAST,
	RPTEST_MOST
};
enum { LAW_EVEN, LAW_LINEAR, LAW_EXP };

static const char *const law_names[] = {"even", "linear", "exp"};

static const struct workload_param rptest_params[] = {
	[RPTEST_BLOCKS] = {.name = "blocks",
		.standard = 1000,
		.least = 8,
		.most = 1000000,
		.description = "slots of a thread",
		.source = "rpmalloc-benchmark: quick 1000, full 50000"},
	[RPTEST_OPS] = {.name = "ops",
		.standard = 100,
		.least = 4,
		.most = 100000,
		.description = "slots visited in a loop, at most blocks",
		.source = "rpmalloc-benchmark: quick 100, full 5000"},
	[RPTEST_CROSS] = {.name = "cross",
		.standard = 2,
		.least = 0,
		.most = 1000,
		.description = "loops from hand-over to hand-over; 0 never",
		.source = "rpmalloc-benchmark: 2"},
	[RPTEST_LAW] = {.name = "law",
		.standard = LAW_LINEAR,
		.least = LAW_EVEN,
		.most = LAW_EXP,
		.names = law_names,
		.description = "how sizes fall off",
		.source = "rpmalloc-benchmark: all three"},
	[RPTEST_LEAST] = {.name = "least",
		.standard = 8,
		.least = 1,
		.most = 1 << 20,
		.description = "bytes of the smallest block",
		.source = "rpmalloc-benchmark: 8, 16, 128, 512"},
	[RPTEST_MOST] = {.name = "most",
		.standard = 16000,
		.least = 1,
		.most = 1 << 20,
		.description = "bytes of the largest block, or least",
		.source = "rpmalloc-benchmark: 1000 to 160000"},
	{0},
};

#define HANDOVERS 4
#define STRIDE 1000003 /* a prime above all numbers of slots */

/* In the shared bytes, one for each thread. */
struct rptest_place {
	struct mailbox inbox; /* to be freed by this thread */
	struct mailbox returned; /* empty batches of this thread */
};

struct rptest {
	uint64_t prng;
	uint64_t done;
	uint64_t sizes; /* sum of those asked for */
	uint64_t loops;
	uint64_t slot, left; /* where the loop stands, allocations left */
	struct batch *empty;
	struct held_block held[];
};

static uint64_t loop_ops(const struct workload_instance *instance)
{
	int64_t ops = instance->params[RPTEST_OPS];
	int64_t blocks = instance->params[RPTEST_BLOCKS];

	return (uint64_t)(ops < blocks ? ops : blocks);
}

static size_t rptest_shared_bytes(const struct workload_instance *instance)
{
	return instance->threads *
		(sizeof(struct rptest_place) +
			HANDOVERS * batch_bytes(loop_ops(instance) / 4));
}

static size_t rptest_own_bytes(const struct workload_instance *instance)
{
	return sizeof(struct rptest) +
		(size_t)instance->params[RPTEST_BLOCKS] *
		sizeof(struct held_block);
}

/* The hand-over batches begin at home. */
static int rptest_setup(struct workload_instance *instance)
{
	struct rptest_place *places = instance->shared;
	unsigned char *memory = (unsigned char *)(places + instance->threads);

	for (unsigned i = 0; i < instance->threads; i++)
		for (unsigned j = 0; j < HANDOVERS; j++) {
			struct batch *batch = (struct batch *)memory;

			memory += batch_bytes(loop_ops(instance) / 4);
			batch->owner = i;
			mailbox_post(&places[i].returned, batch);
		}
	return 0;
}

/* linear: density falls to 0 at the end, the least of two even draws; exp:
 * even in a range that is halved with chance one half, again and again. */
static size_t draw_size(const int64_t *params, uint64_t *prng)
{
	uint64_t least = (uint64_t)params[RPTEST_LEAST];
	uint64_t most = (uint64_t)params[RPTEST_MOST];
	uint64_t range = most > least ? most - least : 0;
	uint64_t first = prng_below(prng, range + 1), second;

	if (params[RPTEST_LAW] == LAW_EVEN)
		return least + first;
	if (params[RPTEST_LAW] == LAW_LINEAR) {
		second = prng_below(prng, range + 1);
		return least + (first < second ? first : second);
	}
	second = prng_next(prng) | (uint64_t)1 << 63;
	return least + (first >> __builtin_ctzll(second));
}

static struct held_block new_block(struct rptest *own, const int64_t *params,
	const struct alloc_backend *backend)
{
	size_t size = draw_size(params, &own->prng);
	struct held_block held =
		held_block_make(backend->alloc, size, (uint32_t)size);

	touch_inner_pages(held.block, size, (unsigned char)size);
	own->sizes += size;
	return held;
}

static uint64_t next_slot(uint64_t slot, uint64_t blocks)
{
	return (slot + STRIDE) % blocks;
}

static void free_slot(
	struct held_block *held, const struct alloc_backend *backend)
{
	backend->free(held->block);
	held->block = NULL;
}

static void free_inbox(
	struct workload_thread *thread, const struct alloc_backend *backend)
{
	struct rptest_place *places = thread->instance->shared;
	struct batch *batch = mailbox_take(&places[thread->index].inbox);

	while (batch != NULL) {
		struct batch *next = batch->next;

		batch_free_all(batch, backend);
		mailbox_post(&places[batch->owner].returned, batch);
		batch = next;
	}
}

static void begin_loop(
	struct workload_thread *thread, const struct alloc_backend *backend)
{
	uint64_t blocks = (uint64_t)thread->instance->params[RPTEST_BLOCKS];
	struct rptest *own = thread->own;
	uint64_t slot = prng_below(&own->prng, blocks);

	free_inbox(thread, backend);
	own->left = loop_ops(thread->instance);
	for (uint64_t i = 0; i < own->left; i++) {
		if (prng_below(&own->prng, 5) < 4)
			free_slot(&own->held[slot], backend);
		slot = next_slot(slot, blocks);
	}
	own->slot = prng_below(&own->prng, blocks);
}

/* The last quarter of the new blocks, back along the stride. */
static void hand_over(struct workload_thread *thread)
{
	const struct workload_instance *instance = thread->instance;
	uint64_t blocks = (uint64_t)instance->params[RPTEST_BLOCKS];
	uint64_t back = blocks - STRIDE % blocks;
	struct rptest_place *places = instance->shared;
	struct rptest *own = thread->own;
	uint64_t slot = own->slot;
	struct batch *batch =
		mailbox_next(&places[thread->index].returned, &own->empty);

	if (batch == NULL)
		return;
	batch->count = 0;
	while (batch->count < loop_ops(instance) / 4) {
		slot = (slot + back) % blocks;
		batch->held[batch->count++] = own->held[slot];
		own->held[slot].block = NULL;
	}
	mailbox_post(
		&places[(thread->index + 1) % instance->threads].inbox, batch);
}

static void end_loop(struct workload_thread *thread)
{
	uint64_t cross = (uint64_t)thread->instance->params[RPTEST_CROSS];
	struct rptest *own = thread->own;

	own->loops++;
	if (cross > 0 && own->loops % cross == 0)
		hand_over(thread);
}

/* Every slot is full before the first turn. */
static int rptest_thread_setup(struct workload_thread *thread)
{
	const struct workload_instance *instance = thread->instance;
	struct rptest *own = thread->own;

	own->prng = thread->seed;
	for (int64_t i = 0; i < instance->params[RPTEST_BLOCKS]; i++) {
		size_t size = draw_size(instance->params, &own->prng);

		if (held_block_try(&own->held[i], instance->backend, size,
			    (uint32_t)size) != 0)
			return -1;
	}
	return 0;
}

static uint64_t rptest_run(struct workload_thread *thread, uint64_t operations)
{
	const struct alloc_backend *backend =
		opaque_pointer(thread->instance->backend);
	const int64_t *params = thread->instance->params;
	uint64_t blocks = (uint64_t)params[RPTEST_BLOCKS];
	struct rptest *own = thread->own;

	for (uint64_t i = 0; i < operations; i++) {
		if (own->left == 0)
			begin_loop(thread, backend);
		backend->free(own->held[own->slot].block);
		own->held[own->slot] = new_block(own, params, backend);
		own->slot = next_slot(own->slot, blocks);
		if (--own->left == 0)
			end_loop(thread);
	}
	own->done += operations;
	return operations;
}

static int rptest_verify(struct workload_thread *thread)
{
	const struct workload_instance *instance = thread->instance;
	struct rptest_place *places = instance->shared;
	const struct rptest *own = thread->own;

	for (int64_t i = 0; i < instance->params[RPTEST_BLOCKS]; i++)
		if (!held_block_intact(&own->held[i], instance->backend))
			return -1;
	if (!batch_list_intact(atomic_load(&places[thread->index].inbox.newest),
		    instance->backend))
		return -1;
	return held_block_check_fresh(instance->backend,
		(size_t)instance->params[RPTEST_MOST], thread->seed);
}

static uint64_t rptest_checksum(const struct workload_thread *thread)
{
	const struct rptest *own = thread->own;

	return prng_mix(thread->seed) * own->done + own->sizes;
}

static void rptest_thread_finish(struct workload_thread *thread)
{
	const struct workload_instance *instance = thread->instance;
	struct rptest *own = thread->own;

	for (int64_t i = 0; i < instance->params[RPTEST_BLOCKS]; i++)
		free_slot(&own->held[i], instance->backend);
	free_inbox(thread, instance->backend);
}

extern const struct workload workload_rptest;

const struct workload workload_rptest = {
	.abi = WORKLOAD_ABI,
	.name = "rptest",
	.description = "scattered slots, a quarter freed by another thread "
		       "(W14)",
	.source = "rpmalloc-benchmark",
	.uses_allocator = true,
	.params = rptest_params,
	.shared_bytes = rptest_shared_bytes,
	.own_bytes = rptest_own_bytes,
	.setup = rptest_setup,
	.thread_setup = rptest_thread_setup,
	.run = rptest_run,
	.verify = rptest_verify,
	.checksum = rptest_checksum,
	.thread_finish = rptest_thread_finish,
};
