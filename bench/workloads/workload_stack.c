// SPDX-License-Identifier: MIT
//
// W2 stack: allocate k blocks of one size, free all of them in some order,
// again. What a thread's cache of free blocks holds (7 of a size in glibc) is
// reused at once; with more, the allocator's lists are walked. The order
// decides what the next batch finds: freed last in first out, it gets the
// same blocks in the same order; at random, it is scattered over memory.
// Cannot show: mixed sizes, or more than one thread at a block.
// Published: gperftools frees last in first out (k up to 32768), glibc's
// malloc-simple first in first out (k = 25, 100, 400, 1600), mimalloc-bench's
// copy of it half and half. gperftools' random order comes from a generator
// in the timed loop; here all orders are one table, drawn before.
#include "batch.h"
#include "workload.h"

enum { STACK_K, STACK_SIZE, STACK_ORDER };
enum { ORDER_LIFO, ORDER_FIFO, ORDER_HALF, ORDER_RANDOM };

static const char *const order_names[] = {"lifo", "fifo", "half", "random"};

static const struct workload_param stack_params[] = {
	[STACK_K] = {.name = "k",
		.standard = 100,
		.least = 1,
		.most = 1 << 20,
		.description = "blocks allocated before the first is freed",
		.source = "25, 100, 400, 1600 in glibc malloc-simple; 8 to "
			  "512, 8192, 32768 in gperftools"},
	[STACK_SIZE] = {.name = "size",
		.standard = 64,
		.least = 1,
		.most = 1 << 20,
		.description = "bytes requested of a block",
		.source = "as pair"},
	[STACK_ORDER] = {.name = "order",
		.standard = ORDER_LIFO,
		.least = 0,
		.most = ORDER_RANDOM,
		.names = order_names,
		.description = "lifo, fifo, half (fifo, then lifo) or random",
		.source = "gperftools; glibc malloc-simple; mimalloc-bench"},
	{0},
};

struct stack {
	struct batch batch;
	uint64_t done;
};

static size_t stack_own_bytes(const struct workload_instance *instance)
{
	size_t k = (size_t)instance->params[STACK_K];

	return sizeof(struct stack) + k * (sizeof(void *) + sizeof(uint32_t));
}

static void shuffle(uint32_t *order, uint32_t k, uint64_t *state)
{
	for (uint32_t i = k - 1; i > 0; i--) {
		uint32_t j = (uint32_t)prng_below(state, i + 1u);
		uint32_t other = order[j];

		order[j] = order[i];
		order[i] = other;
	}
}

static void draw_order(
	uint32_t *order, uint32_t k, int64_t kind, uint64_t *state)
{
	/* From here on, the last allocated goes first. */
	uint32_t turn = kind == ORDER_LIFO ? 0 : kind == ORDER_HALF ? k / 2 : k;

	for (uint32_t i = 0; i < k; i++)
		order[i] = i < turn ? i : k - 1 - (i - turn);
	if (kind == ORDER_RANDOM)
		shuffle(order, k, state);
}

static int stack_thread_setup(struct workload_thread *thread)
{
	const int64_t *params = thread->instance->params;
	struct stack *own = thread->own;
	uint32_t k = (uint32_t)params[STACK_K];
	void **blocks = (void **)(own + 1);
	uint32_t *order = (uint32_t *)(blocks + k);
	uint64_t state = thread->seed;

	draw_order(order, k, params[STACK_ORDER], &state);
	own->batch = (struct batch){.count = k,
		.size = (size_t)params[STACK_SIZE],
		.blocks = blocks,
		.order = order};
	return batch_begin(&own->batch, thread->instance->backend,
		prng_below(&state, 2 * k));
}

static uint64_t stack_run(struct workload_thread *thread, uint64_t operations)
{
	struct stack *own = thread->own;

	batch_run(&own->batch, opaque_pointer(own->batch.order),
		opaque_pointer(thread->instance->backend), 2 * operations, 0);
	own->done += operations;
	return operations;
}

static int stack_verify(struct workload_thread *thread)
{
	const struct alloc_backend *backend = thread->instance->backend;
	const struct stack *own = thread->own;
	size_t size = own->batch.size;

	if (batch_verify(&own->batch, backend) != 0)
		return -1;
	return fresh_intact(backend, backend->alloc(size), size, thread->seed)
		? 0
		: -1;
}

static uint64_t stack_checksum(const struct workload_thread *thread)
{
	const struct stack *own = thread->own;

	return prng_mix(thread->seed) * own->done;
}

static void stack_thread_finish(struct workload_thread *thread)
{
	struct stack *own = thread->own;

	batch_finish(&own->batch, thread->instance->backend);
}

extern const struct workload workload_stack;

const struct workload workload_stack = {
	.abi = WORKLOAD_ABI,
	.name = "stack",
	.description = "allocate k blocks, free them in an order (W2)",
	.source = "gperftools malloc_bench; glibc bench-malloc-simple",
	.uses_allocator = true,
	.uniform = true,
	.params = stack_params,
	.own_bytes = stack_own_bytes,
	.thread_setup = stack_thread_setup,
	.run = stack_run,
	.verify = stack_verify,
	.checksum = stack_checksum,
	.thread_finish = stack_thread_finish,
};
