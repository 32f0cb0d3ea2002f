// SPDX-License-Identifier: MIT
#include "big_aligned.h"

#include <stdatomic.h>
#include <stdint.h>

#include "layout.h"
#include "safe_read.h"

#define PAGE_BYTES ((uintptr_t)4096)

/* glibc maps blocks of their own from 128 KiB on. */
#define BIG_BYTES ((size_t)64 << 10)

#define PAGES 16384
#define WORD_BITS (8 * sizeof(unsigned long))

bool big_aligned_seen;

/* One bit a page, by its number modulo PAGES; never taken back. */
static atomic_ulong pages[PAGES / (8 * sizeof(unsigned long))];

static size_t page_of(const void *block)
{
	return (uintptr_t)block / PAGE_BYTES % PAGES;
}

void big_aligned_made(const void *block, size_t alignment, size_t size)
{
	size_t page = page_of(block);

	if (size < BIG_BYTES || alignment <= ORDINARY_ALIGNMENT ||
		(uintptr_t)block % PAGE_BYTES == 0)
		return;
	atomic_fetch_or(&pages[page / WORD_BITS], 1UL << page % WORD_BITS);
	__atomic_store_n(&big_aligned_seen, true, __ATOMIC_RELAXED);
}

bool big_aligned_gone(const void *block)
{
	size_t page = page_of(block);
	unsigned long word = atomic_load_explicit(
		&pages[page / WORD_BITS], memory_order_relaxed);

	return (word >> page % WORD_BITS & 1) != 0 &&
		!safe_readable((const unsigned char *)block - HEADER_BYTES,
			HEADER_BYTES);
}
