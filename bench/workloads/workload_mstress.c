// SPDX-License-Identifier: MIT
//
// W13 mstress: lives of allocations of all sizes, mostly short, one third of
// them kept to the end; two thirds of the steps free a random earlier block,
// a quarter exchanges one with an array that all threads share, and every
// word of a block is written and looked at when it is freed. At the end of a
// life the thread frees what it has, dies, and a new one goes on. Stresses
// everything at once: size classes up to megabytes, blocks that outlive their
// thread, remote frees, thread ends. It is a test more than a benchmark: it
// cannot say which of these a difference comes from, and much of its time is
// that of writing words. An operation is one allocation; its free comes at
// the end of the life at the latest. Published: mimalloc's test-stress, where
// all threads end their lives together, 25 times, and the main thread empties
// half of the shared array; here each thread has its own lives, as long as
// the turns go on, and empties half of its part of the array.
#include <stdatomic.h>

#include "compiler.h"
#include "held_block.h"
#include "workload.h"

enum { MSTRESS_SCALE, MSTRESS_BIRTHS };

static const char *const birth_names[] = {"no", "yes"};

static const struct workload_param mstress_params[] = {
	[MSTRESS_SCALE] = {.name = "scale",
		.standard = 50,
		.least = 1,
		.most = 1000,
		.description = "a life is 150 * scale * (thread mod 8 + 1) "
			       "blocks",
		.source = "mimalloc test-stress: 50"},
	[MSTRESS_BIRTHS] = {.name = "births",
		.standard = 1,
		.least = 0,
		.most = 1,
		.names = birth_names,
		.description = "whether the thread dies with its life",
		.source = "mimalloc test-stress: yes"},
	{0},
};

#define SHARED_SLOTS 1000
#define COOKIE 0xbf58476d1ce4e5b9u
/* 2^6 words, ten thousand times. */
#define WORDS_MAX 640000

/* Words are written by their owner and read by who frees the block. Atomic,
 * since on `null` that is memory which its owner writes again. */
typedef _Atomic uint64_t word;

struct mstress {
	uint64_t prng;
	uint64_t done;
	uint64_t words; /* sum of the sizes asked for */
	uint64_t to_allocate, to_keep; /* left in this life */
	uint32_t held, kept; /* blocks in use of the arrays */
	bool damaged;
	word *blocks[]; /* those of this life, then those that are kept */
};

static uint64_t life_of(
	const struct workload_instance *instance, unsigned index)
{
	return 100 * (uint64_t)instance->params[MSTRESS_SCALE] *
		(index % 8 + 1);
}

static uint64_t longest_life(const struct workload_instance *instance)
{
	return life_of(
		instance, instance->threads < 8 ? instance->threads - 1 : 7);
}

static size_t mstress_shared_bytes(const struct workload_instance *instance)
{
	(void)instance;
	return SHARED_SLOTS * sizeof(_Atomic(word *));
}

static size_t mstress_own_bytes(const struct workload_instance *instance)
{
	uint64_t life = longest_life(instance);

	return sizeof(struct mstress) + (life + life / 2) * sizeof(word *);
}

static void begin_life(struct workload_thread *thread)
{
	struct mstress *own = thread->own;

	own->to_allocate = life_of(thread->instance, thread->index);
	own->to_keep = own->to_allocate / 2;
	own->held = own->kept = 0;
}

static int mstress_thread_setup(struct workload_thread *thread)
{
	struct mstress *own = thread->own;

	own->prng = thread->seed;
	begin_life(thread);
	return 0;
}

static bool chance(uint64_t *prng, unsigned per_cent)
{
	return prng_below(prng, 100) < per_cent;
}

/* Few are large and very few are huge. */
static uint64_t draw_words(uint64_t *prng, unsigned choices)
{
	uint64_t words = (uint64_t)1 << prng_below(prng, choices);

	if (!chance(prng, 1))
		return words;
	if (chance(prng, 1))
		return words * 10000;
	return words * (chance(prng, 10) ? 1000 : 100);
}

static word *make(struct mstress *own, const struct alloc_backend *backend,
	uint64_t words)
{
	word *block = opaque_pointer(backend->alloc(words * sizeof(word)));

	for (uint64_t i = 0; i < words; i++)
		atomic_store_explicit(
			&block[i], (words - i) ^ COOKIE, memory_order_relaxed);
	own->words += words;
	return block;
}

/* The first word says how many follow. */
static bool is_intact(word *block)
{
	uint64_t words =
		atomic_load_explicit(&block[0], memory_order_relaxed) ^ COOKIE;

	if (words == 0 || words > WORDS_MAX)
		return false;
	for (uint64_t i = 1; i < words; i++)
		if (atomic_load_explicit(&block[i], memory_order_relaxed) !=
			((words - i) ^ COOKIE))
			return false;
	return true;
}

static void look_and_free(
	struct mstress *own, const struct alloc_backend *backend, word *block)
{
	if (block == NULL)
		return;
	if (!is_intact(block))
		own->damaged = true; /* on `null` without meaning */
	backend->free(block);
}

