// SPDX-License-Identifier: MIT
//
// W19 calloc: allocate zeroed, touch, free, again. A wrapper writes no clean
// bytes into zeroed memory, so against pair this shows what is left of its
// cost without them; dead bytes it writes all the same. Against `plain` it
// shows whether zeroing has become a second pass.
// Cannot show: memory fresh from the kernel, which is zero already; here the
// block just freed comes back and has to be cleared.
// Published: glibc's bench-calloc times one block of each size at a time, as
// here. That blocks are zero is seen in verify(), untimed: reading them in
// run() would be most of the time.
#include "fresh.h"
#include "workload.h"

enum { CALLOC_SIZE };

static const struct workload_param calloc_params[] = {
	[CALLOC_SIZE] = {.name = "size",
		.standard = 64,
		.least = 1,
		.most = 1 << 20,
		.description = "bytes requested of a block",
		.source = "as pair: 16 to 32768"},
	{0},
};

struct zeroed {
	uint64_t done;
};

static size_t calloc_own_bytes(const struct workload_instance *instance)
{
	(void)instance;
	return sizeof(struct zeroed);
}

static uint64_t calloc_run(struct workload_thread *thread, uint64_t operations)
{
	const struct alloc_backend *backend =
		opaque_pointer(thread->instance->backend);
	void *(*alloc)(size_t, size_t) = backend->calloc;
	void (*release)(void *) = backend->free;
	size_t size = (size_t)thread->instance->params[CALLOC_SIZE];
	struct zeroed *own = thread->own;

	for (uint64_t i = 0; i < operations; i++)
		release(touch(alloc(1, size), size, 0xff));
	own->done += operations;
	return operations;
}

/* The second block is likely to lie where the first one was. */
static int calloc_verify(struct workload_thread *thread)
{
	const struct alloc_backend *backend = thread->instance->backend;
	size_t size = (size_t)thread->instance->params[CALLOC_SIZE];

	return fresh_zeroed(backend, size) && fresh_zeroed(backend, size) &&
			fresh_intact(backend, backend->calloc(1, size), size,
				thread->seed)
		? 0
		: -1;
}

static uint64_t calloc_checksum(const struct workload_thread *thread)
{
	const struct zeroed *own = thread->own;

	return prng_mix(thread->seed) * own->done;
}

extern const struct workload workload_calloc;

const struct workload workload_calloc = {
	.abi = WORKLOAD_ABI,
	.name = "calloc",
	.description = "allocate zeroed, touch, free (W19)",
	.source = "glibc benchtests bench-calloc-simple",
	.uses_allocator = true,
	.uniform = true,
	.params = calloc_params,
	.own_bytes = calloc_own_bytes,
	.run = calloc_run,
	.verify = calloc_verify,
	.checksum = calloc_checksum,
};
