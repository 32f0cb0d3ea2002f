// SPDX-License-Identifier: MIT
//
// W29 interpreter: CPython's blocks, fitted to what it was recorded to allocate
// (interpreter/derive.py): sizes, lives, callocs and reallocs together, drawn
// row by row; what stays is freed in bursts, as a collection does
// (interpreter_heap.h). Each thread is an interpreter of its own. Stresses the
// shortest path with small blocks, two in five of which die within 13 births,
// in the midst of a heap that does not.
// Cannot show: which of raw, mem and obj a block is of; what CPython's pools
// and free lists (of frames, tuples, floats) keep from malloc; a heap that
// grows, as the recorded ones do. Published: none.
#include <inttypes.h>
#include <stdio.h>

#include "fresh.h"
#include "interpreter_heap.h"
#include "workload.h"

enum { INTERPRETER_PROGRAM, INTERPRETER_LIVE, INTERPRETER_BURST };

static const char *const program_names[] = {"start", "test"};

static const struct workload_param interpreter_params[] = {
	[INTERPRETER_PROGRAM] = {.name = "program",
		.standard = 1,
		.least = 0,
		.most = 1,
		.names = program_names,
		.description = "recorded program: start or test",
		.source = "bench/replay/traces: python-start, python-test"},
	[INTERPRETER_LIVE] = {.name = "live",
		.standard = 10000,
		.least = 1,
		.most = 1 << 20,
		.description = "blocks of a thread that stay, at most",
		.source = "10188 in python-start, 90358 in python-test"},
	[INTERPRETER_BURST] = {.name = "burst",
		.standard = 700,
		.least = 1,
		.most = 1 << 20,
		.description = "blocks that a collection frees, at most live",
		.source = "CPython's threshold: 700 net allocations"},
	{0},
};

struct interpreter {
	uint64_t done; /* operations asked for so far */
	uint64_t ahead; /* half operations done beyond those: 0 or 1 */
	_Alignas(CACHELINE) struct interpreter_heap heap; /* grows at its end */
};

static int interpreter_check(
	const struct workload_instance *instance, char error[WORKLOAD_TEXT])
{
	if (instance->params[INTERPRETER_BURST] <=
		instance->params[INTERPRETER_LIVE])
		return 0;
	snprintf(error, WORKLOAD_TEXT,
		"interpreter: burst is at most live, which is %" PRId64,
		instance->params[INTERPRETER_LIVE]);
	return -1;
}

static size_t interpreter_own_bytes(const struct workload_instance *instance)
{
	return offsetof(struct interpreter, heap) +
		interpreter_heap_bytes(
			(uint32_t)instance->params[INTERPRETER_LIVE]);
}

static int interpreter_thread_setup(struct workload_thread *thread)
{
	const struct workload_instance *instance = thread->instance;
	const int64_t *params = instance->params;
	struct interpreter *own = thread->own;

	return interpreter_heap_begin(&own->heap,
		&interpreter_mixes[params[INTERPRETER_PROGRAM]],
		(uint32_t)params[INTERPRETER_LIVE],
		(uint32_t)params[INTERPRETER_BURST], thread->seed,
		instance->backend);
}

/* A realloc that begins in the last half operation is done, and the next run
 * does that much less. */
static uint64_t interpreter_run(
	struct workload_thread *thread, uint64_t operations)
{
	const struct alloc_backend *backend =
		opaque_pointer(thread->instance->backend);
	struct interpreter *own = thread->own;
	uint64_t due = 2 * operations, halves = own->ahead;

	while (halves < due)
		halves += interpreter_heap_step(&own->heap, backend);
	own->ahead = halves - due;
	own->done += operations;
	return operations;
}

static int interpreter_verify(struct workload_thread *thread)
{
	const struct alloc_backend *backend = thread->instance->backend;
	const struct interpreter *own = thread->own;

	return interpreter_heap_verify(&own->heap, backend) == 0 &&
			fresh_zeroed(backend, 64) &&
			fresh_resized(backend, 185, 92, thread->seed) &&
			fresh_resized(backend, 8, 512, thread->seed)
		? 0
		: -1;
}

static uint64_t interpreter_checksum(const struct workload_thread *thread)
{
	const struct interpreter *own = thread->own;

	return own->heap.sum + prng_mix(thread->seed) * own->done;
}

static void interpreter_thread_finish(struct workload_thread *thread)
{
	struct interpreter *own = thread->own;

	interpreter_heap_finish(&own->heap, thread->instance->backend);
}

extern const struct workload workload_interpreter;

const struct workload workload_interpreter = {
	.abi = WORKLOAD_ABI,
	.name = "interpreter",
	.description = "CPython's blocks, as recorded (W29)",
	.source = "bench/replay/traces: python-start, python-test",
	.uses_allocator = true,
	.params = interpreter_params,
	.check = interpreter_check,
	.own_bytes = interpreter_own_bytes,
	.thread_setup = interpreter_thread_setup,
	.run = interpreter_run,
	.verify = interpreter_verify,
	.checksum = interpreter_checksum,
	.thread_finish = interpreter_thread_finish,
};
