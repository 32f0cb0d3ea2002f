// SPDX-License-Identifier: MIT
//
// The chosen variant's library is loaded, which leaves malloc alone, and its
// domains stand between Python and its allocators, as PyMem_SetupDebugHooks()
// would put CPython's own.
#include <dlfcn.h>
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgalloc.h"
#include "host.h"
#include "program_path.h"

#define POOL_MAX 512 /* the largest request that pymalloc keeps */
#define RAW_GUARD_BYTES 8

const PyMemAllocatorDomain host_domains[HOST_DOMAINS] = {
	PYMEM_DOMAIN_RAW, PYMEM_DOMAIN_MEM, PYMEM_DOMAIN_OBJ};
const char host_letters[HOST_DOMAINS + 1] = "rmo";

struct library {
	void *handle;
	struct dbgalloc_domain *(*create)(
		const struct dbgalloc_domain_options *options);
	void *(*malloc)(void *domain, size_t size);
	void *(*calloc)(void *domain, size_t count, size_t size);
	void *(*realloc)(void *domain, void *block, size_t size);
	void (*free)(void *domain, void *block);
};

static void *find(const struct library *library, const char *name)
{
	void *symbol = dlsym(library->handle, name);

	if (symbol == NULL)
		host_refuse("the variant's library", dlerror());
	return symbol;
}

static void load(struct library *library, const char *variant)
{
	char name[64], path[4200];

	snprintf(name, sizeof(name), "libdbgalloc-%s.so", variant);
	program_path(path, sizeof(path), PROGRAM_LIBRARY, name);
	library->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (library->handle == NULL)
		host_refuse(PYTHON_VARIANT, dlerror());
	*(void **)&library->create = find(library, "dbgalloc_domain_create");
	*(void **)&library->malloc = find(library, "dbgalloc_domain_malloc");
	*(void **)&library->calloc = find(library, "dbgalloc_domain_calloc");
	*(void **)&library->realloc = find(library, "dbgalloc_domain_realloc");
	*(void **)&library->free = find(library, "dbgalloc_domain_free");
	host_threads_by(library->handle);
}

/* The check of CPython's hooks, in their words. */
static int holds_gil(void *context)
{
	(void)context;
	return PyGILState_Check();
}

static size_t malloc_size(void *context, void *block)
{
	(void)context;
	return malloc_usable_size(block);
}

/*
 * Of a block below the mem or object domain: pymalloc keeps what is small and
 * takes the rest from the raw domain, whose header then stands before it. In
 * a pool there is always memory before a block.
 */
static size_t pool_size(void *context, void *block)
{
	static const unsigned char raw_guard[RAW_GUARD_BYTES] = {
		'r', 0xfd, 0xfd, 0xfd, 0xfd, 0xfd, 0xfd, 0xfd};
	const unsigned char *header = (unsigned char *)block - 16;
	size_t size, room;

	(void)context;
	if (memcmp(header + 8, raw_guard, sizeof(raw_guard)) != 0)
		return POOL_MAX;
	memcpy(&size, header, sizeof(size));
	size = __builtin_bswap64(size);
	room = malloc_usable_size((void *)(uintptr_t)header);
	return size <= room ? size : 0;
}

static struct dbgalloc_underlying underlying_of(PyMemAllocatorDomain domain,
	size_t (*usable_size)(void *context, void *block))
{
	PyMemAllocatorEx below;

	PyMem_GetAllocator(domain, &below);
	return (struct dbgalloc_underlying){
		.context = below.ctx,
		.malloc = below.malloc,
		.calloc = below.calloc,
		.realloc = below.realloc,
		.free = below.free,
		.usable_size = usable_size,
	};
}

static void set_hooks(const struct library *library, int place, bool pools)
{
	bool raw = host_domains[place] == PYMEM_DOMAIN_RAW;
	const struct dbgalloc_underlying below = underlying_of(
		host_domains[place], pools && !raw ? pool_size : malloc_size);
	const struct dbgalloc_domain_options options = {
		.api_id = host_letters[place],
		.underlying = &below,
		.fatal = "Fatal Python error: ",
		.owner = raw ? NULL : holds_gil,
		.owner_error =
			"Python memory allocator called without holding the "
			"GIL",
		.describe = host_describe,
		.last_words = host_last_words,
	};
	PyMemAllocatorEx hooks = {
		.ctx = library->create(&options),
		.malloc = library->malloc,
		.calloc = library->calloc,
		.realloc = library->realloc,
		.free = library->free,
	};

	if (hooks.ctx == NULL)
		host_refuse("the variant's library", "has no more domains");
	PyMem_SetAllocator(host_domains[place], &hooks);
}

/* Whether the mem and object domains stand on pymalloc. */
static bool has_pools(void)
{
	PyMemAllocatorEx raw, mem;

	PyMem_GetAllocator(PYMEM_DOMAIN_RAW, &raw);
	PyMem_GetAllocator(PYMEM_DOMAIN_MEM, &mem);
	return mem.malloc != raw.malloc;
}

void host_install(const struct host_variant *variant)
{
	struct library library;
	bool pools = has_pools();

	if (strcmp(variant->name, PYTHON_NO_HOOKS) == 0)
		return;
	host_count_below(variant);
	if (strcmp(variant->name, PYTHON_OWN_HOOKS) == 0) {
		/* Not needed, but what is loaded moves the heap, and where
		 * blocks are decides on some of what Python asks for. */
		load(&library, "none");
		PyMem_SetupDebugHooks();
	} else {
		load(&library, variant->name);
		for (int i = 0; i < HOST_DOMAINS; i++)
			set_hooks(&library, i, pools);
	}
	host_count_on_top();
}
