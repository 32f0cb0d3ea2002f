// SPDX-License-Identifier: MIT
//
// W22 blowup: a chain of threads. Each allocates blocks until `live` is
// reached, replaces random ones, frees all, goes on with one block at a time,
// dies, and the next one does the same. At no time are there more bytes than
// `live`, and a process that stays at that has given each thread the memory of
// the one before it; one whose threads each keep a heap of their own grows with
// the chain (the footprint says by how much). In time it stresses the way back
// of a whole population and the first allocations of a thread after it.
// Cannot show: two threads that live at once and whose heaps grow in turn; for
// that the place of a thread is one of several here, each with its own chain.
// Published: allocbench, ten threads of 100 MiB in blocks of at most 16 KiB,
// 10^5 replacements. Here no block is below 1 KiB, so that what the workload
// knows of its blocks stays small beside them. A call is half an operation.
#include "slots.h"
#include "workload.h"

enum { BLOWUP_LIVE, BLOWUP_CHURN };

static const struct workload_param blowup_params[] = {
	[BLOWUP_LIVE] = {.name = "live",
		.standard = 4096,
		.least = 16,
		.most = 1 << 20,
		.description = "KiB that a thread holds at most",
		.source = "102400 in allocbench"},
	[BLOWUP_CHURN] = {.name = "churn",
		.standard = 1000,
		.least = 0,
		.most = 10000000,
		.description = "replacements with all alive, and as many with "
			       "one block",
		.source = "100000 in allocbench"},
	{0},
};

#define SIZE_LEAST 1024
#define SIZE_MOST 16384
/* Footprint: so many threads one after another. */
#define COURSE_LIVES 10

/* Of a life, in this order. */
enum phase { PHASE_BUILD, PHASE_CHURN, PHASE_TEAR, PHASE_ALONE, PHASE_DEAD };

struct blowup {
	uint64_t state, sum;
	uint64_t calls; /* so far */
	enum phase phase;
	uint64_t left; /* calls of a phase that counts them */
	uint64_t hole; /* slot whose block was freed to be replaced */
	uint64_t bytes; /* asked for by the blocks that are held */
	uint64_t held; /* slots in use, the hole among them */
	_Alignas(CACHELINE) struct slot slots[];
};

static uint64_t live_limit(const struct workload_instance *instance)
{
	return (uint64_t)instance->params[BLOWUP_LIVE] << 10;
}

static uint64_t churn_calls(const struct workload_instance *instance)
{
	return 2 * (uint64_t)instance->params[BLOWUP_CHURN];
}

static size_t blowup_own_bytes(const struct workload_instance *instance)
{
	return sizeof(struct blowup) +
		live_limit(instance) / SIZE_LEAST * sizeof(struct slot);
}

static int blowup_thread_setup(struct workload_thread *thread)
{
	struct blowup *own = thread->own;

	own->state = thread->seed;
	return 0;
}

static uint32_t draw_size(struct blowup *own)
{
	return SIZE_LEAST +
		(uint32_t)prng_below(&own->state, SIZE_MOST - SIZE_LEAST + 1);
}

static void put(struct blowup *own, const struct alloc_backend *backend,
	uint64_t index, uint32_t size)
{
	struct slot *slot = &own->slots[index];

	slot->mark = (unsigned char)size;
	slot->size = size;
	slot->block = touch(backend->alloc(size), size, slot->mark);
	touch_inner_pages(slot->block, size, slot->mark);
	own->bytes += size;
	own->sum += (uint64_t)size << 32 | index;
}

static void drop(
	struct blowup *own, const struct alloc_backend *backend, uint64_t index)
{
	backend->free(own->slots[index].block);
	own->slots[index].block = NULL;
	own->bytes -= own->slots[index].size;
}

/* Until a block of the largest size might not fit. */
static bool build(
	struct blowup *own, const struct alloc_backend *backend, uint64_t limit)
{
	uint32_t size = draw_size(own);

	put(own, backend, own->held++, size);
	return own->bytes + SIZE_MOST <= limit;
}

/* A free, then an allocation in its place, of a size that keeps the limit. */
static void churn(
	struct blowup *own, const struct alloc_backend *backend, uint64_t limit)
{
	uint32_t size;

