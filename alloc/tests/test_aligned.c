// SPDX-License-Identifier: MIT
//
// Aligned blocks to the byte, as layout.h draws them.
#include <string.h>

#include "arena.h"
#include "check.h"
#include "wrapper.h"

static const size_t sizes[] = {
	0, 1, 7, 8, 15, 16, 17, 100, 128, 129, 4096, 100000};
static const size_t alignments[] = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024,
	2048, 4096, (size_t)2 << 20};

static uint64_t read_big_endian(const unsigned char *place)
{
	uint64_t number = 0;

	for (int i = 0; i < 8; i++)
		number = number << 8 | place[i];
	return number;
}

/* From the underlying block to the data. */
static void check_front(const struct debug_domain *domain,
	const unsigned char *block, size_t alignment, size_t n)
{
	char id = domain->api_id;

	CHECK_EQUAL(read_big_endian(block - 16), n);
	CHECK_FILL(block - 7, 7, 0xFD);
	if (alignment <= 16) {
		CHECK_SAME(block, arena.block + 16);
		CHECK_EQUAL(block[-8], (unsigned char)id);
		return;
	}
	CHECK_SAME(block, arena.block + alignment);
	CHECK_EQUAL(arena.alignment, alignment);
	CHECK_EQUAL(block[-8], (unsigned char)(id - 'a' + 'A'));
	CHECK_EQUAL(read_big_endian(block - 24), alignment);
	CHECK_FILL(arena.block, alignment - 24, 0xFD);
}

static void check_block(const struct wrapper *w,
	const struct debug_domain *domain, unsigned char *block,
	size_t alignment, size_t n)
{
	size_t serial_bytes = w->backend->serial_bytes;
	size_t added = (alignment > 16 ? alignment : 16) + 8 + serial_bytes;

	CHECK(block != NULL);
	CHECK_EQUAL((uintptr_t)block % alignment, 0);
	CHECK_EQUAL(arena.size, n + added);
	CHECK_EQUAL(arena.allocations, 1);
	CHECK_EQUAL(w->bytes_added(n, alignment), added);
	CHECK_EQUAL(w->backend->bytes_added(n, alignment), added);
	check_front(domain, block, alignment, n);
	CHECK_FILL(block, n, 0xCD);
	CHECK_FILL(block + n, 8, 0xFD);
	if (serial_bytes > 0)
		CHECK_EQUAL(read_big_endian(block + n + 8), w->serial(block));
	CHECK_EQUAL(w->size(block), n);
	CHECK_EQUAL(w->slot_size(domain, block), n + added);
	CHECK_EQUAL(w->checked_size(domain, "test", block), n);
	CHECK_EQUAL(w->check(domain, block), ALLOC_CHECK_OK);
}

static void try_block(const struct wrapper *w,
	const struct debug_domain *domain, size_t alignment, size_t n)
{
	unsigned char *block, *base;
	size_t whole;

	in_case("%s API %c, alignment %zu, n %zu", wrapper_name(w),
		domain->api_id, alignment, n);
	arena_reset();
	block = w->aligned_alloc(domain, alignment, n);
	check_block(w, domain, block, alignment, n);
	base = arena.block;
	whole = arena.size;
	w->free(domain, block);
	CHECK_FILL(base, whole, 0xDD);
	CHECK_EQUAL(arena.live, 0);
	CHECK_EQUAL(arena.misuses, 0);
	CHECK_EQUAL(arena_spilt(), 0);
}

static void every_byte_is_as_drawn(void **state)
{
	(void)state;
	FOR_EACH_WRAPPER(w)
	for (size_t d = 0; d < LENGTH(arena_domains); d++)
		for (size_t a = 0; a < LENGTH(alignments); a++)
			for (size_t i = 0; i < LENGTH(sizes); i++)
				try_block(w, &arena_domains[d], alignments[a],
					sizes[i]);
}

static void no_power_of_two_is_refused(void **state)
{
	static const size_t bad[] = {0, 3, 5, 6, 7, 9, 12, 15, 17, 24, 31, 33,
		48, 96, 4095, 4097, SIZE_MAX, (size_t)PTRDIFF_MAX};

	(void)state;
	FOR_EACH_WRAPPER(w)
	for (size_t i = 0; i < LENGTH(bad); i++) {
		in_case("%s alignment %zu", wrapper_name(w), bad[i]);
		arena_reset();
		CHECK_SAME(
			w->aligned_alloc(&arena_domains[0], bad[i], 10), NULL);
		CHECK_EQUAL(arena.calls, 0);
	}
}

/* realloc() of an aligned block gives an ordinary one with its contents. */
static void try_realloc(
	const struct wrapper *w, size_t alignment, size_t n, size_t new_n)
{
	const struct debug_domain *domain = &arena_domains[1];
	size_t kept = n < new_n ? n : new_n;
	unsigned char *block, *base, *moved;
	size_t whole, serial;

	in_case("%s alignment %zu, realloc %zu to %zu", wrapper_name(w),
		alignment, n, new_n);
	arena_reset();
	block = w->aligned_alloc(domain, alignment, n);
	base = arena.block;
	whole = arena.size;
	serial = w->serial(block);
	memset(block, 0x5A, n);
	moved = w->realloc(domain, block, new_n);
	CHECK_SAME(moved, arena.block + 16);
	CHECK_EQUAL(moved[-8], 'm');
	CHECK_EQUAL(w->size(moved), new_n);
	CHECK_EQUAL(w->serial(moved), wrapper_next_serial(w, serial));
	CHECK_FILL(moved, kept, 0x5A);
	CHECK_FILL(moved + kept, new_n - kept, 0xCD);
	CHECK_FILL(base, whole, 0xDD);
	CHECK_EQUAL(arena.live, 1);
	CHECK_EQUAL(w->check(domain, moved), ALLOC_CHECK_OK);
	w->free(domain, moved);
	CHECK_EQUAL(arena.misuses + arena_spilt(), 0);
}

static void realloc_makes_it_ordinary(void **state)
{
	static const size_t some[] = {0, 1, 64, 129, 5000};

	(void)state;
	FOR_EACH_WRAPPER(w)
	for (size_t i = 0; i < LENGTH(some); i++)
		for (size_t k = 0; k < LENGTH(some); k++) {
			try_realloc(w, 32, some[i], some[k]);
			try_realloc(w, 4096, some[i], some[k]);
		}
}

static void a_failed_realloc_keeps_it(void **state)
{
	(void)state;
	FOR_EACH_WRAPPER(w)
	{
		unsigned char before[256 + 300 + 16], *block;

		in_case("%s", wrapper_name(w));
		arena_reset();
		block = w->aligned_alloc(&arena_domains[0], 256, 300);
		memset(block, 0x5A, 300);
		memcpy(before, arena.block, arena.size);
		arena.fail_at = 2;
		CHECK_SAME(w->realloc(&arena_domains[0], block, 400), NULL);
		CHECK_BYTES(block - 256, before, 256 + 300 + wrapper_behind(w));
		CHECK_EQUAL(arena.live, 1);
		w->free(&arena_domains[0], block);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte_is_as_drawn),
		cmocka_unit_test(no_power_of_two_is_refused),
		cmocka_unit_test(realloc_makes_it_ordinary),
		cmocka_unit_test(a_failed_realloc_keeps_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
