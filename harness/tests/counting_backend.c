// SPDX-License-Identifier: MIT
#include "counting_backend.h"

#include "counting_malloc.h"

struct backend_calls backend_calls;

void backend_calls_clear(void)
{
	backend_calls.allocs = backend_calls.frees = backend_calls.checks = 0;
	backend_calls.others = backend_calls.serials = 0;
	backend_calls.numbered = 0;
}

unsigned backend_calls_repeated(void)
{
	unsigned repeated = 0;

	for (unsigned i = 0; i < backend_calls.numbered; i++)
		for (unsigned j = 0; j < i; j++)
			if (backend_calls.numbers[i] ==
				backend_calls.numbers[j]) {
				repeated++;
				break;
			}
	return repeated;
}

static void *count_alloc(size_t size)
{
	backend_calls.allocs++;
	return uncounted_malloc(size);
}

static void count_free(void *block)
{
	backend_calls.frees++;
	uncounted_free(block);
}

static uint64_t count_take_serials(uint64_t count, unsigned work)
{
	(void)work;
	backend_calls.serials += count;
	return count;
}

static void count_thread_number(uint32_t number)
{
	unsigned place = backend_calls.numbered++;

	if (place < COUNTING_THREADS)
		backend_calls.numbers[place] = number;
}

static enum alloc_check count_check(const void *block)
{
	(void)block;
	backend_calls.checks++;
	return ALLOC_CHECK_OK;
}

static size_t other_bytes_added(size_t size, size_t alignment)
{
	(void)size;
	(void)alignment;
	backend_calls.others++;
	return 0;
}

static void *other_two(size_t one, size_t two)
{
	(void)one;
	(void)two;
	backend_calls.others++;
	return NULL;
}

static void *other_realloc(void *block, size_t size)
{
	(void)block;
	(void)size;
	backend_calls.others++;
	return NULL;
}

static size_t other_size(const void *block)
{
	(void)block;
	backend_calls.others++;
	return 0;
}

static uint64_t other_serial_of(const void *block)
{
	(void)block;
	backend_calls.others++;
	return 0;
}

const struct alloc_backend counting_backend = {
	.abi = ALLOC_BACKEND_ABI,
	.variant = "counting",
	.serial_scheme = "none",
	.description = "for tests",
	.guarantees = "no number",
	.allocates = true,
	.bytes_added = other_bytes_added,
	.alloc = count_alloc,
	.calloc = other_two,
	.aligned_alloc = other_two,
	.realloc = other_realloc,
	.free = count_free,
	.usable_size = other_size,
	.slot_size = other_size,
	.serial_of = other_serial_of,
	.check = count_check,
	.thread_number = count_thread_number,
	.take_serials = count_take_serials,
};
