// SPDX-License-Identifier: MIT
//
// W8 msgpass: producers post messages of 1 to 16 blocks of 48, 64, 96 or 128
// bytes to the queue of a random receiver; a consumer frees the blocks, a
// proxy posts the message on to a consumer. Producers' operations count, and
// a producer is done when all that was posted in the turn is freed. Stresses
// remote frees that come in small groups from many sides. It cannot show
// batching on a large scale (xmalloc), nor blocks that are read by who gets
// them. Published: snmalloc's msgpass, 3 producers, 3 consumers, 2 proxies,
// 2^20 messages, 4096 under way; there the link of the queue is in the block
// itself, here in a record of ours (on `null` a thread's blocks are all the
// same memory), and a stock of messages waits when a turn begins.
#include "mailbox.h"
#include "workload.h"

enum { MSGPASS_OUTSTANDING };
enum { ROLE_PRODUCER, ROLE_CONSUMER, ROLE_PROXY, ROLE_BOTH };

#define MESSAGE_BLOCKS 16
#define STOCK_MESSAGES 4 /* of each producer, when the first turn begins */

static const uint8_t message_sizes[] = {48, 64, 96, 128};

static const char *const msgpass_roles[] = {
	"producer", "consumer", "proxy", "both", NULL};

static const struct workload_param msgpass_params[] = {
	[MSGPASS_OUTSTANDING] = {.name = "outstanding",
		.standard = 4096,
		.least = 1,
		.most = 65536,
		.description = "messages under way, shared by the producers",
		.source = "snmalloc: 4096"},
	{0},
};

/* The shared bytes: these, one for each thread, then the records. */
struct msgpass_place {
	struct mailbox inbox; /* messages for this receiver */
	struct mailbox returned; /* empty records of this producer */
	_Alignas(CACHELINE) _Atomic uint64_t freed; /* blocks, by this thread */
	_Alignas(CACHELINE) _Atomic uint64_t posted; /* blocks, so far */
};

struct msgpass {
	uint64_t prng;
	uint64_t asked; /* operations of every producer so far */
	uint64_t marks;
	struct batch *taken; /* messages out of the inbox */
	struct batch *empty; /* records out of `returned` */
};

/* Indices: first the producers, then the consumers, then the proxies; 3, 3 and
 * 2 of eight. */
struct msgpass_split {
	unsigned producers, consumers, proxies;
};

static struct msgpass_split split(unsigned threads)
{
	struct msgpass_split split = {1, 1, 0};

	if (threads > 1) {
		split.proxies = threads / 4;
		split.producers = (threads - split.proxies + 1) / 2;
		split.consumers = threads - split.proxies - split.producers;
	}
	return split;
}

static unsigned msgpass_role_of(unsigned index, unsigned threads)
{
	struct msgpass_split of = split(threads);

	if (threads == 1)
		return ROLE_BOTH;
	if (index < of.producers)
		return ROLE_PRODUCER;
	return index < of.producers + of.consumers ? ROLE_CONSUMER : ROLE_PROXY;
}

static bool msgpass_counted_role(unsigned role)
{
	return role == ROLE_PRODUCER || role == ROLE_BOTH;
}

static unsigned records_of_producer(const struct workload_instance *instance)
{
	unsigned producers = split(instance->threads).producers;
	unsigned outstanding = (unsigned)instance->params[MSGPASS_OUTSTANDING];

	return outstanding > producers ? outstanding / producers : 1;
}

static size_t msgpass_shared_bytes(const struct workload_instance *instance)
{
	return instance->threads * sizeof(struct msgpass_place) +
		(size_t)split(instance->threads).producers *
		records_of_producer(instance) * batch_bytes(MESSAGE_BLOCKS);
}

static size_t msgpass_own_bytes(const struct workload_instance *instance)
{
	(void)instance;
	return sizeof(struct msgpass);
}

