// SPDX-License-Identifier: MIT
//
// W26 acdc: a mutator whose time is the bytes that it allocates; a quantum of
// them is its tick. Objects come in groups of one size and one lifetime, both
// drawn: sizes from powers of two, lifetimes from 1 to `life` quanta. As long
// as a group lives it is gone through in every quantum, as a list, in the
// order of allocation, or as a tree; then it stays for `delay` quanta before
// it is freed. Of the groups `shared` per cent are at their death handed to
// the next thread, which goes through them once more and frees them.
// Stresses what fresh memory of one age is worth to the cache, and with shared
// groups the way of a block from its maker to another thread.
// Cannot show: links in the objects (they lie beside them: on `null` a thread's
// blocks are all the same memory); most of the time is that of their use.
// Published: ACDC: for locality lifetimes to 10, sizes 2^4 to 2^5, from lists
// to trees; for producers and consumers lifetimes to 5, sizes 2^4 to 2^9,
// quanta of 1 MB, all groups shared with all threads; here each goes to one.
#include "pass_on.h"

enum {
	ACDC_QUANTUM,
	ACDC_LIFE,
	ACDC_SMALLEST,
	ACDC_LARGEST,
	ACDC_TREE,
	ACDC_DELAY,
	ACDC_SHARED
};

static const struct workload_param acdc_params[] = {
	[ACDC_QUANTUM] = {.name = "quantum",
		.standard = 16,
		.least = 1,
		.most = 1 << 12,
		.description = "KiB allocated from tick to tick",
		.source = "1024 in ACDC"},
	[ACDC_LIFE] = {.name = "life",
		.standard = 10,
		.least = 1,
		.most = 32,
		.description = "quanta that a group lives at most",
		.source = "5 and 10 in ACDC"},
	[ACDC_SMALLEST] = {.name = "smallest",
		.standard = 4,
		.least = 3,
		.most = 16,
		.description = "log2 of the smallest size in bytes",
		.source = "4 in ACDC"},
	[ACDC_LARGEST] = {.name = "largest",
		.standard = 5,
		.least = 3,
		.most = 16,
		.description = "log2 of the largest size, or smallest",
		.source = "5 and 9 in ACDC"},
	[ACDC_TREE] = {.name = "tree",
		.standard = 0,
		.least = 0,
		.most = 100,
		.description = "per cent of the groups gone through as a tree",
		.source = "0 to 100 in ACDC"},
	[ACDC_DELAY] = {.name = "delay",
		.standard = 0,
		.least = 0,
		.most = 32,
		.description = "quanta from death to free",
		.source = "0 in ACDC"},
	[ACDC_SHARED] = {.name = "shared",
		.standard = 0,
		.least = 0,
		.most = 100,
		.description = "per cent of the groups freed by another thread",
		.source = "0 and 100 in ACDC"},
	{0},
};

#define GROUP 32 /* objects */
#define LINE 64 /* an object is accessed in each of its lines */

struct group {
	struct group *next;
	uint64_t death, release; /* ticks */
	bool tree, shared;
	struct batch *batch; /* its objects, NULL those that are not there */
};

struct acdc {
	uint64_t state, sum;
	uint64_t calls;
	uint64_t tick, allocated; /* bytes since the last tick */
	uint32_t size, made; /* of the objects of `making`; how many */
	uint32_t freed; /* objects of the first of `dying` */
	bool damaged; /* on `null` without meaning */
	struct group *making, *living, *dying, *idle;
	struct batch *taken; /* from the inbox */
	unsigned char tree_order[GROUP];
	_Alignas(CACHELINE) struct group groups[];
};

static uint64_t largest_log2(const int64_t *params)
{
	return (uint64_t)(params[ACDC_LARGEST] > params[ACDC_SMALLEST]
			? params[ACDC_LARGEST]
			: params[ACDC_SMALLEST]);
}

static uint64_t quantum_of(const int64_t *params)
{
	return (uint64_t)params[ACDC_QUANTUM] << 10;
}

/* Those of every tick from birth to release, and the one that is made. */
static uint64_t group_count(const int64_t *params)
{
	uint64_t group = (uint64_t)GROUP << params[ACDC_SMALLEST];
	uint64_t ticks = (uint64_t)(params[ACDC_LIFE] + params[ACDC_DELAY]) + 1;

	return ticks * (quantum_of(params) / group + 1) + 1;
}

