// SPDX-License-Identifier: MIT
//
// The cost ledger's builds: each does to a block what the letters of its name
// say, to the byte, and nothing else.
#include <signal.h>
#include <string.h>

#include "arena.h"
#include "check.h"
#include "death.h"
#include "wrapper.h"

static const size_t sizes[] = {0, 1, 15, 16, 17, 100, 129, 4096};

static const struct debug_domain *const domain = &arena_domains[0];

struct build {
	const struct wrapper *w;
	bool guards, clean, dead, verification;
	size_t serial_bytes, behind;
};

/* none_gv: scheme none, guards and verification. */
static struct build read_name(const struct wrapper *w)
{
	const char *name = wrapper_name(w), *letters = strchr(name, '_');
	struct build build = {.w = w};

	in_case("%s", name);
	CHECK(letters != NULL);
	if (strcmp(letters, "_bare") != 0) {
		build.guards = strchr(letters, 'g') != NULL;
		build.clean = strchr(letters, 'c') != NULL;
		build.dead = strchr(letters, 'd') != NULL;
		build.verification = strchr(letters, 'v') != NULL;
	}
	build.serial_bytes = strncmp(name, "none", 4) == 0 ? 0 : 8;
	build.behind = (build.guards ? 8 : 0) + build.serial_bytes;
	CHECK_EQUAL(w->backend->serial_bytes, build.serial_bytes);
	return build;
}

static uint64_t read_number(const unsigned char *place)
{
	uint64_t number = 0;

	for (int i = 0; i < 8; i++)
		number = number << 8 | place[i];
	return number;
}

/* Around the data, and nothing written beyond. */
static void check_words(const struct build *build, const unsigned char *block,
	char id, size_t n)
{
	CHECK_EQUAL(read_number(block - 16), n);
	CHECK_EQUAL(block[-8], id);
	CHECK_FILL(block - 7, 7, 0xFD);
	if (build->guards)
		CHECK_FILL(block + n, 8, 0xFD);
	if (build->serial_bytes > 0)
		CHECK_EQUAL(read_number(block + n + build->behind - 8),
			build->w->serial(block));
	CHECK_EQUAL(arena_spilt(), 0);
}

static void check_free(
	const struct build *build, unsigned char *block, size_t n)
{
	unsigned char *base = arena.block;
	size_t whole = arena.size;

	memset(block, 0x11, n);
	build->w->free(domain, block);
	CHECK_EQUAL(arena.live, 0);
	CHECK_EQUAL(arena.misuses, 0);
	if (build->dead)
		CHECK_FILL(base, whole, 0xDD);
	else
		CHECK_FILL(block, n, 0x11);
}

static void try_size(const struct build *build, size_t n)
{
	const struct wrapper *w = build->w;
	unsigned char *block;

	in_case("%s, n %zu", wrapper_name(w), n);
	arena_reset();
	block = w->malloc(domain, n);
	CHECK(block != NULL);
	CHECK_EQUAL(arena.size, n + 16 + build->behind);
	CHECK_EQUAL(w->bytes_added(n, 0), 16 + build->behind);
	CHECK_SAME(block, arena.block + 16);
	check_words(build, block, 'r', n);
	CHECK_FILL(block, n, build->clean ? 0xCD : ARENA_JUNK);
	CHECK_EQUAL(w->size(block), n);
	CHECK_EQUAL(w->check(domain, block), ALLOC_CHECK_OK);
	check_free(build, block, n);
}

static void try_aligned(const struct build *build, size_t n)
{
	const struct wrapper *w = build->w;
	unsigned char *block;

	in_case("%s, n %zu, aligned", wrapper_name(w), n);
	arena_reset();
	block = w->aligned_alloc(domain, 64, n);
	CHECK(block != NULL);
	CHECK_SAME(block, arena.block + 64);
	CHECK_EQUAL(w->bytes_added(n, 64), 64 + build->behind);
	check_words(build, block, 'R', n);
	CHECK_FILL(arena.block, 40, build->guards ? 0xFD : ARENA_JUNK);
	CHECK_FILL(block, n, build->clean ? 0xCD : ARENA_JUNK);
	CHECK_EQUAL(w->check(domain, block), ALLOC_CHECK_OK);
	check_free(build, block, n);
}

static void try_realloc(const struct build *build, size_t from, size_t to)
{
	const struct wrapper *w = build->w;
	size_t kept = from < to ? from : to;
	unsigned char *block;

	in_case("%s, n %zu to %zu", wrapper_name(w), from, to);
	arena_reset();
	block = w->malloc(domain, from);
	memset(block, 0x22, from);
	block = w->realloc(domain, block, to);
	CHECK(block != NULL);
	CHECK_EQUAL(arena.size, to + 16 + build->behind);
	check_words(build, block, 'r', to);
	CHECK_FILL(block, kept, 0x22);
	if (build->clean)
		CHECK_FILL(block + kept, to - kept, 0xCD);
	if (build->dead)
		CHECK_FILL(arena.seen, 16, 0xDD);
	else
		CHECK_FILL(arena.seen + 16, kept, 0x22);
	check_free(build, block, to);
}

static void bytes_are_those_of_the_name(void **state)
{
	size_t builds = 0;

	(void)state;
	FOR_EACH_WRAPPER(w)
	{
		struct build build = read_name(w);

		for (size_t i = 0; i < LENGTH(sizes); i++) {
			try_size(&build, sizes[i]);
			try_aligned(&build, sizes[i]);
			for (size_t j = 0; j < LENGTH(sizes); j++)
				try_realloc(&build, sizes[i], sizes[j]);
		}
		builds++;
	}
	/* Three schemes, and every choice of four features but all. */
	CHECK_EQUAL(builds, 3 * 15);
}

static void free_block(const void *block)
{
	FOR_EACH_WRAPPER(w)
	if (strcmp(wrapper_name(w), (const char *)block) == 0) {
		unsigned char *victim = w->malloc(domain, 16);

		victim[-3] = 0;
		w->free(domain, victim);
	}
}

static void overrun_block(const void *block)
{
	FOR_EACH_WRAPPER(w)
	if (strcmp(wrapper_name(w), (const char *)block) == 0) {
		unsigned char *victim = w->malloc(domain, 16);

		victim[16] = 0;
		w->free(domain, victim);
	}
}

static void only_verification_looks(void **state)
{
	(void)state;
	FOR_EACH_WRAPPER(w)
	{
		struct build build = read_name(w);
		struct death death;

		arena_reset();
		death_of(&death, free_block, wrapper_name(w));
		CHECK_EQUAL(death.signal, build.verification ? SIGABRT : 0);
		death_of(&death, overrun_block, wrapper_name(w));
		CHECK_EQUAL(death.signal,
			build.verification && build.guards ? SIGABRT : 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_are_those_of_the_name),
		cmocka_unit_test(only_verification_looks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