/* One thread is its own receiver. */
static unsigned receiver(
	const struct workload_instance *instance, bool proxies, uint64_t *prng)
{
	struct msgpass_split of = split(instance->threads);
	unsigned first = instance->threads > 1 ? of.producers : 0;
	unsigned count = of.consumers + (proxies ? of.proxies : 0);

	return first + (unsigned)prng_below(prng, count);
}

/* A record with the stock of a queue in it: 0, or -1 when out of memory. */
static int post_stock(struct workload_instance *instance, struct batch *message,
	uint64_t *prng)
{
	struct msgpass_place *places = instance->shared;

	for (uint32_t i = 0; i < MESSAGE_BLOCKS / 2; i++) {
		if (held_block_try(&message->held[i], instance->backend,
			    message_sizes[i % 4],
			    (uint32_t)prng_next(prng)) != 0)
			return -1;
		message->count++;
	}
	mailbox_post(&places[receiver(instance, true, prng)].inbox, message);
	return 0;
}

/* Every producer's records: some are stock, the others wait for it. */
static int msgpass_setup(struct workload_instance *instance)
{
	struct msgpass_place *places = instance->shared;
	unsigned char *memory = (unsigned char *)(places + instance->threads);
	unsigned records = records_of_producer(instance);
	unsigned stock =
		records / 2 < STOCK_MESSAGES ? records / 2 : STOCK_MESSAGES;
	uint64_t prng = instance->seed;

	for (unsigned i = 0; i < split(instance->threads).producers; i++)
		for (unsigned j = 0; j < records; j++) {
			struct batch *record = (struct batch *)memory;

			memory += batch_bytes(MESSAGE_BLOCKS);
			record->owner = i;
			if (j >= stock)
				mailbox_post(&places[i].returned, record);
			else if (post_stock(instance, record, &prng) != 0)
				return -1;
		}
	return 0;
}

static int msgpass_thread_setup(struct workload_thread *thread)
{
	struct msgpass *own = thread->own;

	own->prng = thread->seed;
	return 0;
}

/* Whether this step's blocks are posted and as many freed as were posted; all
 * threads come to the same answer, so none is left waiting. */
static bool step_is_over(
	const struct workload_instance *instance, uint64_t asked)
{
	struct msgpass_place *places = instance->shared;
	unsigned producers = split(instance->threads).producers;
	uint64_t freed = 0;

	for (unsigned i = 0; i < producers; i++)
		if (atomic_load_explicit(
			    &places[i].posted, memory_order_acquire) < asked)
			return false;
	for (unsigned i = 0; i < instance->threads; i++)
		freed += atomic_load_explicit(
			&places[i].freed, memory_order_relaxed);
	return freed >= asked * producers;
}

/* Frees one message of the inbox or, in a proxy, posts it on. False where
 * there is none. */
static bool receive(
	struct workload_thread *thread, const struct alloc_backend *backend)
{
	struct msgpass_place *places = thread->instance->shared;
	struct msgpass_place *place = &places[thread->index];
	struct msgpass *own = thread->own;
	struct batch *message = mailbox_next(&place->inbox, &own->taken);
	uint64_t freed;

	if (message == NULL)
		return false;
	if (thread->role == ROLE_PROXY) {
		unsigned to = receiver(thread->instance, false, &own->prng);

		mailbox_post(&places[to].inbox, message);
		return true;
	}
	batch_free_all(message, backend);
	freed = atomic_load_explicit(&place->freed, memory_order_relaxed);
	atomic_store_explicit(
		&place->freed, freed + message->count, memory_order_relaxed);
	mailbox_post(&places[message->owner].returned, message);
	return true;
}

/* Waits for an empty record; one thread alone frees messages to get one. */
static struct batch *empty_record(
	struct workload_thread *thread, const struct alloc_backend *backend)
{
	struct msgpass_place *places = thread->instance->shared;
	struct msgpass *own = thread->own;
	struct spin spin = {0};
	struct batch *record;

