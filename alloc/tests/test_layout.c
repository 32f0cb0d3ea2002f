// SPDX-License-Identifier: MIT
//
// Ordinary blocks to the byte, as CPython's hooks lay them out.
#include "arena.h"
#include "check.h"
#include "wrapper.h"

static const size_t sizes[] = {
	0, 1, 7, 8, 15, 16, 17, 100, 128, 129, 4096, 100000};

static uint64_t read_big_endian(const unsigned char *place)
{
	uint64_t number = 0;

	for (int i = 0; i < 8; i++)
		number = number << 8 | place[i];
	return number;
}

/* All around the data; `serial` is what serial() said. */
static void check_guards(const struct wrapper *w, const unsigned char *block,
	char id, size_t n, uint64_t serial)
{
	CHECK_EQUAL(read_big_endian(block - 16), n);
	CHECK_EQUAL(block[-8], (unsigned char)id);
	CHECK_FILL(block - 7, 7, 0xFD);
	CHECK_FILL(block + n, 8, 0xFD);
	if (w->backend->serial_bytes > 0)
		CHECK_EQUAL(read_big_endian(block + n + 8), serial);
	else
		CHECK_EQUAL(serial, 0);
}

static void check_block(const struct wrapper *w,
	const struct debug_domain *domain, unsigned char *block, size_t n,
	unsigned char fill)
{
	size_t added = w->backend->serial_bytes > 0 ? 32 : 24;

	CHECK(block != NULL);
	CHECK_SAME(block, arena.block + 16);
	CHECK_EQUAL(arena.size, n + added);
	CHECK_EQUAL(arena.allocations, 1);
	CHECK_EQUAL(w->bytes_added(n, 0), added);
	check_guards(w, block, domain->api_id, n, w->serial(block));
	CHECK_FILL(block, n, fill);
	CHECK_EQUAL(w->size(block), n);
	CHECK_EQUAL(w->slot_size(domain, block), n + added);
	CHECK_EQUAL(w->checked_size(domain, "test", block), n);
	CHECK_EQUAL(w->check(domain, block), ALLOC_CHECK_OK);
	w->free(domain, block);
	CHECK_EQUAL(arena.live, 0);
	CHECK_EQUAL(arena.misuses, 0);
	CHECK_EQUAL(arena_spilt(), 0);
}

static void try_size(
	const struct wrapper *w, const struct debug_domain *domain, size_t n)
{
	in_case("%s malloc, API %c, n %zu", wrapper_name(w), domain->api_id, n);
	arena_reset();
	check_block(w, domain, w->malloc(domain, n), n, 0xCD);
	in_case("%s calloc, API %c, n %zu", wrapper_name(w), domain->api_id, n);
	arena_reset();
	check_block(w, domain, w->calloc(domain, 1, n), n, 0);
	arena_reset();
	check_block(w, domain, w->calloc(domain, n, 1), n, 0);
	in_case("%s realloc, API %c, n %zu", wrapper_name(w), domain->api_id,
		n);
	arena_reset();
	check_block(w, domain, w->realloc(domain, NULL, n), n, 0xCD);
}

static void every_byte_is_as_drawn(void **state)
{
	(void)state;
	FOR_EACH_WRAPPER(w)
	for (size_t d = 0; d < LENGTH(arena_domains); d++)
		for (size_t i = 0; i < LENGTH(sizes); i++)
			try_size(w, &arena_domains[d], sizes[i]);
}

static void calloc_takes_the_product(void **state)
{
	(void)state;
	FOR_EACH_WRAPPER(w)
	{
		in_case("%s calloc(3, 7)", wrapper_name(w));
		arena_reset();
		check_block(w, &arena_domains[0],
			w->calloc(&arena_domains[0], 3, 7), 21, 0);
	}
}

/* What the underlying allocator rounds up is no part of the block. */
static void slots_are_rounded(void **state)
{
	(void)state;
	FOR_EACH_WRAPPER(w)
	{
		unsigned char *block;

		in_case("%s slot of 64", wrapper_name(w));
		arena_reset();
		arena.slot_multiple = 64;
		block = w->malloc(&arena_domains[0], 17);
		CHECK_EQUAL(w->slot_size(&arena_domains[0], block), 64);
		CHECK_EQUAL(w->size(block), 17);
		w->free(&arena_domains[0], block);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte_is_as_drawn),
		cmocka_unit_test(calloc_takes_the_product),
		cmocka_unit_test(slots_are_rounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