static void free_random(
	struct mstress *own, const struct alloc_backend *backend)
{
	uint64_t index = prng_below(&own->prng, own->held);

	look_and_free(own, backend, own->blocks[index]);
	own->blocks[index] = NULL;
}

static void exchange_random(struct mstress *own, _Atomic(word *) *shared)
{
	uint64_t index = prng_below(&own->prng, own->held);
	uint64_t slot = prng_below(&own->prng, SHARED_SLOTS);

	own->blocks[index] = atomic_exchange_explicit(
		&shared[slot], own->blocks[index], memory_order_acq_rel);
}

static void step(
	struct workload_thread *thread, const struct alloc_backend *backend)
{
	struct mstress *own = thread->own;
	word **kept = own->blocks + longest_life(thread->instance);

	if (own->to_keep == 0 ||
		(own->to_allocate > 0 && chance(&own->prng, 50))) {
		own->to_allocate--;
		own->blocks[own->held++] =
			make(own, backend, draw_words(&own->prng, 5));
	} else {
		own->to_keep--;
		kept[own->kept++] =
			make(own, backend, draw_words(&own->prng, 7));
	}
	if (chance(&own->prng, 66) && own->held > 0)
		free_random(own, backend);
	if (chance(&own->prng, 25) && own->held > 0)
		exchange_random(own, thread->instance->shared);
}

static void free_own(
	struct workload_thread *thread, const struct alloc_backend *backend)
{
	struct mstress *own = thread->own;
	word **kept = own->blocks + longest_life(thread->instance);

	for (uint32_t i = 0; i < own->held; i++)
		look_and_free(own, backend, own->blocks[i]);
	for (uint32_t i = 0; i < own->kept; i++)
		look_and_free(own, backend, kept[i]);
	own->held = own->kept = 0;
}

/* Empties slots of the thread's part, each with this chance. */
static void empty_slots(struct workload_thread *thread,
	const struct alloc_backend *backend, unsigned per_cent)
{
	_Atomic(word *) *shared = thread->instance->shared;
	struct mstress *own = thread->own;

	for (unsigned i = thread->index; i < SHARED_SLOTS;
		i += thread->instance->threads)
		if (chance(&own->prng, per_cent))
			look_and_free(own, backend,
				atomic_exchange(&shared[i], NULL));
}

static uint64_t mstress_run(struct workload_thread *thread, uint64_t operations)
{
	const struct alloc_backend *backend =
		opaque_pointer(thread->instance->backend);
	struct mstress *own = thread->own;
	uint64_t i = 0;

	while (i < operations) {
		step(thread, backend);
		i++;
		if (own->to_allocate + own->to_keep > 0)
			continue;
		free_own(thread, backend);
		empty_slots(thread, backend, 50);
		begin_life(thread);
		if (thread->instance->params[MSTRESS_BIRTHS] != 0) {
			thread->instance->host->end_thread(thread);
			break;
		}
	}
	own->done += i;
	return i;
}

static bool are_intact(
	word **blocks, uint32_t count, const struct alloc_backend *backend)
{
	for (uint32_t i = 0; i < count; i++)
		if (blocks[i] != NULL &&
			(!is_intact(blocks[i]) ||
				backend->check(blocks[i]) != ALLOC_CHECK_OK))
			return false;
	return true;
}

static int mstress_verify(struct workload_thread *thread)
{
	const struct workload_instance *instance = thread->instance;
	const struct alloc_backend *backend = instance->backend;
	struct mstress *own = thread->own;
	word **kept = own->blocks + longest_life(instance);
	_Atomic(word *) *shared = instance->shared;

	if (own->damaged || !are_intact(own->blocks, own->held, backend) ||
		!are_intact(kept, own->kept, backend))
		return -1;
	for (unsigned i = thread->index; i < SHARED_SLOTS;
		i += instance->threads) {
		word *block = atomic_load(&shared[i]);

		if (!are_intact(&block, 1, backend))
			return -1;
	}
	return held_block_check_fresh(backend, 512, thread->seed);
}

static uint64_t mstress_checksum(const struct workload_thread *thread)
{
	const struct mstress *own = thread->own;

	return prng_mix(thread->seed) * own->done + own->words;
}

static void mstress_thread_finish(struct workload_thread *thread)
{
	free_own(thread, thread->instance->backend);
	empty_slots(thread, thread->instance->backend, 100);
}

extern const struct workload workload_mstress;

const struct workload workload_mstress = {
	.abi = WORKLOAD_ABI,
	.name = "mstress",
	.description = "lives of blocks of all sizes, kept, exchanged, "
		       "inherited (W13)",
	.source = "mimalloc's test-stress",
	.uses_allocator = true,
	.params = mstress_params,
	.shared_bytes = mstress_shared_bytes,
	.own_bytes = mstress_own_bytes,
	.thread_setup = mstress_thread_setup,
	.run = mstress_run,
	.verify = mstress_verify,
	.checksum = mstress_checksum,
	.thread_finish = mstress_thread_finish,
};
