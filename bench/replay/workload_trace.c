// SPDX-License-Identifier: MIT
//
// W25 trace: what a real program allocated, replayed. A recorded thread's
// calls are done by one worker, in their order; a block that another worker
// made or freed is waited for. When the trace ends, what is live is freed and
// the trace begins anew. Stresses what the program does: its sizes, lives, and
// hand-overs. It cannot show the program's own use of its blocks; the time
// between its calls is private work where `pace` asks for it. A turn is a
// stretch of the trace that all workers do together: each does its threads'
// part, however small that is, and waits at the end for the others.
#include "prng.h"
#include "replay_file.h"
#include "replay_weigh.h"
#include "shipped_trace.h"
#include "spin.h"
#include "touch.h"

static const struct workload_param replay_params[] = {
	[REPLAY_FILE] = {.name = "file",
		.is_path = true,
		.is_subject = true,
		.description = "trace of `serialbench record`",
		.source = "dj's traces; ours"},
	[REPLAY_COPIES] = {.name = "copies",
		.standard = 1,
		.least = 1,
		.most = 512,
		.description = "independent copies of the program",
		.source = "ours"},
	[REPLAY_THINK] = {.name = "think",
		.standard = 0,
		.least = 0,
		.most = 1000000,
		.description = "cycles of private work after each call",
		.source = "as work of threadtest"},
	[REPLAY_PACE] = {.name = "pace",
		.standard = 0,
		.least = 0,
		.most = TRACE_REPLAY_PACE_MOST,
		.description = "cycles of private work for each us that was "
			       "recorded between calls",
		.source = "dj's traces have the times"},
	[REPLAY_WINDOW] = {.name = "window",
		.standard = 256,
		.least = 1,
		.most = 65536,
		.description = "thousand calls held in memory, twice",
		.source = "ours"},
	{0},
};

/* Slots of one verify of a worker, at most. */
#define SAMPLE 65536

static size_t progress_offset(const struct workload_instance *instance)
{
	size_t tables = (size_t)instance->params[REPLAY_COPIES] *
		sizeof(struct replay_slot *);

	return (sizeof(struct replay_shared) + tables + CACHELINE - 1) /
		CACHELINE * CACHELINE;
}

static size_t replay_shared_bytes(const struct workload_instance *instance)
{
	return progress_offset(instance) +
		instance->threads * sizeof(struct replay_progress);
}

static size_t replay_own_bytes(const struct workload_instance *instance)
{
	return sizeof(struct replay_own) +
		2 * instance->threads * sizeof(uint64_t);
}

/* Slots of the windows come into memory before a turn uses them. */
static void fault_in_slots(struct replay_shared *shared)
{
	const struct replay_feed *feed = &shared->feed;
	uint32_t slots = shared->slots;

	for (unsigned i = 0; i < (feed->whole ? 1 : 2); i++)
		if (feed->windows[i]->slots > slots)
			slots = feed->windows[i]->slots;
	for (unsigned i = 0; i < shared->copies; i++)
		for (uint32_t j = shared->slots; j < slots; j++)
			*(void *volatile *)&shared->tables[i][j].block = NULL;
	shared->slots = slots;
}

static int replay_setup(struct workload_instance *instance)
{
	struct replay_shared *shared = instance->shared;
	char room[SHIPPED_TRACE_PATH];

	shared->weighs = instance->host != NULL && instance->host->weighs;
	shared->copies = (unsigned)instance->params[REPLAY_COPIES];
	shared->workers = instance->threads / shared->copies;
	if (shared->workers * shared->copies != instance->threads)
		return -1;
	for (unsigned i = 0; i < shared->copies; i++) {
		shared->tables[i] = replay_map_table(shared);
		if (shared->tables[i] == NULL)
			return -1;
	}
	shared->feed.workers = shared->workers;
	shared->feed.pace = (uint32_t)instance->params[REPLAY_PACE];
	if (replay_feed_begin(&shared->feed,
		    shipped_trace_path(instance->path, room),
		    (uint32_t)instance->params[REPLAY_WINDOW] * 1000,
		    shared->weighs, instance->common) != 0)
		return -1;
	fault_in_slots(shared);
	return 0;
}

static int replay_thread_setup(struct workload_thread *thread)
{
	const struct workload_instance *instance = thread->instance;
	struct replay_shared *shared = instance->shared;
	struct replay_progress *progress =
		(void *)((unsigned char *)shared + progress_offset(instance));
	struct replay_own *own = thread->own;
	unsigned copy = thread->index / shared->workers;

	own->worker = (struct replay_worker){
		.backend = instance->backend,
		.feed = &shared->feed,
		.slots = shared->tables[copy],
		.progress = progress + copy * shared->workers,
		.index = thread->index % shared->workers,
		.workers = shared->workers,
		.think = (unsigned)instance->params[REPLAY_THINK],
		.before = (uint64_t *)(own + 1),
		.seen = (uint64_t *)(own + 1) + shared->workers,
	};
	own->weigh_at =
		shared->weighs ? shared->feed.survey->peak_halves : UINT64_MAX;
	return 0;
}

void replay_meet(struct workload_thread *thread)
{
	struct replay_shared *shared = thread->instance->shared;
	struct replay_own *own = thread->own;
	uint64_t all = ++own->meetings * thread->instance->threads;
	struct spin spin = {0};

	atomic_fetch_add_explicit(&shared->arrivals, 1, memory_order_acq_rel);
	while (atomic_load_explicit(&shared->arrivals, memory_order_acquire) <
		all)
		spin_once(&spin);
}

