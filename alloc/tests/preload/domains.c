// SPDX-License-Identifier: MIT
//
// domains LIBRARY CASE: the domains of dbgalloc.h over an allocator with a
// context, in a library that is loaded and not preloaded. `count` checks that
// every call arrives with its context and its bytes; the others are misuses.
#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dbgalloc.h"

static struct {
	struct dbgalloc_domain *(*create)(
		const struct dbgalloc_domain_options *options);
	void *(*malloc)(void *domain, size_t size);
	void *(*calloc)(void *domain, size_t count, size_t size);
	void *(*realloc)(void *domain, void *block, size_t size);
	void (*free)(void *domain, void *block);
	enum dbgalloc_result (*check)(
		const struct dbgalloc_domain *domain, const void *block);
	const char *(*variant)(void);
} calls;

struct counts {
	size_t asked; /* by the last call */
	unsigned made, freed;
};

static struct counts counts;
static int owned = 1;
static int failures;

static void expect(const char *what, size_t got, size_t wanted)
{
	if (got == wanted)
		return;
	printf("%s: got %zu, expected %zu\n", what, got, wanted);
	failures++;
}

static void *find(void *library, const char *name)
{
	void *symbol = dlsym(library, name);

	if (symbol == NULL) {
		printf("%s\n", dlerror());
		exit(1);
	}
	return symbol;
}

static void load(const char *path)
{
	void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);

	if (library == NULL) {
		printf("%s\n", dlerror());
		exit(1);
	}
	*(void **)&calls.create = find(library, "dbgalloc_domain_create");
	*(void **)&calls.malloc = find(library, "dbgalloc_domain_malloc");
	*(void **)&calls.calloc = find(library, "dbgalloc_domain_calloc");
	*(void **)&calls.realloc = find(library, "dbgalloc_domain_realloc");
	*(void **)&calls.free = find(library, "dbgalloc_domain_free");
	*(void **)&calls.check = find(library, "dbgalloc_domain_check");
	*(void **)&calls.variant = find(library, "dbgalloc_variant");
}

static void *counted(struct counts *own, size_t asked, void *block)
{
	expect("the context of a call", own == &counts, 1);
	own->asked = asked;
	own->made += block != NULL;
	return block;
}

static void *under_malloc(void *context, size_t size)
{
	return counted(context, size, malloc(size));
}

static void *under_calloc(void *context, size_t count, size_t size)
{
	return counted(context, count * size, calloc(count, size));
}

static void *under_realloc(void *context, void *block, size_t size)
{
	return counted(context, size, realloc(block, size));
}

static void under_free(void *context, void *block)
{
	((struct counts *)context)->freed++;
	free(block);
}

static size_t under_usable_size(void *context, void *block)
{
	(void)context;
	return malloc_usable_size(block);
}

static int is_owner(void *context)
{
	(void)context;
	return owned;
}

static void say(const char *text)
{
	if (write(STDERR_FILENO, text, strlen(text)) < 0)
		exit(1);
}

static void describe(void *context, const void *block)
{
	(void)block;
	say(context == &counts ? "described\n" : "another context\n");
}

static void last_words(void *context)
{
	say(context == &counts ? "last words\n" : "another context\n");
}

static struct dbgalloc_domain *make(char api, int knows_sizes)
{
	const struct dbgalloc_underlying underlying = {
		.context = &counts,
		.malloc = under_malloc,
		.calloc = under_calloc,
		.realloc = under_realloc,
		.free = under_free,
		.usable_size = knows_sizes ? under_usable_size : NULL,
	};
	const struct dbgalloc_domain_options options = {
		.api_id = api,
		.underlying = &underlying,
		.fatal = "Fatal test error: ",
		.owner = is_owner,
		.owner_error = "not the owner",
		.describe = describe,
		.last_words = last_words,
		.context = &counts,
	};

	return calls.create(&options);
}

static void count_calls(struct dbgalloc_domain *domain, size_t size)
{
	size_t added = strcmp(calls.variant(), "none") == 0 ? 24 : 32;
	unsigned char *block = calls.malloc(domain, size);

	expect("malloc asks for", counts.asked, size + added);
	memset(block, 'x', size);
	block = calls.realloc(domain, block, 2 * size + 1);
	expect("realloc asks for", counts.asked, 2 * size + 1 + added);
	for (size_t i = 0; i < size; i++)
		expect("a byte that was kept", block[i], 'x');
	expect("a byte that is new", block[2 * size], 0xcd);
	expect("check", calls.check(domain, block), DBGALLOC_OK);
	calls.free(domain, block);
	block = calls.calloc(domain, 3, size);
	expect("calloc asks for", counts.asked, 3 * size + added);
	for (size_t i = 0; i < 3 * size; i++)
		expect("a byte of calloc", block[i], 0);
	block = calls.realloc(domain, block, 0);
	expect("realloc to 0 gives a block", block != NULL, 1);
	calls.free(domain, block);
	calls.free(domain, NULL);
}

static void check_limits(struct dbgalloc_domain *domain)
{
	const struct dbgalloc_domain_options wrong = {.api_id = 'x'};
	const struct dbgalloc_domain_options own = {.api_id = 'o'};
	void *block;
	int left = 0;

	expect("a size above PTRDIFF_MAX",
		calls.malloc(domain, (size_t)PTRDIFF_MAX) == NULL, 1);
	expect("a product above SIZE_MAX",
		calls.calloc(domain, SIZE_MAX / 2, 3) == NULL, 1);
	expect("another letter",
		calls.create(&wrong) == NULL && errno == EINVAL, 1);
	block = calls.malloc(calls.create(&own), 100);
	expect("over the library's own allocator", block != NULL, 1);
	while (left < 100 && calls.create(&own) != NULL)
		left++;
	expect("domains that are left", (size_t)left, 13);
	expect("errno", (size_t)errno, ENOSPC);
}

static int count(void)
{
	static const size_t sizes[] = {0, 1, 8, 100, 4096, 100000, 3000000};
	struct dbgalloc_domain *known = make('m', 1), *unknown = make('r', 0);

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		count_calls(known, sizes[i]);
		count_calls(unknown, sizes[i]);
	}
	expect("blocks given back", counts.freed,
		4 * sizeof(sizes) / sizeof(sizes[0]));
	check_limits(known);
	return failures;
}

/* A size that was overwritten and leads off the map. */
static void damage_size(unsigned char *block)
{
	memset(block - 16, 0x11, 8);
	block[-16] = 0;
}

int main(int argc, char **argv)
{
	struct dbgalloc_domain *mem, *raw;
	unsigned char *block;

	if (argc != 3)
		return 2;
	load(argv[1]);
	if (strcmp(argv[2], "count") == 0)
		return count();
	mem = make('m', strcmp(argv[2], "unknown_size") != 0);
	raw = make('r', 1);
	block = calls.malloc(mem, 16);
	owned = strcmp(argv[2], "stranger") != 0;
	if (strcmp(argv[2], "overflow") == 0)
		block[16] = 'x';
	if (strcmp(argv[2], "unknown_size") == 0 ||
		strcmp(argv[2], "size") == 0)
		damage_size(block);
	calls.free(strcmp(argv[2], "mismatch") == 0 ? raw : mem, block);
	return 0;
}
