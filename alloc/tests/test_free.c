// SPDX-License-Identifier: MIT
//
// free(): the whole block dies before it is given up, and what is no block, or
// no longer, is named and not followed.
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "arena.h"
#include "check.h"
#include "death.h"
#include "expect.h"
#include "wrapper.h"

static const size_t sizes[] = {0, 1, 7, 8, 16, 100, 900, 2000, 4096, 200000};

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

static void do_realloc(const void *what)
{
	const struct act *act = what;

	act->wrapper->realloc(act->domain, act->block, 10);
}

/* Neither free() nor realloc() takes this for a block. */
static void check_foreign(const struct wrapper *w,
	const struct debug_domain *domain, unsigned char *block, bool readable)
{
	static struct expect expect;
	static struct death death;
	struct act act = {w, domain, block};

	CHECK_EQUAL(w->check(domain, block), ALLOC_CHECK_FREED_OR_FOREIGN);
	for (int i = 0; i < 2; i++) {
		expect_start(&expect);
		expect_stranger(&expect, block, readable);
		expect_line(&expect,
			"Fatal Python error: _PyMem_DebugRaw%s: freed or "
			"foreign block\n",
			i == 0 ? "Free" : "Realloc");
		death_of(&death, i == 0 ? do_free : do_realloc, &act);
		CHECK_DEATH(&death, &expect);
	}
	CHECK_EQUAL(arena.misuses, 0);
}

static void the_whole_block_is_erased(void **state)
{
	(void)state;
	FOR_EACH_WRAPPER(w)
	for (size_t i = 0; i < LENGTH(sizes); i++) {
		unsigned char *block;

		in_case("%s n %zu", wrapper_name(w), sizes[i]);
		arena_reset();
		block = w->malloc(&arena_domains[0], sizes[i]);
		memset(block, 'x', sizes[i]);
		errno = 77;
		w->free(&arena_domains[0], block);
		CHECK_EQUAL(errno, 77);
		CHECK_FILL(block - 16, 16 + sizes[i] + wrapper_behind(w), 0xDD);
		CHECK_EQUAL(arena.live + arena.misuses, 0);
		CHECK_EQUAL(arena_spilt(), 0);
	}
}

static void double_free(void **state)
{
	(void)state;
	FOR_EACH_WRAPPER(w)
	for (size_t i = 0; i < 2 * LENGTH(sizes); i++) {
		unsigned char *block;

		in_case("%s double free of %zu bytes, %s", wrapper_name(w),
			sizes[i / 2], i % 2 == 0 ? "dead" : "scribbled on");
		arena_reset();
		arena.scribbles = i % 2 != 0;
		block = w->malloc(&arena_domains[0], sizes[i / 2]);
		w->free(&arena_domains[0], block);
		check_foreign(w, &arena_domains[0], block, true);
	}
}

/* The pages are gone: from a page's start, or behind glibc's 16 bytes. */
static void double_free_of_what_is_unmapped(void **state)
{
	(void)state;
	FOR_EACH_WRAPPER(w)
	for (size_t before = 0; before <= 16; before += 16) {
		unsigned char *block;

		in_case("%s, base at page + %zu", wrapper_name(w), before);
		arena_reset();
		arena.unmaps = true;
		if (before > 0)
			arena_raw.malloc(0);
		block = w->malloc(&arena_probing, 200000);
		CHECK_EQUAL((uintptr_t)block % 4096, before + 16);
		w->free(&arena_probing, block);
		check_foreign(w, &arena_probing, block, false);
		arena_reset();
	}
}

/* The same over the process's own malloc, where glibc writes into the block. */
static void double_free_over_libc(void **state)
{
	struct debug_domain domain = arena_probing;

	(void)state;
#ifdef ALLOC_TESTS_SANITIZED
	skip(); /* the sanitizer finds it first */
#endif
	domain.raw = &raw_libc;
	arena_reset();
	FOR_EACH_WRAPPER(w)
	for (size_t i = 0; i < LENGTH(sizes); i++) {
		unsigned char *block = w->malloc(&domain, sizes[i]);
		struct death death;

		in_case("%s double free of %zu bytes", wrapper_name(w),
			sizes[i]);
		w->free(&domain, block);
		death_of(&death, do_free, &(struct act){w, &domain, block});
		CHECK_EQUAL(death.signal, 6);
		CHECK(strstr(death.text, "freed or foreign block\n") != NULL);
	}
}

static void foreign_pointers(void **state)
{
	static unsigned char still[128];
	unsigned char stack[128] = {0};

	(void)state;
	arena_reset();
	FOR_EACH_WRAPPER(w)
	{
		in_case("%s, static", wrapper_name(w));
		check_foreign(w, &arena_domains[0], still + 64, true);
		in_case("%s, on the stack", wrapper_name(w));
		check_foreign(w, &arena_domains[0], stack + 64, true);
		in_case("%s, 8 off, on the stack", wrapper_name(w));
		check_foreign(w, &arena_domains[0], stack + 71, true);
	}
}

/* From within a live block: nothing there looks like a header. */
static void interior_pointers(void **state)
{
	(void)state;
	FOR_EACH_WRAPPER(w)
	{
		unsigned char *block;

		in_case("%s", wrapper_name(w));
		arena_reset();
		block = w->calloc(&arena_domains[0], 1, 100);
		check_foreign(w, &arena_domains[0], block + 32, true);
		w->free(&arena_domains[0], block);
	}
}

static void unreadable_pointers(void **state)
{
	unsigned char *map = mmap(NULL, 8192, PROT_NONE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	(void)state;
	assert_true(map != MAP_FAILED);
	arena_reset();
	FOR_EACH_WRAPPER(w)
	for (size_t offset = 4096; offset <= 4128; offset += 16) {
		in_case("%s, page + %zu", wrapper_name(w), offset % 4096);
		check_foreign(w, &arena_probing, map + offset, false);
	}
	munmap(map, 8192);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_whole_block_is_erased),
		cmocka_unit_test(double_free),
		cmocka_unit_test(double_free_of_what_is_unmapped),
		cmocka_unit_test(double_free_over_libc),
		cmocka_unit_test(foreign_pointers),
		cmocka_unit_test(interior_pointers),
		cmocka_unit_test(unreadable_pointers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
