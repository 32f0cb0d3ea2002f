// SPDX-License-Identifier: MIT
//
// The numbers while one thread allocates. The first test must come first: the
// counters cannot be set back.
#include <stdlib.h>

#include "arena.h"
#include "check.h"
#include "wrapper.h"

#define SLOT_SERIAL 0x5107

static const struct debug_domain *domain = &arena_domains[0];

/* The n-th number of the process. */
static size_t nth_serial(const struct wrapper *w, size_t n)
{
	if (w->backend->serial_bytes == 0)
		return 0;
	return w->backend->numbers_blocks ? n : SLOT_SERIAL;
}

static void *nth_block(const struct wrapper *w, size_t n)
{
	switch (n % 4) {
	case 0:
		return w->realloc(domain, w->malloc(domain, 10), n);
	case 1:
		return w->malloc(domain, n);
	case 2:
		return w->calloc(domain, 1, n);
	default:
		return w->aligned_alloc(domain, 64, n);
	}
}

static void numbers_begin_at_1(void **state)
{
	(void)state;
	FOR_EACH_WRAPPER(w)
	{
		size_t taken = 0;

		arena_reset();
		for (size_t n = 1; n <= 100; n++) {
			void *block = nth_block(w, n);

			taken += n % 4 == 0 ? 2 : 1;
			in_case("%s block %zu", wrapper_name(w), n);
			CHECK_EQUAL(w->serial(block), nth_serial(w, taken));
			CHECK_EQUAL(w->backend->serial_of(block),
				nth_serial(w, taken));
			w->free(domain, block);
		}
	}
}

/* The traits in the backend are the truth. */
static void traits(void **state)
{
	(void)state;
	FOR_EACH_WRAPPER(w)
	{
		in_case("%s", wrapper_name(w));
		CHECK_EQUAL(w->serial_print->in_block,
			w->backend->serial_bytes > 0);
		CHECK(w->backend->serial_bytes == 0 ||
			w->backend->serial_bytes == sizeof(size_t));
		CHECK(w->backend->serial_bytes > 0 ||
			!w->backend->numbers_blocks);
		CHECK_EQUAL(w->backend->watch_serials != NULL,
			w->backend->numbers_blocks);
	}
}

static uint64_t next_serial(const struct wrapper *w)
{
	void *block = w->backend->alloc(1);
	uint64_t serial = w->backend->serial_of(block);

	w->backend->free(block);
	return serial;
}

static void take_serials_takes_them(void **state)
{
	(void)state;
	FOR_EACH_WRAPPER(w)
	{
		uint64_t last = next_serial(w), want = 0, sum;

		in_case("%s", wrapper_name(w));
		for (uint64_t i = 1; i <= 10; i++)
			want += w->backend->numbers_blocks ? last + i : last;
		sum = w->backend->take_serials(10, 3);
		CHECK_EQUAL(sum, want);
		CHECK_EQUAL(w->backend->take_serials(0, 3), 0);
		if (w->backend->numbers_blocks)
			CHECK_EQUAL(next_serial(w), last + 11);
	}
}

static void watch_serials_keeps_them(void **state)
{
	enum { COUNT = 1000 };
	uint64_t numbers[COUNT], before[COUNT], after[COUNT];

	(void)state;
	FOR_EACH_WRAPPER(w)
	{
		uint64_t last;

		if (w->backend->watch_serials == NULL)
			continue;
		last = next_serial(w);
		w->backend->watch_serials(COUNT, numbers, before, after);
		for (size_t i = 0; i < COUNT; i++) {
			in_case("%s number %zu", wrapper_name(w), i);
			CHECK_EQUAL(numbers[i], last + 1 + i);
			CHECK(before[i] <= after[i]);
			CHECK(i == 0 || after[i - 1] <= before[i]);
		}
	}
}

/* One counter for all domains, as in CPython. */
static void domains_share_the_numbers(void **state)
{
	(void)state;
	FOR_EACH_WRAPPER(w)
	{
		size_t last = 0;

		in_case("%s", wrapper_name(w));
		arena_reset();
		for (size_t i = 0; i < 9; i++) {
			void *block = w->malloc(&arena_domains[i % 3], 5);

			if (i > 0)
				CHECK_EQUAL(w->serial(block),
					wrapper_next_serial(w, last));
			last = w->serial(block);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_begin_at_1),
		cmocka_unit_test(traits),
		cmocka_unit_test(take_serials_takes_them),
		cmocka_unit_test(watch_serials_keeps_them),
		cmocka_unit_test(domains_share_the_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
