// SPDX-License-Identifier: MIT
//
// A call that the allocator lacks would be found further on, in the C library,
// whose blocks the allocator's free() does not know. So all calls have to come
// from the object that malloc comes from.
#include "next_calls.h"

#include <dlfcn.h>
#include <errno.h>
#include <gnu/lib-names.h>
#include <stdint.h>
#include <stdlib.h>

#include "bootstrap.h"
#include "recorder.h"
#include "recorder_say.h"

#define CALLS (sizeof(struct next_calls) / sizeof(void *))
#define NEEDED 5 /* the first of them */

/* dlsym() gives data pointers. */
union found_calls {
	struct next_calls calls;
	void *symbol[CALLS];
};

_Static_assert(sizeof(union found_calls) == sizeof(void *[CALLS]),
	"a function pointer is as wide as a data pointer");

static const char *const call_names[CALLS] = {
	"malloc",
	"free",
	"calloc",
	"realloc",
	"posix_memalign",
	"aligned_alloc",
	"memalign",
	"valloc",
	"pvalloc",
};

/* The first call of all. */
static void *find_and_malloc(size_t size)
{
	recorder_start();
	return next_calls.malloc(size);
}

struct next_calls next_calls = {.malloc = find_and_malloc};

static struct next_calls behind;
static const char *name = "";

const char *next_calls_name(void)
{
	return name;
}

/* Whether all that are needed are there, in one object. */
static int find_all(void *where, union found_calls *found)
{
	Dl_info first, other;

	found->symbol[0] = dlsym(where, call_names[0]);
	if (found->symbol[0] == NULL || dladdr(found->symbol[0], &first) == 0)
		return -1;
	name = first.dli_fname;
	for (size_t i = 1; i < CALLS; i++) {
		found->symbol[i] = dlsym(where, call_names[i]);
		if (found->symbol[i] != NULL &&
			(dladdr(found->symbol[i], &other) == 0 ||
				other.dli_fbase != first.dli_fbase))
			found->symbol[i] = NULL;
		if (i < NEEDED && found->symbol[i] == NULL)
			return -1;
	}
	return 0;
}

/* Where the arena was used, its blocks never reach the allocator. */
static void *either_realloc(void *block, size_t size)
{
	size_t old_size;
	void *moved;

	if (!bootstrap_owns(block))
		return behind.realloc(block, size);
	old_size = bootstrap_calls.malloc_usable_size(block);
	moved = behind.malloc(size);
	if (moved != NULL)
		__builtin_memcpy(
			moved, block, old_size < size ? old_size : size);
	return moved;
}

static void either_free(void *block)
{
	if (!bootstrap_owns(block))
		behind.free(block);
}

void next_calls_find(void)
{
	union found_calls found;
	int kept_errno = errno;

	next_calls = (struct next_calls){
		.malloc = bootstrap_calls.malloc,
		.free = bootstrap_calls.free,
		.calloc = bootstrap_calls.calloc,
		.realloc = bootstrap_calls.realloc,
		.posix_memalign = bootstrap_calls.posix_memalign,
	};
	if (find_all(RTLD_NEXT, &found) != 0 &&
		find_all(dlopen(LIBC_SO, RTLD_LAZY | RTLD_NOLOAD), &found) !=
			0) {
		recorder_say("there is no malloc to stand on", "");
		abort();
	}
	next_calls = found.calls;
	if (bootstrap_used()) {
		behind = found.calls;
		next_calls.realloc = either_realloc;
		next_calls.free = either_free;
	}
	errno = kept_errno;
}

void *next_aligned(size_t alignment, size_t size)
{
	size_t power = sizeof(void *);
	void *block;
	int error;

	if (next_calls.memalign != NULL)
		return next_calls.memalign(alignment, size);
	while (power < alignment && power <= SIZE_MAX / 2)
		power *= 2;
	error = power < alignment
		? EINVAL
		: next_calls.posix_memalign(&block, power, size);
	if (error == 0)
		return block;
	errno = error;
	return NULL;
}
