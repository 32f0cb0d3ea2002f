// SPDX-License-Identifier: MIT
#include "handoff.h"

#include <string.h>

const char *const handoff_roles[] = {"producer", "consumer", "both", NULL};

bool handoff_counted_role(unsigned role)
{
	return role != HANDOFF_PRODUCER;
}

/* As xmalloc-test draws them: every class of a small-block allocator. */
static const uint16_t mixed_sizes[] = {8, 12, 16, 24, 32, 48, 64, 96, 128, 192,
	256, 384, 512, 768, 1024, 1536, 2048};

#define MIXED_SIZES (sizeof(mixed_sizes) / sizeof(*mixed_sizes))

/* Bytes that a producer writes at most. */
#define WRITTEN_MAX 128

/* At least one for each role of each thread, and two where one has both. */
static unsigned stock(unsigned threads)
{
	return 2 * threads;
}

static unsigned batch_count(const struct handoff_rules *rules, unsigned threads)
{
	unsigned full =
		rules->limit > stock(threads) ? rules->limit : stock(threads);

	return full + 2 * threads;
}

size_t handoff_bytes(const struct handoff_rules *rules, unsigned threads)
{
	return sizeof(struct handoff) +
		batch_count(rules, threads) * batch_bytes(rules->batch);
}

/* A size and, in the upper half, a mark. */
static uint64_t draw(uint64_t *prng, size_t size)
{
	uint64_t random = prng_next(prng);
	uint64_t mark = random << 32;

	if (size == 0)
		size = mixed_sizes[((random >> 32) * MIXED_SIZES) >> 32];
	return mark | size;
}

ALWAYS_INLINE void fill_one(
	struct batch *batch, uint64_t drawn, void *(*alloc)(size_t))
{
	struct held_block *held = &batch->held[batch->count++];
	size_t size = (uint32_t)drawn;

	held->block = opaque_pointer(alloc(size));
	held->last = (uint32_t)(size < WRITTEN_MAX ? size : WRITTEN_MAX) - 1;
	held->mark = (uint32_t)(drawn >> 32);
	memset(held->block, (int)(held->mark & 0xff), held->last + 1);
}

static int fill_whole(struct batch *batch, const struct handoff_rules *rules,
	uint64_t *prng, const struct alloc_backend *backend)
{
	while (batch->count < rules->batch) {
		uint64_t drawn = draw(prng, rules->size);
		struct held_block *held = &batch->held[batch->count];

		if (held_block_try(held, backend, (uint32_t)drawn,
			    (uint32_t)(drawn >> 32)) != 0)
			return -1;
		batch->count++;
	}
	return 0;
}

int handoff_setup(
	struct workload_instance *instance, const struct handoff_rules *rules)
{
	struct handoff *handoff = instance->shared;
	unsigned char *memory = (unsigned char *)(handoff + 1);
	uint64_t prng = instance->seed;

	handoff->rules = *rules;
	for (unsigned i = 0; i < batch_count(rules, instance->threads); i++) {
		struct batch *batch = (struct batch *)memory;

		memory += batch_bytes(rules->batch);
		if (i >= stock(instance->threads)) {
			batch_push(&handoff->empty, batch);
			continue;
		}
		if (fill_whole(batch, rules, &prng, instance->backend) != 0)
			return -1;
		batch_push(&handoff->full, batch);
	}
	return 0;
}

int handoff_thread_setup(struct workload_thread *thread)
{
	struct handoff_hand *hand = thread->own;

	hand->prng = thread->seed;
	return 0;
}

static void produce(struct workload_thread *thread, uint64_t count)
{
	const struct alloc_backend *backend =
		opaque_pointer(thread->instance->backend);
	void *(*alloc)(size_t) = backend->alloc;
	struct handoff *handoff = thread->instance->shared;
	struct handoff_rules rules = handoff->rules;
	struct handoff_hand *hand = thread->own;
	struct batch *batch = hand->filling;

	for (uint64_t i = 0; i < count; i++) {
		uint64_t drawn = draw(&hand->prng, rules.size);

		if (batch == NULL) {
			batch = batch_take(&handoff->empty, false);
			batch->count = 0;
		}
		hand->marks += drawn;
		fill_one(batch, drawn, alloc);
		if (batch->count == rules.batch) {
			batch_push(&handoff->full, batch);
			batch = NULL;
		}
	}
	hand->filling = batch;
}

