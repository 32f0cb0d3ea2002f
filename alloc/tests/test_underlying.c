// SPDX-License-Identifier: MIT
//
// A domain over calls that take a context: the same bytes in the same calls as
// over the malloc family, and reports with what the domain adds to them.
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "check.h"
#include "death.h"
#include "expect.h"
#include "wrapper.h"

#define DESCRIBED "described\n"
#define LAST_WORDS "last words\n"

static struct {
	struct arena *arena; /* what every call has to bring */
	size_t strangers; /* calls that brought something else */
} under = {&arena, 0};

static void look(void *context)
{
	under.strangers += context != under.arena;
}

static void *under_malloc(void *context, size_t size)
{
	look(context);
	return arena_raw.malloc(size);
}

static void *under_calloc(void *context, size_t count, size_t size)
{
	look(context);
	return arena_raw.calloc(count, size);
}

static void *under_realloc(void *context, void *block, size_t size)
{
	look(context);
	return arena_raw.realloc(block, size);
}

static void under_free(void *context, void *block)
{
	look(context);
	arena_raw.free(block);
}

static size_t under_usable_size(void *context, void *block)
{
	look(context);
	return arena_raw.malloc_usable_size(block);
}

static void say(const char *text)
{
	if (write(STDERR_FILENO, text, strlen(text)) < 0)
		_exit(1);
}

static void describe(void *context, const void *block)
{
	(void)block;
	look(context);
	say(DESCRIBED);
}

static void last_words(void *context)
{
	look(context);
	say(LAST_WORDS);
}

#define CALLS(size_call)                                                       \
	{                                                                      \
		.context = &arena, .malloc = under_malloc,                     \
		.calloc = under_calloc, .realloc = under_realloc,              \
		.free = under_free, .usable_size = size_call,                  \
	}

static const struct dbgalloc_underlying calls[2] = {
	CALLS(under_usable_size), CALLS(NULL)};

static const struct debug_domain domains[2] = {
	{.api_id = DEBUG_API_MEM,
		.underlying = &calls[0],
		.fatal = "Fatal: ",
		.describe = describe,
		.last_words = last_words,
		.context = &arena},
	{.api_id = DEBUG_API_MEM,
		.underlying = &calls[1],
		.fatal = "Fatal: ",
		.describe = describe,
		.last_words = last_words,
		.context = &arena},
};

static void try_calls(
	const struct wrapper *w, const struct debug_domain *domain, size_t n)
{
	size_t added = w->bytes_added(n, 0);
	unsigned char *block = w->malloc(domain, n);

	CHECK_EQUAL(arena.size, n + added);
	CHECK_FILL(block, n, 0xcd);
	memset(block, 'x', n);
	block = w->realloc(domain, block, n + 100);
	CHECK_EQUAL(arena.size, n + 100 + added);
	CHECK_FILL(block, n, 'x');
	CHECK_EQUAL(w->check(domain, block), ALLOC_CHECK_OK);
	w->free(domain, block);
	block = w->calloc(domain, 2, n);
	CHECK_EQUAL(arena.size, 2 * n + added);
	CHECK_FILL(block, 2 * n, 0);
	w->free(domain, block);
	CHECK(w->aligned_alloc(domain, 64, n) == NULL);
	arena.fail_at = arena.allocations + 1;
	CHECK(w->malloc(domain, n) == NULL);
	arena.fail_at = 0;
	CHECK_EQUAL(arena.live, 0);
	CHECK_EQUAL(arena.misuses, 0);
	CHECK_EQUAL(under.strangers, 0);
}

static void calls_have_their_context(void **state)
{
	static const size_t sizes[] = {0, 1, 24, 512, 4095, 4096, 20000};

	(void)state;
	FOR_EACH_WRAPPER(w)
	for (size_t d = 0; d < LENGTH(domains); d++)
		for (size_t i = 0; i < LENGTH(sizes); i++) {
			in_case("%s, domain %zu, %zu bytes", wrapper_name(w), d,
				sizes[i]);
			arena_reset();
			try_calls(w, &domains[d], sizes[i]);
		}
}

struct bug {
	const struct wrapper *wrapper;
	const struct debug_domain *domain;
	unsigned char *block;
	bool dump;
};

static void act(const void *what)
{
	const struct bug *bug = what;

	if (bug->dump)
		bug->wrapper->dump(bug->domain, bug->block);
	else
		bug->wrapper->free(bug->domain, bug->block);
}

static const char *ending(const struct death *death, size_t length)
{
	return death->size > length ? death->text + death->size - length : "";
}

static void expect_ending(const struct bug *bug, const char *wanted, int signal)
{
	struct death death;

	death_of(&death, act, bug);
	CHECK_EQUAL(death.signal, signal);
	CHECK_TEXT(ending(&death, strlen(wanted)), wanted);
}

static void reports_are_the_domains(void **state)
{
	(void)state;
	FOR_EACH_WRAPPER(w)
	for (size_t d = 0; d < LENGTH(domains); d++) {
		struct bug bug = {w, &domains[d], NULL, false};

		in_case("%s, domain %zu", wrapper_name(w), d);
		arena_reset();
		bug.block = w->malloc(bug.domain, 16);
		bug.dump = true;
		expect_ending(&bug, "\n\n" DESCRIBED, 0);
		bug.dump = false;
		bug.block[16] = 'x';
		expect_ending(&bug,
			"\n\n" DESCRIBED
			"Fatal: bad trailing pad byte\n" LAST_WORDS,
			SIGABRT);
		bug.block[16] = 0xfd;
		/* A size that leads off the map. */
		bug.block[-14] = 0x11;
		expect_ending(&bug,
			DESCRIBED "Fatal: damaged size\n" LAST_WORDS, SIGABRT);
	}
}

static void refuse(const void *what)
{
	domain_fatal(what, "not the owner");
}

static void errors_without_a_block(void **state)
{
	struct death death;

	(void)state;
	death_of(&death, refuse, &domains[0]);
	CHECK_EQUAL(death.signal, SIGABRT);
	CHECK_TEXT(death.text, "Fatal: not the owner\n" LAST_WORDS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_have_their_context),
		cmocka_unit_test(reports_are_the_domains),
		cmocka_unit_test(errors_without_a_block),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