static size_t acdc_own_bytes(const struct workload_instance *instance)
{
	return sizeof(struct acdc) +
		group_count(instance->params) * sizeof(struct group);
}

static uint64_t batches_of_thread(const struct workload_instance *instance)
{
	return group_count(instance->params) + PASS_STOCK;
}

static size_t acdc_shared_bytes(const struct workload_instance *instance)
{
	return pass_on_bytes(
		instance->threads, batches_of_thread(instance), GROUP);
}

static struct batch *own_batch(
	const struct workload_thread *thread, uint64_t index)
{
	return pass_on_batch(
		thread, index, batches_of_thread(thread->instance), GROUP);
}

/* Indexes of a heap in the order of a walk from its root: a node, all that is
 * below its left child, all below its right one. Returns the new count. */
static unsigned list_tree(unsigned char *order, unsigned count, unsigned node)
{
	if (node >= GROUP)
		return count;
	order[count++] = (unsigned char)node;
	count = list_tree(order, count, 2 * node + 1);
	return list_tree(order, count, 2 * node + 2);
}

static uint32_t draw_size(const int64_t *params, uint64_t *state)
{
	uint64_t smallest = (uint64_t)params[ACDC_SMALLEST];

	return (uint32_t)1 << (smallest +
		       prng_below(state, largest_log2(params) - smallest + 1));
}

static bool chance(uint64_t *state, int64_t per_cent)
{
	return prng_below(state, 100) < (uint64_t)per_cent;
}

/* The first access of a new object. */
ALWAYS_INLINE void mark_object(
	struct held_block *held, void *block, uint32_t size, uint32_t mark)
{
	*held = (struct held_block){opaque_pointer(block), size - 1, mark};
	for (uint32_t i = 0; i < held->last; i += LINE)
		__atomic_store_n(
			&held->block[i], (unsigned char)mark, __ATOMIC_RELAXED);
	__atomic_store_n(&held->block[held->last], (unsigned char)mark,
		__ATOMIC_RELAXED);
}

/* Batches that the thread finds in its inbox where groups are shared. */
static int fill_stock(struct workload_thread *thread)
{
	const struct workload_instance *instance = thread->instance;
	struct acdc *own = thread->own;

	for (uint64_t i = 0; i < PASS_STOCK; i++) {
		struct batch *batch =
			own_batch(thread, group_count(instance->params) + i);
		uint32_t size = draw_size(instance->params, &own->state);

		mailbox_post(pass_on_inbox(instance, thread->index), batch);
		for (unsigned j = 0; j < GROUP; j++) {
			void *block = instance->backend->alloc(size);

			if (block == NULL)
				return -1;
			mark_object(&batch->held[j], block, size, j);
		}
	}
	return 0;
}

static int acdc_thread_setup(struct workload_thread *thread)
{
	const int64_t *params = thread->instance->params;
	struct acdc *own = thread->own;

	own->state = thread->seed;
	list_tree(own->tree_order, 0, 0);
	for (uint64_t i = 0; i < group_count(params); i++) {
		struct group *group = &own->groups[i];

		group->batch = own_batch(thread, i);
		group->next = own->idle;
		own->idle = group;
	}
	return params[ACDC_SHARED] > 0 ? fill_stock(thread) : 0;
}

/* One byte, read and written. Atomic, since on `null` another thread's object
 * is memory which its maker writes again. */
ALWAYS_INLINE bool access_byte(unsigned char *byte, unsigned char mark)
{
	bool was = __atomic_load_n(byte, __ATOMIC_RELAXED) == mark;

	__atomic_store_n(byte, mark, __ATOMIC_RELAXED);
	return was;
}

/* Whether the object was as it was left. */
static bool access_object(const struct held_block *held)
{
	unsigned char mark = (unsigned char)held->mark;
	bool whole = true;

	for (uint32_t i = 0; i < held->last; i += LINE)
		whole &= access_byte(&held->block[i], mark);
	return access_byte(&held->block[held->last], mark) && whole;
}

static void access_batch(
	struct acdc *own, const struct batch *batch, bool as_tree)
{
	for (unsigned i = 0; i < GROUP; i++)
		own->damaged |= !access_object(
			&batch->held[as_tree ? own->tree_order[i] : i]);
}