static void consume(struct workload_thread *thread, uint64_t count)
{
	const struct alloc_backend *backend =
		opaque_pointer(thread->instance->backend);
	void (*release)(void *) = backend->free;
	struct handoff *handoff = thread->instance->shared;
	struct handoff_rules rules = handoff->rules;
	struct handoff_hand *hand = thread->own;
	struct batch *batch = hand->emptying;

	for (uint64_t i = 0; i < count; i++) {
		if (batch == NULL) {
			batch = batch_take(&handoff->full, rules.take_all);
			hand->emptied = 0;
		}
		release(batch->held[hand->emptied].block);
		if (++hand->emptied == rules.batch) {
			struct batch *next = batch->next;

			batch_push(&handoff->empty, batch);
			batch = next;
			hand->emptied = 0;
		}
	}
	hand->emptying = batch;
	hand->freed += count;
}

static void produce_and_consume(struct workload_thread *thread, uint64_t count)
{
	const struct handoff *handoff = thread->instance->shared;

	while (count > 0) {
		uint64_t now = handoff->rules.batch;

		if (now > count)
			now = count;
		produce(thread, now);
		consume(thread, now);
		count -= now;
	}
}

/* Part `index` of `count` dealt out to so many. */
static uint64_t share(uint64_t count, unsigned index, unsigned parts)
{
	return count / parts + (index < count % parts);
}

uint64_t handoff_run(struct workload_thread *thread, uint64_t operations,
	unsigned producers, unsigned producer)
{
	struct handoff *handoff = thread->instance->shared;
	struct handoff_hand *hand = thread->own;
	uint64_t wanted = operations * (thread->instance->threads - producers);
	struct spin spin = {0};

	hand->steps++;
	if (thread->role == HANDOFF_BOTH) {
		produce_and_consume(thread, operations);
	} else if (thread->role == HANDOFF_PRODUCER) {
		produce(thread, share(wanted, producer, producers));
		atomic_fetch_add_explicit(
			&handoff->through, 1, memory_order_release);
	} else {
		consume(thread, operations);
		while (atomic_load_explicit(&handoff->through,
			       memory_order_acquire) < hand->steps * producers)
			spin_once(&spin);
	}
	return operations;
}

/* Calls `see` on every block in a hand that is left to be freed. */
static int hand_blocks(const struct handoff_hand *hand,
	const struct alloc_backend *backend,
	int (*see)(const struct held_block *, const struct alloc_backend *))
{
	const struct batch *batch = hand->filling;
	int result = 0;

	for (uint32_t i = 0; batch != NULL && i < batch->count; i++)
		result |= see(&batch->held[i], backend);
	batch = hand->emptying;
	for (uint32_t from = hand->emptied; batch != NULL; from = 0) {
		for (uint32_t i = from; i < batch->count; i++)
			result |= see(&batch->held[i], backend);
		batch = batch->next;
	}
	return result;
}

static int see_intact(
	const struct held_block *held, const struct alloc_backend *backend)
{
	return held_block_intact(held, backend) ? 0 : -1;
}

static int see_free(
	const struct held_block *held, const struct alloc_backend *backend)
{
	backend->free(held->block);
	return 0;
}

/* Thread 0 looks at the stock, too. */
int handoff_verify(struct workload_thread *thread)
{
	const struct alloc_backend *backend = thread->instance->backend;
	struct handoff *handoff = thread->instance->shared;
	size_t size = handoff->rules.size;

	if (hand_blocks(thread->own, backend, see_intact) != 0)
		return -1;
	if (thread->index == 0 &&
		!batch_list_intact(atomic_load(&handoff->full.top), backend))
		return -1;
	return held_block_check_fresh(
		backend, size > 0 ? size : 2048, thread->seed);
}

uint64_t handoff_checksum(const struct workload_thread *thread)
{
	const struct handoff_hand *hand = thread->own;

	return hand->marks + prng_mix(thread->seed) * hand->freed;
}

void handoff_thread_finish(struct workload_thread *thread)
{
	struct handoff_hand *hand = thread->own;

	hand_blocks(hand, thread->instance->backend, see_free);
	hand->filling = hand->emptying = NULL;
}

void handoff_finish(struct workload_instance *instance)
{
	struct handoff *handoff = instance->shared;

	batch_list_free(atomic_load(&handoff->full.top), instance->backend);
	atomic_store(&handoff->full.top, NULL);
}
