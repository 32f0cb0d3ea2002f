// SPDX-License-Identifier: MIT
#include "replay_weigh.h"

#include <sys/mman.h>

#define TABLE_BYTES (TRACE_REPLAY_NUMBERS * sizeof(struct replay_slot))

/* Pages of a shared mapping can be taken out of the process's memory without
 * losing what is in them. */
struct replay_slot *replay_map_table(const struct replay_shared *shared)
{
	int kind = shared->weighs ? MAP_SHARED : MAP_PRIVATE;
	void *table = mmap(NULL, TABLE_BYTES, PROT_READ | PROT_WRITE,
		kind | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return table == MAP_FAILED ? NULL : table;
}

void replay_unmap_table(struct replay_slot *table)
{
	if (table != NULL)
		munmap(table, TABLE_BYTES);
}

static void count_blocks(struct workload_thread *thread)
{
	const struct replay_shared *shared = thread->instance->shared;
	const struct alloc_backend *backend = thread->instance->backend;
	struct replay_own *own = thread->own;
	const struct replay_worker *worker = &own->worker;

	own->live_bytes = 0;
	own->live_blocks = (struct workload_blocks){0};
	for (uint64_t i = worker->index; i < shared->slots;
		i += worker->workers) {
		const struct replay_slot *slot = &worker->slots[i];

		if (slot->block == NULL)
			continue;
		own->live_bytes += slot->size;
		own->live_blocks.count++;
		own->live_blocks.slots += backend->slot_size(slot->block);
	}
}

static void let_go(const struct replay_shared *shared)
{
	replay_feed_let_go(&shared->feed);
	for (unsigned i = 0; i < shared->copies; i++)
		madvise(shared->tables[i], TABLE_BYTES, MADV_DONTNEED);
}

void replay_weigh(struct workload_thread *thread)
{
	const struct workload_instance *instance = thread->instance;
	struct replay_own *own = thread->own;

	count_blocks(thread);
	replay_meet(thread);
	if (thread->index == 0)
		let_go(instance->shared);
	replay_meet(thread);
	instance->host->checkpoint(thread);
	own->weigh_at = UINT64_MAX;
	replay_meet(thread);
}

uint64_t replay_live_bytes(const struct workload_thread *thread)
{
	const struct replay_own *own = thread->own;

	return own->live_bytes;
}

void replay_live_blocks(
	const struct workload_thread *thread, struct workload_blocks *blocks)
{
	const struct replay_own *own = thread->own;

	*blocks = own->live_blocks;
}