	if (own->left % 2 == 0) {
		own->hole = prng_below(&own->state, own->held);
		drop(own, backend, own->hole);
		return;
	}
	size = draw_size(own);
	if (own->bytes + size > limit)
		size = own->slots[own->hole].size;
	put(own, backend, own->hole, size);
}

/* An allocation, then its free. */
static void alone(struct blowup *own, const struct alloc_backend *backend)
{
	if (own->left % 2 == 0)
		put(own, backend, 0, draw_size(own));
	else
		drop(own, backend, 0);
}

/* Enters a phase, or the one after it where there is nothing to do. */
static void enter(struct workload_thread *thread, enum phase phase)
{
	struct blowup *own = thread->own;

	own->left = churn_calls(thread->instance);
	if (own->left == 0 && (phase == PHASE_CHURN || phase == PHASE_ALONE))
		phase++;
	own->phase = phase;
	if (phase == PHASE_CHURN || phase == PHASE_TEAR)
		thread->instance->host->checkpoint(thread);
}

/* One call. */
static void step(
	struct workload_thread *thread, const struct alloc_backend *backend)
{
	uint64_t limit = live_limit(thread->instance);
	struct blowup *own = thread->own;

	switch (own->phase) {
	case PHASE_BUILD:
		if (!build(own, backend, limit))
			enter(thread, PHASE_CHURN);
		break;
	case PHASE_CHURN:
		churn(own, backend, limit);
		if (--own->left == 0)
			enter(thread, PHASE_TEAR);
		break;
	case PHASE_TEAR:
		drop(own, backend, --own->held);
		if (own->held == 0)
			enter(thread, PHASE_ALONE);
		break;
	default:
		alone(own, backend);
		if (--own->left == 0)
			enter(thread, PHASE_DEAD);
	}
}

/* A life has an even number of calls, so it ends with an operation. */
static uint64_t blowup_run(struct workload_thread *thread, uint64_t operations)
{
	const struct alloc_backend *backend =
		opaque_pointer(thread->instance->backend);
	struct blowup *own = thread->own;
	uint64_t calls = 0;

	for (; calls < 2 * operations && own->phase != PHASE_DEAD; calls++)
		step(thread, backend);
	own->calls += calls;
	/* Where a life ends with a run, the death is in the next one. */
	if (calls < 2 * operations) {
		own->phase = PHASE_BUILD;
		thread->instance->host->end_thread(thread);
	}
	return calls / 2;
}

static int blowup_verify(struct workload_thread *thread)
{
	const struct alloc_backend *backend = thread->instance->backend;
	const struct blowup *own = thread->own;
	/* The lone block lies in the first slot. */
	uint64_t held = own->held > 0 ? own->held : 1;

	if (slots_verify(own->slots, held, backend) != 0)
		return -1;
	return fresh_intact(backend, backend->alloc(SIZE_MOST), SIZE_MOST,
		       thread->seed)
		? 0
		: -1;
}

static uint64_t blowup_checksum(const struct workload_thread *thread)
{
	const struct blowup *own = thread->own;

	return own->sum + prng_mix(thread->seed) * own->calls;
}

static uint64_t blowup_live_bytes(const struct workload_thread *thread)
{
	const struct blowup *own = thread->own;

	return own->bytes;
}

/* An allocation and a free of each block, each replacement twice. */
static uint64_t blowup_course(const struct workload_instance *instance)
{
	uint64_t blocks =
		live_limit(instance) / ((SIZE_LEAST + SIZE_MOST) / 2) + 1;

	return COURSE_LIVES * (blocks + churn_calls(instance));
}

static void blowup_thread_finish(struct workload_thread *thread)
{
	struct blowup *own = thread->own;

	slots_finish(own->slots, own->held > 0 ? own->held : 1,
		thread->instance->backend);
}

extern const struct workload workload_blowup;

const struct workload workload_blowup = {
	.abi = WORKLOAD_ABI,
	.name = "blowup",
	.description = "a chain of threads, one population at a time (W22)",
	.source = "allocbench blowup",
	.uses_allocator = true,
	.params = blowup_params,
	.own_bytes = blowup_own_bytes,
	.thread_setup = blowup_thread_setup,
	.run = blowup_run,
	.verify = blowup_verify,
	.checksum = blowup_checksum,
	.live_bytes = blowup_live_bytes,
	.course = blowup_course,
	.thread_finish = blowup_thread_finish,
};
