// SPDX-License-Identifier: MIT
//
// The planted faults: blocks as `none` makes them, and the fault where it
// should be. How long planted work takes is the business of whoever measures.
#include <string.h>

#include "alloc_backend.h"
#include "check.h"
#include "planted.h"
#include "tsc.h"

static void found_by_name_and_amount(void **state)
{
	static const struct {
		const char *asked, *found;
		size_t amount;
	} cases[] = {
		{"none", "none", 7},
		{"none=2", "none", 2},
		{"slowed=0", "slowed", 0},
		{"slowed=120", "slowed", 120},
		{"uneven=4294967295", "uneven", 4294967295u},
		{"stalled=50000", "stalled", 50000},
		{"padded", "padded", 7},
		{"slowed=", NULL, 7},
		{"slowed=-1", NULL, 7},
		{"slowed=1x", NULL, 7},
		{"slowed=4294967296", NULL, 7},
		{"slow", NULL, 7},
		{"slowedd", NULL, 7},
		{"", NULL, 7},
		{"atomic", NULL, 7},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct alloc_backend *backend;

		planted_amount = 7;
		backend = alloc_backend_find(cases[i].asked);
		in_case("'%s'", cases[i].asked);
		CHECK((backend != NULL) == (cases[i].found != NULL));
		CHECK_EQUAL(planted_amount, cases[i].amount);
		if (backend != NULL)
			assert_string_equal(backend->variant, cases[i].found);
	}
}

static void blocks_are_as_none_makes_them(void **state)
{
	const struct alloc_backend *none = alloc_backend_find("none");

	(void)state;
	planted_amount = 1;
	for (size_t i = 0; alloc_backends[i] != NULL; i++)
		for (size_t n = 1; n < 3000; n = n * 3 + 1) {
			const struct alloc_backend *backend = alloc_backends[i];
			unsigned char *block = backend->alloc(n);

			in_case("%s alloc(%zu)", backend->variant, n);
			CHECK(block != NULL);
			CHECK_FILL(block, n, 0xCD);
			CHECK_EQUAL(backend->usable_size(block), n);
			CHECK_EQUAL(backend->bytes_added(n, 0),
				none->bytes_added(n, 0));
			memset(block, 0x5A, n);
			block = backend->realloc(block, n + 9);
			CHECK_FILL(block, n, 0x5A);
			CHECK_EQUAL(backend->usable_size(block), n + 9);
			CHECK_EQUAL(backend->check(block), ALLOC_CHECK_OK);
			backend->free(block);
			block = backend->calloc(1, n);
			CHECK_FILL(block, n, 0);
			backend->free(block);
		}
}

/* glibc's slots go in steps of 16: of both residues, exactly the bytes. */
static void padded_holds_the_bytes(void **state)
{
	const struct alloc_backend *none = alloc_backend_find("none");
	const struct alloc_backend *padded = alloc_backend_find("padded");

	(void)state;
	for (size_t n = 16; n < 600; n += 8) {
		void *plain = none->alloc(n), *more = padded->alloc(n);

		in_case("alloc(%zu)", n);
		CHECK(padded->slot_size(more) >=
			n + padded->bytes_added(n, 0) + PLANTED_BYTES);
#ifndef ALLOC_TESTS_SANITIZED
		CHECK_EQUAL(padded->slot_size(more) - none->slot_size(plain),
			PLANTED_BYTES);
#endif
		none->free(plain);
		padded->free(more);
	}
}

/* As many calls as there are stalls last as long as one, and no fewer. */
static void stalls_come_once_in_a_period(void **state)
{
	const struct alloc_backend *stalled;
	unsigned long_ones = 0;
	size_t last = 0, first = 0;

	(void)state;
	stalled = alloc_backend_find("stalled=30000000");
	for (size_t i = 1; i <= 3 * PLANTED_STALL_PERIOD; i++) {
		uint64_t begin = tsc_read();
		void *block = stalled->alloc(64);

		if (tsc_read() - begin >= planted_amount) {
			long_ones++;
			first = first == 0 ? i : first;
			last = i;
		}
		stalled->free(block);
	}
	/* A machine that stood still may add to them. */
	CHECK(long_ones >= 3);
	CHECK(first <= PLANTED_STALL_PERIOD);
	CHECK(last > 2 * PLANTED_STALL_PERIOD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(found_by_name_and_amount),
		cmocka_unit_test(blocks_are_as_none_makes_them),
		cmocka_unit_test(padded_holds_the_bytes),
		cmocka_unit_test(stalls_come_once_in_a_period),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
