// SPDX-License-Identifier: MIT
//
// realloc(): what is erased, what comes back, and what a failure leaves.
#include <string.h>

#include "arena.h"
#include "check.h"
#include "wrapper.h"

#define LONGEST 5000

static const size_t sizes[] = {
	0, 1, 63, 64, 65, 66, 127, 128, 129, 130, 200, LONGEST};
static const struct debug_domain *domain = &arena_domains[2];

static unsigned char pattern(size_t i)
{
	return (unsigned char)(i * 7 + i / 251 + 1);
}

static void check_contents(const unsigned char *block, size_t count)
{
	unsigned char want[LONGEST];

	for (size_t i = 0; i < count; i++)
		want[i] = pattern(i);
	CHECK_BYTES(block, want, count);
}

static unsigned char *make(const struct wrapper *w, size_t n, bool stays)
{
	unsigned char *block;

	arena_reset();
	arena.realloc_stays = stays;
	block = w->malloc(domain, n);
	for (size_t i = 0; i < n; i++)
		block[i] = pattern(i);
	return block;
}

/* The old block when the underlying realloc was called: up to 128 bytes of
 * data all dead; beyond, 64 at each end and all that is not data. */
static void check_erased(const struct wrapper *w, size_t n)
{
	size_t behind = wrapper_behind(w);

	CHECK_EQUAL(arena.seen_size, 16 + n + behind);
	if (n <= 128) {
		CHECK_FILL(arena.seen, 16 + n + behind, 0xDD);
		return;
	}
	CHECK_FILL(arena.seen, 16 + 64, 0xDD);
	for (size_t i = 64; i < n - 64; i++)
		CHECK_EQUAL(arena.seen[16 + i], pattern(i));
	CHECK_FILL(arena.seen + 16 + n - 64, 64 + behind, 0xDD);
}

static void try_pair(
	const struct wrapper *w, size_t n, size_t new_n, bool stays)
{
	size_t kept = n < new_n ? n : new_n, serial;
	unsigned char *block, *moved;

	in_case("%s realloc %zu to %zu, %s", wrapper_name(w), n, new_n,
		stays ? "in place" : "moved");
	block = make(w, n, stays);
	serial = w->serial(block);
	moved = w->realloc(domain, block, new_n);
	CHECK_SAME(moved, arena.block + 16);
	CHECK_EQUAL(moved == block, stays);
	check_erased(w, n);
	CHECK_EQUAL(arena.allocations, 2);
	CHECK_EQUAL(arena.size, 16 + new_n + wrapper_behind(w));
	CHECK_EQUAL(w->check(domain, moved), ALLOC_CHECK_OK);
	CHECK_EQUAL(w->size(moved), new_n);
	CHECK_EQUAL(moved[-8], 'o');
	CHECK_EQUAL(w->serial(moved), wrapper_next_serial(w, serial));
	check_contents(moved, kept);
	CHECK_FILL(moved + kept, new_n - kept, 0xCD);
	w->free(domain, moved);
	CHECK_EQUAL(arena.live + arena.misuses + arena_spilt(), 0);
}

static void contents_are_kept(void **state)
{
	(void)state;
	FOR_EACH_WRAPPER(w)
	for (size_t i = 0; i < LENGTH(sizes); i++)
		for (size_t k = 0; k < LENGTH(sizes); k++) {
			try_pair(w, sizes[i], sizes[k], false);
			try_pair(w, sizes[i], sizes[k], true);
		}
}

static void try_failure(const struct wrapper *w, size_t n, size_t new_n)
{
	unsigned char before[LONGEST + 32], *block = make(w, n, false);
	size_t whole = arena.size;

	in_case("%s failing realloc %zu to %zu", wrapper_name(w), n, new_n);
	memcpy(before, arena.block, whole);
	arena.fail_at = 2;
	CHECK_SAME(w->realloc(domain, block, new_n), NULL);
	check_erased(w, n);
	CHECK_BYTES(block - 16, before, whole);
	CHECK_EQUAL(w->check(domain, block), ALLOC_CHECK_OK);
	w->free(domain, block);
	CHECK_EQUAL(arena.live + arena.misuses + arena_spilt(), 0);
}

static void a_failure_restores_every_byte(void **state)
{
	(void)state;
	FOR_EACH_WRAPPER(w)
	for (size_t i = 0; i < LENGTH(sizes); i++)
		for (size_t k = 0; k < LENGTH(sizes); k++)
			try_failure(w, sizes[i], sizes[k]);
}

/* A failure uses no number. */
static void a_failure_takes_no_number(void **state)
{
	(void)state;
	FOR_EACH_WRAPPER(w)
	{
		unsigned char *block = make(w, 10, false), *next;
		size_t serial = w->serial(block);

		in_case("%s", wrapper_name(w));
		arena.fail_at = 2;
		CHECK_SAME(w->realloc(domain, block, 20), NULL);
		CHECK_EQUAL(w->serial(block), serial);
		next = w->malloc(domain, 1);
		CHECK_EQUAL(w->serial(next), wrapper_next_serial(w, serial));
	}
}

/* The bytes of a moved block stay dead, for stale pointers to see. */
static void the_old_place_is_dead(void **state)
{
	(void)state;
	FOR_EACH_WRAPPER(w)
	{
		unsigned char *block = make(w, 128, false);

		in_case("%s", wrapper_name(w));
		w->realloc(domain, block, 256);
		CHECK_FILL(block - 16, 16 + 128 + wrapper_behind(w), 0xDD);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(contents_are_kept),
		cmocka_unit_test(a_failure_restores_every_byte),
		cmocka_unit_test(a_failure_takes_no_number),
		cmocka_unit_test(the_old_place_is_dead),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
