// SPDX-License-Identifier: MIT
//
// W15 alloc-test: slots, a few of them visited nearly always: where a visit
// finds nothing, it allocates and fills a block, else it reads all of the
// block and frees it. The 80/20 law is applied six times over, so that the
// first of 5^6 parts gets a quarter of all visits. Sizes are small: the class
// of 4 to 8 bytes half of the time, each next class half as often. Stresses
// what real programs do most, small blocks of very different lives, with all
// of their bytes used; and, in bytes, what a population that keeps its mean
// but not its members costs (the footprint).
// Cannot show: frees by other threads, blocks above a kilobyte; and the time
// of picking a slot is a good part of it: take that of `null` off.
// Published: one million to a hundred million visits, 2^18 slots over the
// threads, resident bytes read 32 times, the time of an allocator that does
// nothing subtracted. A visit is half an operation here.
#include "slots.h"
#include "workload.h"

enum { ALLOC_TEST_SLOTS };

static const struct workload_param alloc_test_params[] = {
	[ALLOC_TEST_SLOTS] = {.name = "slots",
		.standard = 1 << 14,
		.least = 1,
		.most = 1 << 24,
		.description = "places of a thread, half of them in use",
		.source = "2^18 / T in alloc-test"},
	{0},
};

/* Footprint: visits of the published quick run, weighed so many times. */
#define COURSE_VISITS 1000000
#define CHECKPOINTS 32

#define SIZE_MAX_DRAWN 1024
#define LAW_STEPS 6
#define LAW_PARTS 15625 /* 5^LAW_STEPS */

struct alloc_test {
	uint64_t state;
	uint64_t visits; /* so far */
	uint64_t sum;
	bool damaged;
	_Alignas(CACHELINE) struct slot slots[];
};

static size_t slot_count(const struct workload_instance *instance)
{
	return (size_t)instance->params[ALLOC_TEST_SLOTS];
}

static size_t alloc_test_own_bytes(const struct workload_instance *instance)
{
	return sizeof(struct alloc_test) +
		slot_count(instance) * sizeof(struct slot);
}

/* Four times of five into the first fifth of what is left, else behind it. */
static uint64_t draw_slot(uint64_t draw, uint64_t count)
{
	uint64_t parts = prng_scale((uint32_t)draw, LAW_PARTS);
	uint64_t first = 0;

	for (unsigned i = 0; i < LAW_STEPS && count >= 5; i++) {
		uint64_t fifth = count / 5;

		if (parts % 5 == 0) {
			first += fifth;
			count -= fifth;
		} else {
			count = fifth;
		}
		parts /= 5;
	}
	return first + prng_scale((uint32_t)(draw >> 32), count);
}

/* Above 2^(k+2) up to 2^(k+3) with chance 2^-(k+1), but for the largest. */
static uint32_t draw_size(uint64_t *state)
{
	uint64_t draw = prng_next(state);
	unsigned k = (unsigned)__builtin_ctzll(draw | (uint64_t)1 << 31);
	uint64_t base = (uint64_t)4 << k;

	if (base >= SIZE_MAX_DRAWN)
		return SIZE_MAX_DRAWN;
	return (uint32_t)(base + 1 + prng_scale((uint32_t)(draw >> 32), base));
}

/* A full block for an empty slot; returns its size. */
ALWAYS_INLINE uint32_t fill_slot(struct slot *slot, void *(*alloc)(size_t),
	uint32_t size, unsigned char mark)
{
	slot->block = opaque_pointer(alloc(size));
	slot->size = size;
	slot->mark = mark;
	if (LIKELY(slot->block != NULL))
		memset(slot->block, mark, size);
	return size;
}

static int alloc_test_thread_setup(struct workload_thread *thread)
{
	struct alloc_test *own = thread->own;

	own->state = thread->seed;
	for (size_t i = 0; i < slot_count(thread->instance); i += 2) {
		fill_slot(&own->slots[i], thread->instance->backend->alloc,
			draw_size(&own->state), (unsigned char)i);
		if (own->slots[i].block == NULL)
			return -1;
	}
	return 0;
}

/* The last visit of the course is a checkpoint, too. */
static void look_at_bytes(struct workload_thread *thread)
{
	const struct alloc_test *own = thread->own;

	if (own->visits % (COURSE_VISITS / CHECKPOINTS) == 0)
		thread->instance->host->checkpoint(thread);
}

static uint64_t alloc_test_run(
	struct workload_thread *thread, uint64_t operations)
{
	const struct alloc_backend *backend =
		opaque_pointer(thread->instance->backend);
	void *(*alloc)(size_t) = backend->alloc;
	void (*release)(void *) = backend->free;
	struct alloc_test *own = thread->own;
	uint64_t count = slot_count(thread->instance);

	for (uint64_t i = 0; i < 2 * operations; i++) {
		uint64_t pick = draw_slot(prng_next(&own->state), count);
		struct slot *slot = &own->slots[pick];

		if (slot->block == NULL) {
			own->sum += fill_slot(slot, alloc,
				draw_size(&own->state), (unsigned char)i);
			own->damaged |= slot->block == NULL;
		} else {
			/* On `null` without meaning. */
			own->damaged |= !filled_with(
				slot->block, slot->size, slot->mark);
			release(slot->block);
			slot->block = NULL;
		}
		own->sum += pick << 32;
		own->visits++;
		look_at_bytes(thread);
	}
	return operations;
}

static int alloc_test_verify(struct workload_thread *thread)
{
	const struct alloc_backend *backend = thread->instance->backend;
	const struct alloc_test *own = thread->own;

	if (own->damaged ||
		slots_verify(
			own->slots, slot_count(thread->instance), backend) != 0)
		return -1;
	return fresh_intact(backend, backend->alloc(SIZE_MAX_DRAWN),
		       SIZE_MAX_DRAWN, thread->seed)
		? 0
		: -1;
}

static uint64_t alloc_test_checksum(const struct workload_thread *thread)
{
	const struct alloc_test *own = thread->own;

	return own->sum + prng_mix(thread->seed) * own->visits;
}

static uint64_t alloc_test_live_bytes(const struct workload_thread *thread)
{
	const struct alloc_test *own = thread->own;

	return slots_bytes(own->slots, slot_count(thread->instance));
}

static uint64_t alloc_test_course(const struct workload_instance *instance)
{
	(void)instance;
	return COURSE_VISITS / 2;
}

static void alloc_test_thread_finish(struct workload_thread *thread)
{
	struct alloc_test *own = thread->own;

	slots_finish(own->slots, slot_count(thread->instance),
		thread->instance->backend);
}

extern const struct workload workload_alloc_test;

const struct workload workload_alloc_test = {
	.abi = WORKLOAD_ABI,
	.name = "alloc-test",
	.description = "slots by the 80/20 law, every byte used (W15)",
	.source = "alloc-test (ITHare)",
	.uses_allocator = true,
	.params = alloc_test_params,
	.own_bytes = alloc_test_own_bytes,
	.thread_setup = alloc_test_thread_setup,
	.run = alloc_test_run,
	.verify = alloc_test_verify,
	.checksum = alloc_test_checksum,
	.live_bytes = alloc_test_live_bytes,
	.course = alloc_test_course,
	.thread_finish = alloc_test_thread_finish,
};
