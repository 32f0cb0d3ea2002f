// SPDX-License-Identifier: MIT
#include "damage.h"

#include <ctype.h>
#include <string.h>

#include "arena.h"
#include "check.h"
#include "expect.h"

static const struct debug_domain *const domain = &arena_domains[1];

void victim_make(struct victim *victim, const struct wrapper *wrapper,
	size_t alignment, size_t size)
{
	arena_reset();
	victim->wrapper = wrapper;
	victim->size = size;
	victim->alignment = alignment;
	victim->block = alignment == 0
		? wrapper->malloc(domain, size)
		: wrapper->aligned_alloc(domain, alignment, size);
	for (size_t i = 0; i < size; i++)
		victim->block[i] = (unsigned char)(i + 1);
}

void victim_store(struct victim *victim, ptrdiff_t at, uint64_t number)
{
	for (int i = 0; i < 8; i++)
		victim->block[at + i] = (unsigned char)(number >> (56 - 8 * i));
}

static void do_free(const void *what)
{
	const struct victim *victim = what;

	victim->wrapper->free(domain, victim->block);
}

static void do_realloc(const void *what)
{
	const struct victim *victim = what;

	victim->wrapper->realloc(domain, victim->block, 50);
}

static size_t size_in_header(const unsigned char *block)
{
	size_t size = 0;

	for (int i = 16; i > 8; i--)
		size = size << 8 | block[-i];
	return size;
}

static char api_in_header(const unsigned char *block)
{
	static const char aligned[] = "RMONA";
	char id = (char)block[-8];

	return id != '\0' && strchr(aligned, id) != NULL ? (char)tolower(id)
							 : id;
}

static void expect_fatal(struct expect *expect, const char *call,
	enum alloc_check found, char api)
{
	static const char *const what[] = {
		[ALLOC_CHECK_UNDERFLOW] = "bad leading pad byte",
		[ALLOC_CHECK_OVERFLOW] = "bad trailing pad byte",
		[ALLOC_CHECK_DAMAGED_SIZE] = "damaged size",
		[ALLOC_CHECK_FREED_OR_FOREIGN] = "freed or foreign block",
	};

	expect_line(expect, "Fatal Python error: %s: ", call);
	if (found == ALLOC_CHECK_API_MISMATCH)
		expect_line(expect,
			"bad ID: Allocated using API '%c', verified using "
			"API 'm'\n",
			api);
	else
		expect_line(expect, "%s\n", what[found]);
}

static void expect_report(struct expect *expect, const struct victim *victim,
	const char *call, enum alloc_check found, const char *note)
{
	const unsigned char *block = victim->block;
	size_t n = size_in_header(block);
	char api = api_in_header(block);

	expect_start(expect);
	expect_lead(expect, block, api, n);
	expect_line(expect, "%s", note);
	if (found == ALLOC_CHECK_DAMAGED_SIZE)
		expect_line(expect, "\n");
	else
		expect_tail(expect, block, n,
			wrapper_serial_line_at(victim->wrapper, block + n + 8));
	expect_fatal(expect, call, found, api);
}

void victim_try(
	const struct victim *victim, enum alloc_check found, const char *note)
{
	static struct expect expect;
	static struct death death;

	CHECK_EQUAL(victim->wrapper->check(domain, victim->block), found);
	CHECK_EQUAL(arena.misuses, 0);
	expect_report(&expect, victim, "_PyMem_DebugRawFree", found, note);
	death_of(&death, do_free, victim);
	CHECK_DEATH(&death, &expect);
	expect_report(&expect, victim, "_PyMem_DebugRawRealloc", found, note);
	death_of(&death, do_realloc, victim);
	CHECK_DEATH(&death, &expect);
}