static void begin_group(struct acdc *own, const int64_t *params)
{
	struct group *group = own->idle;
	uint64_t life;

	own->idle = group->next;
	own->making = group;
	own->made = 0;
	own->size = draw_size(params, &own->state);
	life = 1 + prng_below(&own->state, (uint64_t)params[ACDC_LIFE]);
	group->death = own->tick + life;
	group->release = group->death + (uint64_t)params[ACDC_DELAY];
	group->tree = chance(&own->state, params[ACDC_TREE]);
	group->shared = chance(&own->state, params[ACDC_SHARED]);
	own->sum += life << 32 | own->size;
}

/* A shared group goes, and one that came is freed in its place. */
static void die(struct workload_thread *thread, struct group *group)
{
	struct acdc *own = thread->own;

	group->next = own->dying;
	own->dying = group;
	if (!group->shared)
		return;
	group->batch = pass_on(thread, &own->taken, group->batch);
	access_batch(own, group->batch, group->tree);
}

/* The living are gone through; those whose time is over are to be freed. */
static void pass_tick(struct workload_thread *thread)
{
	struct acdc *own = thread->own;
	struct group **link = &own->living;

	own->allocated = 0;
	own->tick++;
	while (*link != NULL) {
		struct group *group = *link;

		if (own->tick <= group->death)
			access_batch(own, group->batch, group->tree);
		if (own->tick < group->release) {
			link = &group->next;
			continue;
		}
		*link = group->next;
		die(thread, group);
	}
}

static void allocate_one(
	struct workload_thread *thread, const struct alloc_backend *backend)
{
	struct acdc *own = thread->own;

	if (own->making == NULL)
		begin_group(own, thread->instance->params);
	mark_object(&own->making->batch->held[own->made],
		backend->alloc(own->size), own->size, own->made);
	own->made++;
	own->allocated += own->size;
	if (own->made < GROUP)
		return;
	own->making->next = own->living;
	own->living = own->making;
	own->making = NULL;
	if (own->allocated >= quantum_of(thread->instance->params))
		pass_tick(thread);
}

static void free_one(struct acdc *own, const struct alloc_backend *backend)
{
	struct group *group = own->dying;
	struct held_block *held = &group->batch->held[own->freed++];

	backend->free(held->block);
	held->block = NULL;
	if (own->freed < GROUP)
		return;
	own->freed = 0;
	own->dying = group->next;
	group->next = own->idle;
	own->idle = group;
}

/* A call is half an operation. */
static uint64_t acdc_run(struct workload_thread *thread, uint64_t operations)
{
	const struct alloc_backend *backend =
		opaque_pointer(thread->instance->backend);
	struct acdc *own = thread->own;

	for (uint64_t i = 0; i < 2 * operations; i++)
		if (own->dying != NULL)
			free_one(own, backend);
		else
			allocate_one(thread, backend);
	own->calls += 2 * operations;
	return operations;
}

static int acdc_verify(struct workload_thread *thread)
{
	const struct workload_instance *instance = thread->instance;
	const struct alloc_backend *backend = instance->backend;
	const struct acdc *own = thread->own;

	if (own->damaged || !pass_on_intact(thread, own->taken))
		return -1;
	for (uint64_t i = 0; i < group_count(instance->params); i++)
		if (!batch_list_intact(own->groups[i].batch, backend))
			return -1;
	return held_block_check_fresh(backend,
		(size_t)1 << largest_log2(instance->params), thread->seed);
}

static uint64_t acdc_checksum(const struct workload_thread *thread)
{
	const struct acdc *own = thread->own;

	return own->sum + prng_mix(thread->seed) * own->calls;
}

static void acdc_thread_finish(struct workload_thread *thread)
{
	const struct workload_instance *instance = thread->instance;
	const struct alloc_backend *backend = instance->backend;
	struct acdc *own = thread->own;

	pass_on_finish(thread, &own->taken);
	for (uint64_t i = 0; i < group_count(instance->params); i++)
		batch_list_free(own->groups[i].batch, backend);
}

extern const struct workload workload_acdc;

const struct workload workload_acdc = {
	.abi = WORKLOAD_ABI,
	.name = "acdc",
	.description = "groups of one age that are used, then die (W26)",
	.source = "ACDC (Aigner & Kirsch 2013)",
	.uses_allocator = true,
	.params = acdc_params,
	.shared_bytes = acdc_shared_bytes,
	.own_bytes = acdc_own_bytes,
	.thread_setup = acdc_thread_setup,
	.run = acdc_run,
	.verify = acdc_verify,
	.checksum = acdc_checksum,
	.thread_finish = acdc_thread_finish,
};
