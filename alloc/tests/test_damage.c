// SPDX-License-Identifier: MIT
//
// Every way to damage an ordinary block of 16 bytes.
#include <string.h>

#include "arena.h"
#include "check.h"
#include "damage.h"

#define N 16

static void each_leading_pad(void **state)
{
	(void)state;
	FOR_EACH_WRAPPER(w)
	for (int i = 1; i <= 7; i++) {
		struct victim victim;

		in_case("%s pad p-%d", wrapper_name(w), i);
		victim_make(&victim, w, 0, N);
		victim.block[-i] = (unsigned char)(0xF0 + i);
		victim_try(&victim, ALLOC_CHECK_UNDERFLOW, "");
	}
}

/* Writing downwards from p[-1]: fewer and fewer pads are left. */
static void runs_of_leading_pads(void **state)
{
	(void)state;
	FOR_EACH_WRAPPER(w)
	for (int i = 2; i <= 8; i++) {
		struct victim victim;

		in_case("%s pads p-%d to p-1", wrapper_name(w), i);
		victim_make(&victim, w, 0, N);
		memset(victim.block - i, '0' + i, (size_t)i);
		victim_try(&victim, ALLOC_CHECK_UNDERFLOW, "");
	}
}

static void each_trailing_pad(void **state)
{
	(void)state;
	FOR_EACH_WRAPPER(w)
	for (int i = 0; i < 8; i++) {
		struct victim victim;

		in_case("%s pad tail+%d", wrapper_name(w), i);
		victim_make(&victim, w, 0, N);
		victim.block[N + i] = (unsigned char)i;
		victim_try(&victim, ALLOC_CHECK_OVERFLOW, "");
	}
}

/* What a block of the domain m is with another byte as its id. */
static enum alloc_check found_with_id(int id)
{
	if (id == 'm')
		return ALLOC_CHECK_OK;
	return id != 0 && strchr("rona", id) != NULL ? ALLOC_CHECK_API_MISMATCH
						     : ALLOC_CHECK_UNDERFLOW;
}

static void each_id(void **state)
{
	const struct debug_domain *domain = &arena_domains[1];

	(void)state;
	FOR_EACH_WRAPPER(w)
	for (int id = 0; id < 256; id++) {
		struct victim victim;

		in_case("%s id 0x%02x", wrapper_name(w), id);
		victim_make(&victim, w, 0, N);
		victim.block[-8] = (unsigned char)id;
		CHECK_EQUAL(w->check(domain, victim.block), found_with_id(id));
		CHECK_EQUAL(arena.misuses, 0);
	}
}

static void reports_of_ids(void **state)
{
	static const unsigned char ids[] = {
		'r', 'o', 'n', 'a', 'x', 'M', 'R', 'A', 0, '\n', 0xFD, 0xDD};

	(void)state;
	FOR_EACH_WRAPPER(w)
	for (size_t i = 0; i < LENGTH(ids); i++) {
		struct victim victim;
		bool aligned = strchr("MRA", ids[i]) && ids[i] != 0;

		in_case("%s id 0x%02x", wrapper_name(w), ids[i]);
		victim_make(&victim, w, 0, N);
		victim.block[-8] = ids[i];
		victim_try(&victim, found_with_id(ids[i]),
			aligned ? NOTE_DISTANCE : "");
	}
}

static void each_size(void **state)
{
	static const struct {
		uint64_t size;
		enum alloc_check found;
	} cases[] = {
		{0, ALLOC_CHECK_OVERFLOW},
		{1, ALLOC_CHECK_OVERFLOW},
		{8, ALLOC_CHECK_OVERFLOW},
		{15, ALLOC_CHECK_OVERFLOW},
		{17, ALLOC_CHECK_DAMAGED_SIZE},
		{24, ALLOC_CHECK_DAMAGED_SIZE},
		{4000, ALLOC_CHECK_DAMAGED_SIZE},
		{4056, ALLOC_CHECK_DAMAGED_SIZE},
		{4072, ALLOC_CHECK_DAMAGED_SIZE},
		{4096, ALLOC_CHECK_DAMAGED_SIZE},
		{(size_t)1 << 40, ALLOC_CHECK_DAMAGED_SIZE},
		{PTRDIFF_MAX, ALLOC_CHECK_DAMAGED_SIZE},
		{(uint64_t)PTRDIFF_MAX + 1, ALLOC_CHECK_DAMAGED_SIZE},
		{SIZE_MAX - 31, ALLOC_CHECK_DAMAGED_SIZE},
		{SIZE_MAX - 7, ALLOC_CHECK_DAMAGED_SIZE},
		{SIZE_MAX, ALLOC_CHECK_DAMAGED_SIZE},
	};

	(void)state;
	FOR_EACH_WRAPPER(w)
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct victim victim;

		in_case("%s size %zx", wrapper_name(w), cases[i].size);
		victim_make(&victim, w, 0, N);
		victim_store(&victim, -16, cases[i].size);
		victim_try(&victim, cases[i].found,
			cases[i].found == ALLOC_CHECK_DAMAGED_SIZE ? NOTE_SIZE
								   : "");
	}
}

/* Too large, but not for what the underlying allocator rounded up to. */
static void a_size_that_still_fits(void **state)
{
	(void)state;
	FOR_EACH_WRAPPER(w)
	{
		struct victim victim;

		in_case("%s size 17 in a slot of 64", wrapper_name(w));
		victim_make(&victim, w, 0, N);
		arena.slot_multiple = 64;
		victim_store(&victim, -16, N + 1);
		victim_try(&victim, ALLOC_CHECK_OVERFLOW, "");
	}
}

/* The tail would stand where nothing can be read. */
static void a_size_that_leads_off_the_map(void **state)
{
	(void)state;
	FOR_EACH_WRAPPER(w)
	for (size_t size = N + 16; size < 4096; size *= 2) {
		struct victim victim;
		const struct debug_domain *domain = &arena_domains[1];

		in_case("%s size %zu at the end", wrapper_name(w), size);
		victim_make(&victim, w, 0, N);
		arena_place_at_end(16 + N + wrapper_behind(w));
		victim.block = w->malloc(domain, N);
		victim_store(&victim, -16, size);
		victim_try(&victim, ALLOC_CHECK_DAMAGED_SIZE, NOTE_SIZE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_leading_pad),
		cmocka_unit_test(runs_of_leading_pads),
		cmocka_unit_test(each_trailing_pad),
		cmocka_unit_test(each_id),
		cmocka_unit_test(reports_of_ids),
		cmocka_unit_test(each_size),
		cmocka_unit_test(a_size_that_still_fits),
		cmocka_unit_test(a_size_that_leads_off_the_map),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
