// SPDX-License-Identifier: MIT
//
// W28 startup: threads that have just been born. Each frees the blocks that
// the one before it left, oldest first, allocates as many of its own, and dies
// with them alive. With a life of one block that is the time to the first
// allocation in a fresh thread: its cache, its arena, and in the wrapper its
// number, have to be made. With long lives it is the other end, a thread that
// goes with all of its blocks alive, which its successor gives back.
// Cannot show: start and end of a process, which are not inside one; most of
// the time of a short life is that of the birth itself (`null` has it, too).
// Published: snmalloc times the first call in many threads at once, and frees
// 2^18 blocks of 64 bytes after the library was taken down; here those are the
// blocks of a dead thread.
#include "lives.h"
#include "slots.h"

enum { STARTUP_LIFE, STARTUP_SIZE };

static const struct workload_param startup_params[] = {
	[STARTUP_LIFE] = {.name = "life",
		.standard = 1,
		.least = 1,
		.most = 1 << 20,
		.description = "blocks that a thread allocates before it dies",
		.source = "1 and 2^18 in snmalloc"},
	[STARTUP_SIZE] = {.name = "size",
		.standard = 64,
		.least = 1,
		.most = 1 << 20,
		.description = "bytes requested of a block",
		.source = "64 in snmalloc"},
	{0},
};

struct startup {
	uint64_t done;
	uint64_t lived; /* blocks of the thread that lives now */
	_Alignas(CACHELINE) struct slot slots[];
};

static size_t life_of(const struct workload_instance *instance)
{
	return (size_t)instance->params[STARTUP_LIFE];
}

static size_t startup_own_bytes(const struct workload_instance *instance)
{
	return sizeof(struct startup) + life_of(instance) * sizeof(struct slot);
}

/* The first thread's inheritance. */
static int startup_thread_setup(struct workload_thread *thread)
{
	const struct workload_instance *instance = thread->instance;
	struct startup *own = thread->own;

	for (size_t i = 0; i < life_of(instance); i++)
		if (slot_fill(&own->slots[i], instance->backend,
			    (uint32_t)instance->params[STARTUP_SIZE],
			    (unsigned char)i) != 0)
			return -1;
	return 0;
}

static uint64_t startup_run(struct workload_thread *thread, uint64_t operations)
{
	const struct workload_instance *instance = thread->instance;
	const struct alloc_backend *backend = opaque_pointer(instance->backend);
	struct startup *own = thread->own;
	uint32_t size = (uint32_t)instance->params[STARTUP_SIZE];
	uint64_t now = life_left(life_of(instance), own->lived, operations);

	for (uint64_t i = 0; i < now; i++)
		slot_replace(&own->slots[own->lived + i], backend->alloc,
			backend->free, size, (unsigned char)(own->done + i));
	own->done += now;
	return life_spend(thread, &own->lived, now, operations);
}

static int startup_verify(struct workload_thread *thread)
{
	const struct workload_instance *instance = thread->instance;
	const struct alloc_backend *backend = instance->backend;
	const struct startup *own = thread->own;
	size_t size = (size_t)instance->params[STARTUP_SIZE];

	if (slots_verify(own->slots, life_of(instance), backend) != 0)
		return -1;
	return fresh_intact(backend, backend->alloc(size), size, thread->seed)
		? 0
		: -1;
}

static uint64_t startup_checksum(const struct workload_thread *thread)
{
	const struct startup *own = thread->own;

	return prng_mix(thread->seed) * own->done;
}

static void startup_thread_finish(struct workload_thread *thread)
{
	struct startup *own = thread->own;

	slots_finish(own->slots, life_of(thread->instance),
		thread->instance->backend);
}

extern const struct workload workload_startup;

const struct workload workload_startup = {
	.abi = WORKLOAD_ABI,
	.name = "startup",
	.description = "newborn threads, and what dead ones leave (W28)",
	.source = "snmalloc's startup and post-teardown tests",
	.uses_allocator = true,
	.params = startup_params,
	.own_bytes = startup_own_bytes,
	.thread_setup = startup_thread_setup,
	.run = startup_run,
	.verify = startup_verify,
	.checksum = startup_checksum,
	.thread_finish = startup_thread_finish,
};
