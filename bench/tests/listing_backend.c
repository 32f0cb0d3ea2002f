// SPDX-License-Identifier: MIT
//
// The backend that knows its blocks (step_team.h).
#include <stdio.h>
#include <string.h>

#include "step_team.h"

#define LIVE 0x6c697665u
#define FREED 0x66726565u

struct listed {
	struct listed *before, *after;
	size_t size;
	uint32_t state;
	_Alignas(16) unsigned char data[];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct listed head = {.before = &head, .after = &head};
static struct listing_counts counts;

static void *listing_alloc(size_t size)
{
	struct listed *block = malloc(sizeof(*block) + size);

	if (block == NULL)
		return NULL;
	block->size = size;
	block->state = LIVE;
	pthread_mutex_lock(&lock);
	block->before = &head;
	block->after = head.after;
	block->after->before = block;
	head.after = block;
	counts.allocs++;
	counts.live++;
	pthread_mutex_unlock(&lock);
	return block->data;
}

static void listing_free(void *data)
{
	struct listed *block;

	if (data == NULL)
		return;
	block = (struct listed *)((char *)data - offsetof(struct listed, data));
	pthread_mutex_lock(&lock);
	if (block->state != LIVE) {
		fprintf(stderr, "freed twice or never allocated: %p\n", data);
		abort();
	}
	block->state = FREED;
	block->before->after = block->after;
	block->after->before = block->before;
	counts.frees++;
	counts.live--;
	pthread_mutex_unlock(&lock);
	free(block);
}

struct listing_counts listing_counts(void)
{
	struct listing_counts now;

	pthread_mutex_lock(&lock);
	now = counts;
	pthread_mutex_unlock(&lock);
	return now;
}

void listing_damage(void)
{
	for (struct listed *block = head.after; block != &head;
		block = block->after)
		for (size_t i = 0; i < block->size; i++)
			block->data[i] = (unsigned char)~block->data[i];
}

static void count_other(void)
{
	pthread_mutex_lock(&lock);
	counts.others++;
	pthread_mutex_unlock(&lock);
}

static void *listing_calloc(size_t count, size_t size)
{
	void *data = listing_alloc(count * size);

	count_other();
	return data == NULL ? NULL : memset(data, 0, count * size);
}

static void *listing_aligned_alloc(size_t alignment, size_t size)
{
	(void)alignment;
	count_other();
	return listing_alloc(size);
}

static void *listing_realloc(void *block, size_t size)
{
	(void)block;
	(void)size;
	count_other();
	return NULL;
}

static size_t listing_zero(const void *block)
{
	(void)block;
	return 0;
}

static size_t listing_bytes_added(size_t size, size_t alignment)
{
	(void)size;
	(void)alignment;
	return 0;
}

static uint64_t listing_take_serials(uint64_t count, unsigned work)
{
	(void)work;
	return count;
}

static enum alloc_check check_ok(const void *block)
{
	(void)block;
	return ALLOC_CHECK_OK;
}

static enum alloc_check check_overflow(const void *block)
{
	(void)block;
	return ALLOC_CHECK_OVERFLOW;
}

#define LISTING(name, check_hook)                                              \
	const struct alloc_backend name = {                                    \
		.abi = ALLOC_BACKEND_ABI,                                      \
		.variant = #name,                                              \
		.serial_scheme = "none",                                       \
		.description = "for tests",                                    \
		.guarantees = "no number",                                     \
		.allocates = true,                                             \
		.bytes_added = listing_bytes_added,                            \
		.alloc = listing_alloc,                                        \
		.calloc = listing_calloc,                                      \
		.aligned_alloc = listing_aligned_alloc,                        \
		.realloc = listing_realloc,                                    \
		.free = listing_free,                                          \
		.usable_size = listing_zero,                                   \
		.slot_size = listing_zero,                                     \
		.serial_of = listing_zero,                                     \
		.check = check_hook,                                           \
		.take_serials = listing_take_serials,                          \
	}

LISTING(listing_backend, check_ok);
LISTING(listing_overflowing, check_overflow);