	while ((record = mailbox_next(
			&places[thread->index].returned, &own->empty)) == NULL)
		if (thread->role != ROLE_BOTH || !receive(thread, backend))
			spin_once(&spin);
	return record;
}

static void post(struct workload_thread *thread,
	const struct alloc_backend *backend, uint32_t count)
{
	struct msgpass_place *places = thread->instance->shared;
	struct msgpass *own = thread->own;
	struct batch *message = empty_record(thread, backend);
	void *(*alloc)(size_t) = backend->alloc;

	for (uint32_t i = 0; i < count; i++) {
		uint64_t drawn = prng_next(&own->prng);
		size_t size = message_sizes[drawn & 3];

		message->held[i] =
			held_block_make(alloc, size, (uint32_t)(drawn >> 32));
		own->marks += drawn;
	}
	message->count = count;
	mailbox_post(
		&places[receiver(thread->instance, true, &own->prng)].inbox,
		message);
}

static void post_all(struct workload_thread *thread,
	const struct alloc_backend *backend, uint64_t operations)
{
	struct msgpass_place *places = thread->instance->shared;
	struct msgpass *own = thread->own;

	while (operations > 0) {
		uint32_t count =
			1 + (uint32_t)prng_below(&own->prng, MESSAGE_BLOCKS);

		if (count > operations)
			count = (uint32_t)operations;
		post(thread, backend, count);
		if (thread->role == ROLE_BOTH)
			receive(thread, backend);
		operations -= count;
	}
	atomic_store_explicit(&places[thread->index].posted, own->asked,
		memory_order_release);
}

static uint64_t msgpass_run(struct workload_thread *thread, uint64_t operations)
{
	const struct alloc_backend *backend =
		opaque_pointer(thread->instance->backend);
	struct msgpass *own = thread->own;
	struct spin spin = {0};

	own->asked += operations;
	if (msgpass_counted_role(thread->role))
		post_all(thread, backend, operations);
	while (!step_is_over(thread->instance, own->asked))
		if (thread->role == ROLE_PRODUCER || !receive(thread, backend))
			spin_once(&spin);
		else
			spin.turns = 0;
	return operations;
}

static int msgpass_verify(struct workload_thread *thread)
{
	const struct alloc_backend *backend = thread->instance->backend;
	struct msgpass_place *places = thread->instance->shared;
	const struct msgpass *own = thread->own;

	if (!batch_list_intact(own->taken, backend) ||
		!batch_list_intact(
			atomic_load(&places[thread->index].inbox.newest),
			backend))
		return -1;
	return held_block_check_fresh(backend, 128, thread->seed);
}

static uint64_t msgpass_checksum(const struct workload_thread *thread)
{
	const struct msgpass *own = thread->own;

	return own->marks + prng_mix(thread->seed) * own->asked;
}

static void msgpass_thread_finish(struct workload_thread *thread)
{
	struct msgpass_place *places = thread->instance->shared;
	struct msgpass *own = thread->own;
	struct batch *message;

	while ((message = mailbox_next(
			&places[thread->index].inbox, &own->taken)) != NULL)
		batch_free_all(message, thread->instance->backend);
}

extern const struct workload workload_msgpass;

const struct workload workload_msgpass = {
	.abi = WORKLOAD_ABI,
	.name = "msgpass",
	.description = "small messages of blocks to random receivers (W8)",
	.source = "snmalloc's msgpass",
	.uses_allocator = true,
	.params = msgpass_params,
	.roles = msgpass_roles,
	.role_of = msgpass_role_of,
	.shared_bytes = msgpass_shared_bytes,
	.own_bytes = msgpass_own_bytes,
	.setup = msgpass_setup,
	.thread_setup = msgpass_thread_setup,
	.run = msgpass_run,
	.counted_role = msgpass_counted_role,
	.verify = msgpass_verify,
	.checksum = msgpass_checksum,
	.thread_finish = msgpass_thread_finish,
};
