// SPDX-License-Identifier: MIT
//
// Requests that are refused before anything happens, and requests for nothing.
#include <errno.h>

#include "arena.h"
#include "check.h"
#include "wrapper.h"

#define TOP ((size_t)PTRDIFF_MAX)
#define ERRNO_BEFORE 77

static const struct debug_domain *domain = &arena_domains[0];

static size_t current_serial(const struct wrapper *w)
{
	void *block = w->malloc(domain, 1);
	size_t serial = w->serial(block);

	w->free(domain, block);
	return serial;
}

/* After a refused request: nothing was called, no number used. */
static void check_refused(
	const struct wrapper *w, const void *result, size_t serial)
{
	CHECK_EQUAL(errno, ERRNO_BEFORE);
	CHECK_SAME(result, NULL);
	CHECK_EQUAL(arena.calls, 0);
	CHECK_EQUAL(current_serial(w), wrapper_next_serial(w, serial));
}

static size_t prepare(const struct wrapper *w)
{
	size_t serial;

	arena_reset();
	serial = current_serial(w);
	arena.calls = 0;
	errno = ERRNO_BEFORE;
	return serial;
}

static void malloc_refuses(void **state)
{
	(void)state;
	FOR_EACH_WRAPPER(w)
	{
		size_t added = 16 + wrapper_behind(w);
		size_t sizes[] = {TOP - added + 1, TOP - 1, TOP, TOP + 1,
			SIZE_MAX - added, SIZE_MAX};

		for (size_t i = 0; i < LENGTH(sizes); i++) {
			size_t serial = prepare(w);

			in_case("%s n %zx", wrapper_name(w), sizes[i]);
			check_refused(w, w->malloc(domain, sizes[i]), serial);
			serial = prepare(w);
			check_refused(
				w, w->calloc(domain, 1, sizes[i]), serial);
			serial = prepare(w);
			check_refused(
				w, w->realloc(domain, NULL, sizes[i]), serial);
			serial = prepare(w);
			check_refused(w, w->aligned_alloc(domain, 8, sizes[i]),
				serial);
			serial = prepare(w);
			check_refused(w, w->aligned_alloc(domain, 64, sizes[i]),
				serial);
		}
	}
}

/* The largest that is not refused reaches the underlying allocator whole. */
static void the_largest_request_is_passed_on(void **state)
{
	(void)state;
	FOR_EACH_WRAPPER(w)
	{
		size_t added = 16 + wrapper_behind(w);

		in_case("%s", wrapper_name(w));
		prepare(w);
		CHECK_SAME(w->malloc(domain, TOP - added), NULL);
		CHECK_EQUAL(arena.size, TOP);
		CHECK_EQUAL(arena.calls, 1);
		CHECK_EQUAL(errno, ENOMEM);
		CHECK_SAME(w->calloc(domain, 1, TOP - added), NULL);
		CHECK_EQUAL(arena.size, TOP);
		added = 4096 + wrapper_behind(w);
		CHECK_SAME(w->aligned_alloc(domain, 4096, TOP - added), NULL);
		CHECK_EQUAL(arena.size, TOP);
	}
}

static void huge_alignments_are_refused(void **state)
{
	(void)state;
	FOR_EACH_WRAPPER(w)
	{
		size_t serial = prepare(w);

		in_case("%s", wrapper_name(w));
		check_refused(w, w->aligned_alloc(domain, SIZE_MAX / 2 + 1, 0),
			serial);
		serial = prepare(w);
		check_refused(w, w->aligned_alloc(domain, SIZE_MAX / 4 + 1, 0),
			serial);
	}
}

static void calloc_checks_the_product(void **state)
{
	static const size_t pairs[][2] = {{2, TOP}, {TOP, 2}, {SIZE_MAX, 2},
		{2, SIZE_MAX}, {SIZE_MAX, SIZE_MAX}, {TOP / 16 + 1, 16},
		{(size_t)1 << 32, (size_t)1 << 32},
		{((size_t)1 << 32) + 1, (size_t)1 << 32}};

	(void)state;
	FOR_EACH_WRAPPER(w)
	for (size_t i = 0; i < LENGTH(pairs); i++) {
		size_t serial = prepare(w);

		in_case("%s calloc(%zx, %zx)", wrapper_name(w), pairs[i][0],
			pairs[i][1]);
		check_refused(
			w, w->calloc(domain, pairs[i][0], pairs[i][1]), serial);
	}
}

/* The old block stays as it is, and is not erased in between. */
static void realloc_refuses(void **state)
{
	(void)state;
	FOR_EACH_WRAPPER(w)
	{
		size_t serial, added = 16 + wrapper_behind(w);
		unsigned char *block;

		in_case("%s", wrapper_name(w));
		arena_reset();
		block = w->malloc(domain, 40);
		serial = w->serial(block);
		arena.calls = 0;
		errno = ERRNO_BEFORE;
		CHECK_SAME(w->realloc(domain, block, TOP - added + 1), NULL);
		CHECK_SAME(w->realloc(domain, block, SIZE_MAX), NULL);
		CHECK_EQUAL(errno, ERRNO_BEFORE);
		CHECK_EQUAL(arena.calls, 0);
		CHECK_EQUAL(w->serial(block), serial);
		CHECK_EQUAL(w->check(domain, block), ALLOC_CHECK_OK);
		CHECK_FILL(block, 40, 0xCD);
		w->free(domain, block);
	}
}

static void nothing_is_a_block_of_its_own(void **state)
{
	(void)state;
	FOR_EACH_WRAPPER(w)
	{
		void *blocks[6];

		in_case("%s", wrapper_name(w));
		arena_reset();
		blocks[0] = w->malloc(domain, 0);
		blocks[1] = w->malloc(domain, 0);
		blocks[2] = w->calloc(domain, 0, 0);
		blocks[3] = w->calloc(domain, 0, SIZE_MAX);
		blocks[4] = w->aligned_alloc(domain, 64, 0);
		blocks[5] = w->realloc(domain, w->malloc(domain, 9), 0);
		for (size_t i = 0; i < LENGTH(blocks); i++) {
			CHECK(blocks[i] != NULL);
			CHECK_EQUAL(w->size(blocks[i]), 0);
			for (size_t k = 0; k < i; k++)
				CHECK(blocks[i] != blocks[k]);
		}
		for (size_t i = 0; i < LENGTH(blocks); i++)
			w->free(domain, blocks[i]);
		w->free(domain, NULL);
		CHECK_EQUAL(arena.live + arena.misuses, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(malloc_refuses),
		cmocka_unit_test(the_largest_request_is_passed_on),
		cmocka_unit_test(huge_alignments_are_refused),
		cmocka_unit_test(calloc_checks_the_product),
		cmocka_unit_test(realloc_refuses),
		cmocka_unit_test(nothing_is_a_block_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
