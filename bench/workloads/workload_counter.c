// SPDX-License-Identifier: MIT
//
// W30 counter: the serial alone, with no allocation around it: take a number,
// do some cycles of private work, again. With 0 cycles of work the threads
// meet at the counter on every step, with 1000 hardly ever; between the two
// lies every real program.
#include "compiler.h"
#include "prng.h"
#include "workload.h"

enum { COUNTER_WORK };

static const struct workload_param counter_params[] = {
	[COUNTER_WORK] = {.name = "work",
		.standard = 0,
		.least = 0,
		.most = 1000000,
		.description = "cycles of private work between two numbers",
		.source = "contention ladders: 0, 50, 200, 1000"},
	{0},
};

struct counter {
	uint64_t done;
	volatile uint64_t sum; /* so that the numbers are wanted */
};

static size_t counter_own_bytes(const struct workload_instance *instance)
{
	(void)instance;
	return sizeof(struct counter);
}

static uint64_t counter_run(struct workload_thread *thread, uint64_t operations)
{
	const struct alloc_backend *backend =
		opaque_pointer(thread->instance->backend);
	struct counter *own = thread->own;

	own->sum = backend->take_serials(
		operations, (unsigned)thread->instance->params[COUNTER_WORK]);
	own->done += operations;
	return operations;
}

static uint64_t counter_checksum(const struct workload_thread *thread)
{
	const struct counter *own = thread->own;

	return prng_mix(thread->seed) * own->done;
}

extern const struct workload workload_counter;

const struct workload workload_counter = {
	.abi = WORKLOAD_ABI,
	.name = "counter",
	.description = "the serial alone (W30), with private work between",
	.source = "ck's fetch-and-add benchmark; contention ladders",
	.uses_allocator = false,
	.uniform = true,
	.params = counter_params,
	.own_bytes = counter_own_bytes,
	.run = counter_run,
	.checksum = counter_checksum,
};
