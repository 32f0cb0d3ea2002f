// SPDX-License-Identifier: MIT
//
// A block of malloc with a record in front of the part that is handed out;
// the records of live blocks are a ring.
#include "tracked_backend.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIVE 0x6c697665u
#define FREED 0x66726565u

struct record {
	struct record *before, *after;
	void *base; /* what malloc gave */
	size_t size;
	uint64_t maker; /* thread */
	uint64_t number; /* of the block, from 0 */
	uint32_t state;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct record ring = {.before = &ring, .after = &ring};

struct tracked_calls tracked_calls;
enum tracked_fault tracked_fault;
uint64_t tracked_left;
uint64_t tracked_freed[TRACKED_LOG];

void tracked_clear(void)
{
	if (ring.after != &ring)
		abort();
	memset(&tracked_calls, 0, sizeof(tracked_calls));
	tracked_fault = FAULT_NONE;
}

/* A pthread_t may come back with the next thread. */
static uint64_t this_thread(void)
{
	static _Atomic uint64_t last;
	static _Thread_local uint64_t number;

	if (number == 0)
		number = ++last;
	return number;
}

static struct record *record_of(void *block)
{
	return (struct record *)block - 1;
}

static void *make(size_t alignment, size_t size)
{
	size_t room = sizeof(struct record) + alignment;
	unsigned char *base = malloc(room + alignment + size), *block;
	struct record *record;

	if (base == NULL)
		abort();
	block = base + room;
	block -= (uintptr_t)block % alignment;
	if (tracked_fault == FAULT_MISALIGNED)
		block += 8;
	record = record_of(block);
	*record = (struct record){.before = &ring,
		.after = ring.after,
		.base = base,
		.size = size,
		.maker = this_thread(),
		.number = tracked_calls.allocs + tracked_calls.callocs +
			tracked_calls.aligned_allocs + tracked_calls.reallocs -
			1,
		.state = LIVE};
	ring.after->before = record;
	ring.after = record;
	tracked_calls.live++;
	tracked_calls.live_bytes += size;
	if (tracked_calls.live_bytes > tracked_calls.most_bytes)
		tracked_calls.most_bytes = tracked_calls.live_bytes;
	return block;
}

static void drop(void *block)
{
	struct record *record = record_of(block);

	if (record->state != LIVE) {
		fprintf(stderr, "tracked_backend: not a live block\n");
		abort();
	}
	record->state = FREED;
	record->before->after = record->after;
	record->after->before = record->before;
	tracked_calls.remote_frees += record->maker != this_thread();
	tracked_calls.live--;
	tracked_calls.live_bytes -= record->size;
	free(record->base);
}

/* One call, counted in *calls; NULL where there is no memory left. */
static void *counted(uint64_t *calls, size_t alignment, size_t size, int fill)
{
	void *block = NULL;

	pthread_mutex_lock(&lock);
	++*calls;
	if (tracked_fault != FAULT_EXHAUSTED || tracked_left > 0) {
		tracked_left -= tracked_fault == FAULT_EXHAUSTED;
		block = make(alignment, size);
		memset(block, fill, size);
	}
	pthread_mutex_unlock(&lock);
	return block;
}

static void *tracked_alloc(size_t size)
{
	return counted(&tracked_calls.allocs, 16, size, 0xcd);
}

static void *tracked_calloc(size_t count, size_t size)
{
	unsigned char *block =
		counted(&tracked_calls.callocs, 16, count * size, 0);

	if (tracked_fault == FAULT_DIRTY_CALLOC)
		block[count * size - 1] = 1;
	return block;
}

static void *tracked_aligned_alloc(size_t alignment, size_t size)
{
	return counted(&tracked_calls.aligned_allocs,
		alignment < 16 ? 16 : alignment, size, 0xcd);
}

static void tracked_free(void *block)
{
	if (block == NULL)
		return;
	pthread_mutex_lock(&lock);
	if (tracked_calls.frees < TRACKED_LOG)
		tracked_freed[tracked_calls.frees] = record_of(block)->number;
	tracked_calls.frees++;
	drop(block);
	pthread_mutex_unlock(&lock);
}

static void *tracked_realloc(void *block, size_t size)
{
	unsigned char *moved = counted(&tracked_calls.reallocs, 16, size, 0xcd);
	size_t kept = record_of(block)->size;

	if (moved == NULL)
		return NULL;
	kept = size < kept ? size : kept;
	memcpy(moved, block, kept);
	if (tracked_fault == FAULT_FORGETFUL_REALLOC)
		moved[kept - 1] ^= 0xff;
	pthread_mutex_lock(&lock);
	drop(block);
	pthread_mutex_unlock(&lock);
	return moved;
}

void tracked_flip(uint64_t index, int last)
{
	struct record *record = ring.after;

	while (index-- > 0)
		record = record->after;
	if (record == &ring)
		abort();
	((unsigned char *)(record + 1))[last ? record->size - 1 : 0] ^= 0x55;
}

static enum alloc_check tracked_check(const void *block)
{
	(void)block;
	return tracked_fault == FAULT_OVERFLOWING ? ALLOC_CHECK_OVERFLOW
						  : ALLOC_CHECK_OK;
}

/* Nothing that a workload may call in these tests. */
static size_t no_bytes_added(size_t size, size_t alignment)
{
	(void)size;
	(void)alignment;
	abort();
}

static size_t no_size(const void *block)
{
	(void)block;
	abort();
}

static uint64_t no_serial(const void *block)
{
	(void)block;
	abort();
}

static uint64_t no_serials(uint64_t count, unsigned work)
{
	(void)count;
	(void)work;
	abort();
}

const struct alloc_backend tracked_backend = {
	.abi = ALLOC_BACKEND_ABI,
	.variant = "tracked",
	.serial_scheme = "none",
	.description = "for tests",
	.guarantees = "no number",
	.allocates = true,
	.bytes_added = no_bytes_added,
	.alloc = tracked_alloc,
	.calloc = tracked_calloc,
	.aligned_alloc = tracked_aligned_alloc,
	.realloc = tracked_realloc,
	.free = tracked_free,
	.usable_size = no_size,
	.slot_size = no_size,
	.serial_of = no_serial,
	.check = tracked_check,
	.take_serials = no_serials,
};
