// SPDX-License-Identifier: MIT
#include "team_workloads.h"

#include <sched.h>
#include <unistd.h>

#include "compiler.h"
#include "counting_malloc.h"
#include "prng.h"
#include "team_drive.h"

struct team_log team_log;

void team_log_clear(void)
{
	team_log.runs = team_log.mallocs = 0;
	team_log.settles = team_log.settles_amid = team_log.settled_blocks = 0;
	team_log.births = team_log.misplaced = team_log.bad_memory = 0;
	team_log.verifies = team_log.finishes = 0;
	team_log.running = 0;
}

/* What every thread of all three has of its own. */
struct common {
	uint64_t done;
	pid_t os_thread;
};

static size_t common_bytes(const struct workload_instance *instance)
{
	(void)instance;
	return sizeof(struct common);
}

static uint64_t common_checksum(const struct workload_thread *thread)
{
	const struct common *own = thread->own;

	return prng_mix(thread->seed) * own->done;
}

static void check_memory(const void *memory, size_t bytes)
{
	const unsigned char *byte = memory;
	bool bad = (uintptr_t)memory % CACHELINE != 0;

	for (size_t i = 0; i < bytes; i++)
		bad = bad || byte[i] != 0;
	team_log.bad_memory += bad;
}

static int common_thread_setup(struct workload_thread *thread)
{
	check_memory(thread->own, sizeof(struct common));
	return 0;
}

static void common_settle(struct workload_thread *thread)
{
	(void)thread;
	team_log.settles++;
	team_log.settles_amid += team_log.running != 0;
}

static void common_finish(struct workload_instance *instance)
{
	(void)instance;
	team_log.finishes++;
}

/* relayed: a ring between each producer (even) and the consumer next to it. */

#define RING 64

struct ring {
	_Alignas(CACHELINE) _Atomic uint64_t put;
	_Alignas(CACHELINE) _Atomic uint64_t taken;
	void *blocks[RING];
};

enum { ROLE_PRODUCER, ROLE_CONSUMER };

static const char *const relayed_roles[] = {"producer", "consumer", NULL};

static unsigned relayed_role(unsigned index, unsigned threads)
{
	(void)threads;
	return index % 2 == 0 ? ROLE_PRODUCER : ROLE_CONSUMER;
}

static bool relayed_counted(unsigned role)
{
	return role == ROLE_CONSUMER;
}

static size_t relayed_shared_bytes(const struct workload_instance *instance)
{
	return instance->threads / 2 * sizeof(struct ring);
}

static int relayed_setup(struct workload_instance *instance)
{
	check_memory(instance->shared, relayed_shared_bytes(instance));
	return 0;
}

static struct ring *ring_of(const struct workload_thread *thread)
{
	struct ring *rings = thread->instance->shared;

	return &rings[thread->index / 2];
}

static void produce(struct ring *ring, const struct alloc_backend *backend)
{
	while (ring->put - ring->taken == RING)
		sched_yield();
	ring->blocks[ring->put % RING] = backend->alloc(32);
	ring->put++;
}

static void consume(struct ring *ring, const struct alloc_backend *backend)
{
	while (ring->put == ring->taken)
		sched_yield();
	backend->free(ring->blocks[ring->taken % RING]);
	ring->taken++;
}

/* The consumer leaves the last block of every run in flight. */
static uint64_t relayed_run(struct workload_thread *thread, uint64_t operations)
{
	const struct alloc_backend *backend = thread->instance->backend;
	struct common *own = thread->own;
	uint64_t mallocs = malloc_calls();

	team_log.running++;
	team_log.runs++;
	for (uint64_t i = 0; i < operations; i++)
		if (thread->role == ROLE_PRODUCER)
			produce(ring_of(thread), backend);
		else if (i + 1 < operations)
			consume(ring_of(thread), backend);
	own->done += operations;
	team_log.mallocs += malloc_calls() - mallocs;
	team_log.running--;
	return operations;
}

static void relayed_settle(struct workload_thread *thread)
{
	struct ring *ring = ring_of(thread);

	common_settle(thread);
	if (thread->role != ROLE_CONSUMER)
		return;
	while (ring->put != ring->taken) {
		consume(ring, thread->instance->backend);
		team_log.settled_blocks++;
	}
}

static int common_verify(struct workload_thread *thread)
{
	(void)thread;
	team_log.verifies++;
	return 0;
}

static const struct workload_param no_params[] = {{0}};

extern const struct workload workload_relayed;

