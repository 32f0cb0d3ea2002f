// SPDX-License-Identifier: MIT
//
// A call that the allocator lacks would be found further on, in the C library,
// whose blocks the allocator's free() does not know. So all calls have to come
// from the object that malloc comes from.
#include "next_calls.h"

#include <dlfcn.h>
#include <errno.h>
#include <gnu/lib-names.h>
#include <link.h>
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

/* By RTLD_NEXT, since dlopen() is ours. */
static void *open_libc(void)
{
	void *(*next_dlopen)(const char *, int);

	*(void **)&next_dlopen = dlsym(RTLD_NEXT, "dlopen");
	return next_dlopen == NULL
		? NULL
		: next_dlopen(LIBC_SO, RTLD_LAZY | RTLD_NOLOAD);
}

static bool is_ours(const void *symbol)
{
	Dl_info own, other;

	return dladdr(&next_calls, &own) != 0 && dladdr(symbol, &other) != 0 &&
		own.dli_fbase == other.dli_fbase;
}

static void *libc_symbol(const char *symbol)
{
	void *libc = open_libc();
	void *found = libc == NULL ? NULL : dlsym(libc, symbol);

	return found == NULL || is_ours(found) ? NULL : found;
}

void *next_symbol(const char *symbol)
{
	void *found = dlsym(RTLD_NEXT, symbol);

	return found == NULL || is_ours(found) ? libc_symbol(symbol) : found;
}

/* Where an object's code and data lie. */
struct range {
	uintptr_t object; /* any address in it */
	uintptr_t from, above;
};

static struct range allocator_range;

static int find_range(struct dl_phdr_info *info, size_t size, void *argument)
{
	struct range *range = argument;
	uintptr_t from = UINTPTR_MAX, above = 0;

	(void)size;
	for (size_t i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &info->dlpi_phdr[i];
		uintptr_t start = info->dlpi_addr + part->p_vaddr;

		if (part->p_type != PT_LOAD)
			continue;
		from = start < from ? start : from;
		if (start + part->p_memsz > above)
			above = start + part->p_memsz;
	}
	if (range->object < from || range->object >= above)
		return 0;
	range->from = from;
	range->above = above;
	return 1;
}

bool next_calls_hold(const void *code)
{
	return (uintptr_t)code >= allocator_range.from &&
		(uintptr_t)code < allocator_range.above;
}

static bool passed_by;

bool next_calls_are_passed_by(void)
{
	return passed_by;
}

/* A program that is no PIE and takes malloc's address has an entry of that name
 * that leads to ours; it is not defined there. */
static bool is_passed_by(void)
{
	void *first = dlsym(RTLD_DEFAULT, "malloc");
	const ElfW(Sym) *symbol = NULL;
	Dl_info where;

	return first != NULL && !is_ours(first) &&
		dladdr1(first, &where, (void **)&symbol, RTLD_DL_SYMENT) != 0 &&
		symbol != NULL && symbol->st_shndx != SHN_UNDEF;
}

/* Whether all that are needed are there, in one object, not ours. */
static int find_all(void *where, union found_calls *found)
{
	Dl_info first, other;

	found->symbol[0] = dlsym(where, call_names[0]);
	if (found->symbol[0] == NULL || is_ours(found->symbol[0]) ||
		dladdr(found->symbol[0], &first) == 0)
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
		find_all(open_libc(), &found) != 0) {
		recorder_say("there is no malloc to stand on", "");
		abort();
	}
	passed_by = is_passed_by();
	allocator_range.object = (uintptr_t)found.symbol[0];
	dl_iterate_phdr(find_range, &allocator_range);
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
