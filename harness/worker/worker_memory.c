// SPDX-License-Identifier: MIT
//
// Weighs a population of blocks. Requested bytes, header and tail, and slot
// rounding are exact sums over the blocks; the rest, which is the allocator's
// own metadata and page slack, is what the resident set grew beyond them.
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include "identity.h"
#include "resident.h"
#include "worker_jobs.h"

static int weigh(struct memory_result *memory, bool after)
{
	uint64_t rss, allocated = 0, active = 0, resident = 0;

	memory->has_jemalloc_stats =
		identity_jemalloc_stats(&allocated, &active, &resident);
	if (resident_bytes(&rss) != 0)
		return -1;
	memory->total = after ? rss - memory->total : rss;
	memory->jemalloc_allocated =
		after ? allocated - memory->jemalloc_allocated : allocated;
	memory->jemalloc_active =
		after ? active - memory->jemalloc_active : active;
	memory->jemalloc_resident =
		after ? resident - memory->jemalloc_resident : resident;
	return 0;
}

static int hold(void **blocks, struct lane_shared *lane,
	const struct alloc_backend *backend)
{
	struct memory_result *memory = &lane->memory;
	size_t size = lane->setup.size;
	size_t added = backend->bytes_added(size, 0);

	for (uint64_t i = 0; i < lane->setup.blocks; i++) {
		size_t slot;

		blocks[i] = backend->alloc(size);
		if (blocks[i] == NULL)
			return -1;
		memset(blocks[i], 0x5a, size);
		slot = backend->slot_size(blocks[i]);
		memory->requested += size;
		memory->header_tail += added;
		memory->rounding += slot - size - added;
	}
	return 0;
}

int worker_memory(struct lane_shared *lane, const struct alloc_backend *backend)
{
	struct memory_result *memory = &lane->memory;
	size_t bytes = lane->setup.blocks * sizeof(void *);
	void **blocks;
	int result = -1;

	/* A huge page would count 2 MiB for one touched byte. */
	prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
	blocks = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (blocks == MAP_FAILED)
		goto out;
	/* First calls set an allocator up: not the population's bytes. */
	memset(memory, 0, sizeof(*memory));
	backend->free(backend->alloc(lane->setup.size));
	if (weigh(memory, false) != 0 || weigh(memory, false) != 0)
		goto out;
	if (hold(blocks, lane, backend) != 0 || weigh(memory, true) != 0)
		goto out;
	for (uint64_t i = 0; i < lane->setup.blocks; i++)
		backend->free(blocks[i]);
	result = 0;
out:
	if (result != 0)
		snprintf(lane->message, LANE_TEXT, "memory: %s",
			strerror(errno));
	return result;
}
