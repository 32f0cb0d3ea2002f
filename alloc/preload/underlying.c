// SPDX-License-Identifier: MIT
//
// All six calls have to come from one object. An allocator that lacks one
// (say malloc_usable_size) would leave that one to the C library, which then
// is handed blocks that it did not make. Such a set is refused as a whole, in
// favour of the C library's: every call of the program comes through us, so
// that is consistent.
#include "underlying.h"

#include <dlfcn.h>
#include <errno.h>
#include <gnu/lib-names.h>
#include <stdint.h>

#include "bootstrap.h"
#include "compiler.h"
#include "operators.h"
#include "options.h"
#include "preload.h"
#include "say.h"

#define CALLS (sizeof(struct raw_calls) / sizeof(void *))

/* dlsym() gives data pointers. */
union found_calls {
	struct raw_calls calls;
	void *symbol[CALLS];
};

_Static_assert(sizeof(union found_calls) == sizeof(void *[CALLS]),
	"a function pointer is as wide as a data pointer");

/* In the order of struct raw_calls. */
static const char *const call_names[CALLS] = {
	"malloc",
	"calloc",
	"realloc",
	"free",
	"posix_memalign",
	"malloc_usable_size",
};

static const char *name = "";

const char *underlying_name(void)
{
	return name;
}

/* The first call that is missing or lives elsewhere than malloc, or NULL. */
static const char *find_all(void *where, union found_calls *found)
{
	Dl_info first, other;

	for (size_t i = 0; i < CALLS; i++)
		found->symbol[i] = dlsym(where, call_names[i]);
	if (found->symbol[0] == NULL || dladdr(found->symbol[0], &first) == 0)
		return call_names[0];
	name = first.dli_fname;
	for (size_t i = 1; i < CALLS; i++)
		if (found->symbol[i] == NULL ||
			dladdr(found->symbol[i], &other) == 0 ||
			other.dli_fbase != first.dli_fbase)
			return call_names[i];
	return NULL;
}

static void find_underlying(union found_calls *found)
{
	const char *lacks = find_all(RTLD_NEXT, found);

	if (LIKELY(lacks == NULL))
		return;
	say(name, " lacks ", lacks,
		": the C library's malloc is underneath instead\n");
	if (find_all(dlopen(LIBC_SO, RTLD_LAZY | RTLD_NOLOAD), found) != NULL)
		say_and_abort("there is no malloc to stand on\n");
}

/*
 * gperftools' malloc_usable_size() says 0 of every block until its own
 * constructor has run, which other objects' constructors may precede. A block
 * that is kept tells that from a 0 that means something.
 */
static size_t (*late_usable_size)(void *block);
static void *known_block;

static size_t patient_usable_size(void *block)
{
	size_t size = late_usable_size(block);

	if (LIKELY(size != 0) || late_usable_size(known_block) != 0)
		return size;
	return SIZE_MAX;
}

static void wait_for_usable_size(struct raw_calls *calls)
{
	known_block = calls->malloc(sizeof(size_t));
	if (known_block == NULL || calls->malloc_usable_size(known_block) > 0) {
		calls->free(known_block);
		return;
	}
	late_usable_size = calls->malloc_usable_size;
	calls->malloc_usable_size = patient_usable_size;
}

NOINLINE COLD void preload_start(void)
{
	static bool started;
	union found_calls found;
	int kept_errno = errno;

	if (started)
		return;
	started = true;
	raw_next = bootstrap_calls;
	find_underlying(&found);
	wait_for_usable_size(&found.calls);
	operators_start();
	raw_next = bootstrap_used() ? bootstrap_in_front_of(&found.calls)
				    : found.calls;
	if (preload_variant.start != NULL)
		preload_variant.start();
	options_start();
	errno = kept_errno;
}

/* A process that never allocates still gets its DBGALLOC=help. */
__attribute__((constructor)) static void start_at_load(void)
{
	preload_start();
}

static void *first_malloc(size_t size)
{
	preload_start();
	return raw_next.malloc(size);
}

static void *first_calloc(size_t count, size_t size)
{
	preload_start();
	return raw_next.calloc(count, size);
}

static void *first_realloc(void *block, size_t size)
{
	preload_start();
	return raw_next.realloc(block, size);
}

static void first_free(void *block)
{
	preload_start();
	raw_next.free(block);
}

static int first_posix_memalign(void **block, size_t alignment, size_t size)
{
	preload_start();
	return raw_next.posix_memalign(block, alignment, size);
}

static size_t first_usable_size(void *block)
{
	preload_start();
	return raw_next.malloc_usable_size(block);
}

struct raw_calls raw_next = {
	.malloc = first_malloc,
	.calloc = first_calloc,
	.realloc = first_realloc,
	.free = first_free,
	.posix_memalign = first_posix_memalign,
	.malloc_usable_size = first_usable_size,
};
