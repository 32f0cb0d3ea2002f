// SPDX-License-Identifier: MIT
//
// The backends of fake_backend.h; one thread at a time.
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fake_backend.h"

struct fake_calls fake_calls;

static void *counting_alloc(size_t size)
{
	fake_calls.allocs++;
	fake_calls.live++;
	fake_calls.size = size;
	return malloc(size);
}

static void counting_free(void *block)
{
	fake_calls.frees++;
	fake_calls.live--;
	free(block);
}

static uint64_t counting_take_serials(uint64_t count, unsigned work)
{
	fake_calls.serials += count;
	fake_calls.work = work;
	return count;
}

static size_t other_bytes_added(size_t size, size_t alignment)
{
	(void)size;
	(void)alignment;
	fake_calls.others++;
	return 0;
}

static void *other_calloc(size_t count, size_t size)
{
	fake_calls.others++;
	return calloc(count, size);
}

static void *other_aligned_alloc(size_t alignment, size_t size)
{
	fake_calls.others++;
	return aligned_alloc(alignment, size);
}

static void *other_realloc(void *block, size_t size)
{
	fake_calls.others++;
	return realloc(block, size);
}

static size_t other_size(const void *block)
{
	(void)block;
	fake_calls.others++;
	return 0;
}

static uint64_t other_serial_of(const void *block)
{
	(void)block;
	fake_calls.others++;
	return 0;
}

static enum alloc_check other_check(const void *block)
{
	(void)block;
	fake_calls.others++;
	return ALLOC_CHECK_OK;
}

static void other_thread_number(uint32_t number)
{
	(void)number;
	fake_calls.others++;
}

static void *no_alloc(size_t size)
{
	(void)size;
	return NULL;
}

static enum alloc_check overflow_check(const void *block)
{
	(void)block;
	return ALLOC_CHECK_OVERFLOW;
}

/* Two pages of address space on one page of memory. */
static void *aliasing_alloc(size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	int file = memfd_create("alias", 0);
	char *block;

	if (size > 2 * page || file < 0 || ftruncate(file, (off_t)page) != 0)
		abort();
	block = mmap(
		NULL, 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (unsigned i = 0; i < 2; i++)
		if (block == MAP_FAILED ||
			mmap(block + i * page, page, PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_FIXED, file, 0) == MAP_FAILED)
			abort();
	close(file);
	return block;
}

static void aliasing_free(void *block)
{
	munmap(block, 2 * (size_t)sysconf(_SC_PAGESIZE));
}

#define FAKE(fake_name, alloc_hook, free_hook, check_hook)                     \
	const struct alloc_backend fake_name = {                               \
		.abi = ALLOC_BACKEND_ABI,                                      \
		.variant = #fake_name,                                         \
		.serial_scheme = "none",                                       \
		.description = "for tests",                                    \
		.guarantees = "no number",                                     \
		.allocates = true,                                             \
		.bytes_added = other_bytes_added,                              \
		.alloc = alloc_hook,                                           \
		.calloc = other_calloc,                                        \
		.aligned_alloc = other_aligned_alloc,                          \
		.realloc = other_realloc,                                      \
		.free = free_hook,                                             \
		.usable_size = other_size,                                     \
		.slot_size = other_size,                                       \
		.serial_of = other_serial_of,                                  \
		.check = check_hook,                                           \
		.thread_number = other_thread_number,                          \
		.take_serials = counting_take_serials,                         \
	}

FAKE(fake_counting, counting_alloc, counting_free, other_check);
FAKE(fake_exhausted, no_alloc, counting_free, other_check);
FAKE(fake_overflowing, counting_alloc, counting_free, overflow_check);
FAKE(fake_aliasing, aliasing_alloc, aliasing_free, other_check);
