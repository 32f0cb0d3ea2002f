// SPDX-License-Identifier: MIT
//
// Reports word for word: CPython's own two examples and every form of a dump.
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "check.h"
#include "death.h"
#include "expect.h"
#include "wrapper.h"

struct act {
	const struct wrapper *wrapper;
	const struct debug_domain *domain;
	void *block;
};

static void do_free(const void *what)
{
	const struct act *act = what;

	act->wrapper->free(act->domain, act->block);
}

static void do_dump(const void *what)
{
	const struct act *act = what;

	act->wrapper->dump(act->domain, act->block);
}

static void do_check(const void *what)
{
	const struct act *act = what;

	act->wrapper->checked_size(act->domain, "reallocarray", act->block);
}

/* test_mem.py: 16 bytes of the domain m, 'x' written at [16], freed. */
static void pymem_buffer_overflow(void **state)
{
	(void)state;
	FOR_EACH_WRAPPER(w)
	{
		const struct debug_domain *domain = &arena_domains[1];
		char want[2048], *block;
		struct death death;

		in_case("%s", wrapper_name(w));
		arena_reset();
		block = w->malloc(domain, 16);
		block[16] = 'x';
		snprintf(want, sizeof(want),
			"Debug memory block at address p=%p: API 'm'\n"
			"    16 bytes originally requested\n"
			"    The 7 pad bytes at p-7 are FORBIDDENBYTE, as "
			"expected.\n"
			"    The 8 pad bytes at tail=%p are not all "
			"FORBIDDENBYTE (0xfd):\n"
			"        at tail+0: 0x78 *** OUCH\n"
			"        at tail+1: 0xfd\n"
			"        at tail+2: 0xfd\n"
			"        at tail+3: 0xfd\n"
			"        at tail+4: 0xfd\n"
			"        at tail+5: 0xfd\n"
			"        at tail+6: 0xfd\n"
			"        at tail+7: 0xfd\n"
			"%s"
			"    Data at p: cd cd cd cd cd cd cd cd cd cd cd cd cd "
			"cd cd cd\n"
			"\n"
			"Fatal Python error: _PyMem_DebugRawFree: bad trailing "
			"pad byte\n",
			(void *)block, (void *)(block + 16),
			wrapper_serial_line(w, w->serial(block)));
		death_of(&death, do_free, &(struct act){w, domain, block});
		CHECK_TEXT(death.text, want);
		CHECK_EQUAL(death.signal, SIGABRT);
	}
}

/* test_mem.py: 16 bytes of the domain m, freed as the domain r. */
static void pymem_api_misuse(void **state)
{
	(void)state;
	FOR_EACH_WRAPPER(w)
	{
		char want[2048], *block;
		struct death death;

		in_case("%s", wrapper_name(w));
		arena_reset();
		block = w->malloc(&arena_domains[1], 16);
		snprintf(want, sizeof(want),
			"Debug memory block at address p=%p: API 'm'\n"
			"    16 bytes originally requested\n"
			"    The 7 pad bytes at p-7 are FORBIDDENBYTE, as "
			"expected.\n"
			"    The 8 pad bytes at tail=%p are FORBIDDENBYTE, as "
			"expected.\n"
			"%s"
			"    Data at p: cd cd cd cd cd cd cd cd cd cd cd cd cd "
			"cd cd cd\n"
			"\n"
			"Fatal Python error: _PyMem_DebugRawFree: bad ID: "
			"Allocated using API 'm', verified using API 'r'\n",
			(void *)block, (void *)(block + 16),
			wrapper_serial_line(w, w->serial(block)));
		death_of(&death, do_free,
			&(struct act){w, &arena_domains[0], block});
		CHECK_TEXT(death.text, want);
		CHECK_EQUAL(death.signal, SIGABRT);
	}
}

/* Data is shown whole up to 16 bytes, beyond as 8 ... 8. */
static void dumps_of_intact_blocks(void **state)
{
	static const size_t sizes[] = {0, 1, 7, 8, 9, 15, 16, 17, 18, 40, 5000};

	(void)state;
	FOR_EACH_WRAPPER(w)
	for (size_t i = 0; i < 2 * LENGTH(sizes); i++) {
		size_t n = sizes[i / 2];
		struct expect expect;
		struct death death;
		unsigned char *block;

		in_case("%s dump of %zu bytes", wrapper_name(w), n);
		arena_reset();
		block = w->aligned_alloc(
			&arena_domains[2], i % 2 == 0 ? 16 : 64, n);
		for (size_t k = 0; k < n; k++)
			block[k] = (unsigned char)k;
		death_of(&death, do_dump,
			&(struct act){w, &arena_domains[2], block});
		expect_start(&expect);
		expect_dump(&expect, block, 'o', n,
			wrapper_serial_line(w, w->serial(block)));
		CHECK_TEXT(death.text, expect.text);
		CHECK_EQUAL(death.signal, 0);
		CHECK_EQUAL(arena.misuses, 0);
	}
}

static void a_dump_of_nothing(void **state)
{
	(void)state;
	FOR_EACH_WRAPPER(w)
	{
		struct death death;

		in_case("%s", wrapper_name(w));
		death_of(&death, do_dump,
			&(struct act){w, &arena_domains[0], NULL});
		CHECK_TEXT(
			death.text, "Debug memory block at address p=0x0:\n");
		CHECK_EQUAL(death.signal, 0);
		CHECK_EQUAL(death.status, 0);
	}
}

/* A domain says how its errors are signed. */
static void errors_are_signed(void **state)
{
	struct debug_domain domain = arena_domains[0];

	(void)state;
	domain.fatal = "dbgalloc: ";
	domain.free_name = "free";
	FOR_EACH_WRAPPER(w)
	{
		char *block;
		struct death death;

		in_case("%s", wrapper_name(w));
		arena_reset();
		block = w->malloc(&domain, 3);
		block[-1] = 'x';
		death_of(&death, do_free, &(struct act){w, &domain, block});
		CHECK(strstr(death.text,
			      "\n\ndbgalloc: free: bad leading pad "
			      "byte\n") != NULL);
		death_of(&death, do_check, &(struct act){w, &domain, block});
		CHECK(strstr(death.text,
			      "\n\ndbgalloc: reallocarray: bad leading pad "
			      "byte\n") != NULL);
		CHECK_EQUAL(death.signal, SIGABRT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pymem_buffer_overflow),
		cmocka_unit_test(pymem_api_misuse),
		cmocka_unit_test(dumps_of_intact_blocks),
		cmocka_unit_test(a_dump_of_nothing),
		cmocka_unit_test(errors_are_signed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