const struct workload workload_relayed = {
	.abi = WORKLOAD_ABI,
	.name = "relayed",
	.description = "for tests: producers and consumers",
	.source = "xmalloc-test",
	.uses_allocator = true,
	.params = no_params,
	.roles = relayed_roles,
	.role_of = relayed_role,
	.counted_role = relayed_counted,
	.least_threads = 2,
	.shared_bytes = relayed_shared_bytes,
	.own_bytes = common_bytes,
	.setup = relayed_setup,
	.thread_setup = common_thread_setup,
	.run = relayed_run,
	.settle = relayed_settle,
	.verify = common_verify,
	.checksum = common_checksum,
	.finish = common_finish,
};

/* mortal: as larson, a thread lives for `life` operations. */

enum { MORTAL_LIFE };

static const struct workload_param mortal_params[] = {
	[MORTAL_LIFE] = {.name = "life",
		.standard = 10,
		.least = 1,
		.most = 1000000,
		.description = "operations of an OS thread",
		.source = "larson"},
	{0},
};

/* Whether the calling thread may run on its place's PU and on no other. */
static bool is_placed(const struct workload_thread *thread)
{
	unsigned pus[TOPOLOGY_MAX_THREADS];
	unsigned count = allowed_pus(pus, TOPOLOGY_MAX_THREADS);
	cpu_set_t now;

	return sched_getaffinity(0, sizeof(now), &now) == 0 &&
		CPU_COUNT(&now) == 1 &&
		CPU_ISSET(pus[thread->index % count], &now);
}

static uint64_t mortal_run(struct workload_thread *thread, uint64_t operations)
{
	const struct alloc_backend *backend = thread->instance->backend;
	uint64_t life = (uint64_t)thread->instance->params[MORTAL_LIFE];
	uint64_t now = operations < life ? operations : life;
	struct common *own = thread->own;

	team_log.running++;
	team_log.runs++;
	if (own->os_thread != gettid()) {
		team_log.births += own->os_thread != 0;
		team_log.misplaced += !is_placed(thread);
		own->os_thread = gettid();
	}
	for (uint64_t i = 0; i < now; i++)
		backend->free(backend->alloc(48));
	own->done += now;
	thread->instance->host->end_thread(thread);
	team_log.running--;
	return now;
}

extern const struct workload workload_mortal;

const struct workload workload_mortal = {
	.abi = WORKLOAD_ABI,
	.name = "mortal",
	.description = "for tests: threads that die in every run",
	.source = "larson",
	.uses_allocator = true,
	.params = mortal_params,
	.own_bytes = common_bytes,
	.thread_setup = common_thread_setup,
	.run = mortal_run,
	.settle = common_settle,
	.verify = common_verify,
	.checksum = common_checksum,
	.finish = common_finish,
};

/* broken: one thing goes wrong, in the last thread where it is a thread's. */

enum { BROKEN_AT };
enum { AT_SETUP, AT_THREAD_SETUP, AT_RUN, AT_VERIFY };

static const char *const broken_names[] = {
	"setup", "thread_setup", "run", "verify"};

static const struct workload_param broken_params[] = {
	[BROKEN_AT] = {.name = "at",
		.standard = AT_RUN,
		.least = 0,
		.most = AT_VERIFY,
		.names = broken_names,
		.description = "where",
		.source = "none"},
	{0},
};

static bool is_broken(const struct workload_thread *thread, int64_t at)
{
	const struct workload_instance *instance = thread->instance;

	return instance->params[BROKEN_AT] == at &&
		thread->index == instance->threads - 1;
}

static int broken_setup(struct workload_instance *instance)
{
	return instance->params[BROKEN_AT] == AT_SETUP ? -1 : 0;
}

static int broken_thread_setup(struct workload_thread *thread)
{
	return is_broken(thread, AT_THREAD_SETUP) ? -1 : 0;
}

/* Broken: a third of the work, with no thread to go on with the rest. */
static uint64_t broken_run(struct workload_thread *thread, uint64_t operations)
{
	struct common *own = thread->own;

	if (is_broken(thread, AT_RUN))
		operations /= 3;
	own->done += operations;
	return operations;
}

static int broken_verify(struct workload_thread *thread)
{
	return is_broken(thread, AT_VERIFY) ? -1 : 0;
}

extern const struct workload workload_broken;

const struct workload workload_broken = {
	.abi = WORKLOAD_ABI,
	.name = "broken",
	.description = "for tests: fails",
	.source = "none",
	.uses_allocator = true,
	.params = broken_params,
	.own_bytes = common_bytes,
	.setup = broken_setup,
	.thread_setup = broken_thread_setup,
	.run = broken_run,
	.verify = broken_verify,
	.checksum = common_checksum,
};