static void refill(struct replay_shared *shared, uint64_t position)
{
	shared->failed = replay_feed_refill(&shared->feed, position) != 0;
	if (!shared->failed)
		fault_in_slots(shared);
}

/* The turn is longer than what is in memory: one thread sees to it while the
 * others wait. */
static NOINLINE void refill_in_turn(struct workload_thread *thread)
{
	struct replay_shared *shared = thread->instance->shared;
	struct replay_own *own = thread->own;
	struct spin spin = {0};

	own->refills++;
	if (thread->index == 0) {
		refill(shared, own->worker.position);
		atomic_store_explicit(
			&shared->refills, own->refills, memory_order_release);
	}
	while (atomic_load_explicit(&shared->refills, memory_order_acquire) <
		own->refills)
		spin_once(&spin);
}

/* How far a thread may go at once. */
static uint64_t next_stop(
	const struct replay_shared *shared, const struct replay_own *own)
{
	uint64_t end = replay_feed_end(&shared->feed);

	end = end < own->goal ? end : own->goal;
	return end < own->weigh_at ? end : own->weigh_at;
}

static uint64_t replay_run(struct workload_thread *thread, uint64_t operations)
{
	struct replay_shared *shared = thread->instance->shared;
	struct replay_own *own = thread->own;

	own->goal += 2 * operations * shared->workers;
	for (;;) {
		uint64_t end = next_stop(shared, own);
		bool empty = end == replay_feed_end(&shared->feed);

		replay_worker_run(&own->worker, end);
		replay_meet(thread);
		if (end == own->weigh_at)
			replay_weigh(thread);
		if (end == own->goal)
			return operations;
		if (!empty)
			continue;
		refill_in_turn(thread);
		if (shared->failed)
			return 0;
	}
}

static void replay_settle(struct workload_thread *thread)
{
	struct replay_shared *shared = thread->instance->shared;
	const struct replay_own *own = thread->own;

	if (thread->index == 0 && !shared->failed)
		refill(shared, own->worker.position);
}

static bool slot_intact(const struct alloc_backend *backend,
	const struct replay_slot *slot, uint32_t number)
{
	if (slot->block == NULL)
		return true;
	if (slot->size == 0)
		return backend->check(slot->block) == ALLOC_CHECK_OK;
	return touched_intact(
		backend, slot->block, slot->size, (unsigned char)number);
}

/* A stretch of the worker's part of the slots, the next one at each call. */
static int replay_verify(struct workload_thread *thread)
{
	const struct replay_shared *shared = thread->instance->shared;
	const struct alloc_backend *backend = thread->instance->backend;
	struct replay_own *own = thread->own;
	const struct replay_worker *worker = &own->worker;
	uint32_t part = shared->slots / worker->workers + 1;
	uint32_t count = part < SAMPLE ? part : SAMPLE;

	if (worker->torn != 0 || worker->missing > 0)
		return -1;
	for (uint32_t i = 0; i < count; i++) {
		uint64_t number = (uint64_t)((own->sampled + i) % part) *
				worker->workers +
			worker->index;

		if (number < shared->slots &&
			!slot_intact(backend, &worker->slots[number],
				(uint32_t)number))
			return -1;
	}
	own->sampled = (own->sampled + count) % part;
	return fresh_intact(backend, backend->alloc(512), 512, thread->seed)
		? 0
		: -1;
}

static uint64_t replay_checksum(const struct workload_thread *thread)
{
	const struct replay_own *own = thread->own;

	return prng_mix(own->worker.sum + thread->index);
}

static void replay_thread_finish(struct workload_thread *thread)
{
	const struct replay_shared *shared = thread->instance->shared;
	const struct replay_own *own = thread->own;
	const struct replay_worker *worker = &own->worker;

	for (uint64_t i = worker->index; i < shared->slots;
		i += worker->workers) {
		thread->instance->backend->free(worker->slots[i].block);
		worker->slots[i].block = NULL;
	}
}

static void replay_finish(struct workload_instance *instance)
{
	struct replay_shared *shared = instance->shared;

	replay_feed_finish(&shared->feed);
	for (unsigned i = 0; i < shared->copies; i++)
		replay_unmap_table(shared->tables[i]);
}

extern const struct workload workload_trace;

const struct workload workload_trace = {
	.abi = WORKLOAD_ABI,
	.name = "trace",
	.description = "a recorded program's calls, replayed (W25)",
	.source = "dj's workloads; glibc's trace utilities",
	.uses_allocator = true,
	.params = replay_params,
	.check = replay_file_check,
	.plan = replay_file_plan,
	.shared_bytes = replay_shared_bytes,
	.own_bytes = replay_own_bytes,
	.common_bytes = replay_file_common_bytes,
	.make_common = replay_file_make_common,
	.setup = replay_setup,
	.thread_setup = replay_thread_setup,
	.run = replay_run,
	.settle = replay_settle,
	.verify = replay_verify,
	.checksum = replay_checksum,
	.live_bytes = replay_live_bytes,
	.course = replay_file_course,
	.live_blocks = replay_live_blocks,
	.thread_finish = replay_thread_finish,
	.finish = replay_finish,
};
