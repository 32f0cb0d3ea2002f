// SPDX-License-Identifier: MIT
#include "identity.h"

#include <dlfcn.h>
#include <gnu/libc-version.h>
#include <jemalloc/jemalloc.h>
#include <link.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "worker_build_id.h"

_Static_assert(
	sizeof(((struct lane_identity *)0)->build_id) == WORKER_BUILD_ID_BYTES,
	"it is copied whole");

typedef __typeof__(mallctl) *mallctl_call;

/* jemalloc is preloaded, not linked: its mallctl is there or it is not. */
static mallctl_call find_mallctl(void)
{
	return (mallctl_call)dlsym(RTLD_DEFAULT, "mallctl");
}

/* dladdr would look through all of its symbols for the nearest one. */
static const struct link_map *object_of(const void *address)
{
	struct dl_find_object found;

	return _dl_find_object((void *)address, &found) == 0
		? found.dlfo_link_map
		: NULL;
}

/*
 * The object that a call of ours goes to. The address, not a search by name: a
 * library may take a call over by a version of its name that a search passes
 * by, as glibc's malloc debugging does. An address in this program is that of
 * its own stub, and says nothing.
 */
static const struct link_map *owner_of(const void **address, const char *symbol)
{
	const struct link_map *own = object_of((const void *)identity_prove);
	const struct link_map *object = object_of(*address);

	if (object != NULL && object == own) {
		*address = dlsym(RTLD_DEFAULT, symbol);
		object = *address == NULL ? NULL : object_of(*address);
	}
	return object;
}

/* The object's file, which has the address. */
static void path_of(const struct link_map *object, const void *address,
	char path[LANE_TEXT])
{
	const char *name;
	char *real;
	Dl_info info;

	path[0] = '\0';
	if (object == NULL)
		return;
	name = object->l_name;
	/* That of the program itself is known to dladdr alone. */
	if (name[0] == '\0' && dladdr(address, &info) != 0)
		name = info.dli_fname;
	real = realpath(name, NULL);
	snprintf(path, LANE_TEXT, "%s", real != NULL ? real : name);
	free(real);
}

static void prove_owners(struct lane_identity *identity)
{
	const void *call = (const void *)malloc;
	const void *sizes = (const void *)malloc_usable_size;
	const struct link_map *owner = owner_of(&call, "malloc");
	const struct link_map *of_sizes =
		owner_of(&sizes, "malloc_usable_size");

	path_of(owner, call, identity->allocator_path);
	if (of_sizes == owner)
		memcpy(identity->usable_size_path, identity->allocator_path,
			sizeof(identity->usable_size_path));
	else
		path_of(of_sizes, sizes, identity->usable_size_path);
}

static bool jemalloc_version(char version[LANE_TEXT])
{
	mallctl_call call = find_mallctl();
	const char *text = NULL;
	size_t size = sizeof(text);

	if (call == NULL || call("version", &text, &size, NULL, 0) != 0)
		return false;
	snprintf(version, LANE_TEXT, "jemalloc %s (mallctl)", text);
	return true;
}

static bool tcmalloc_version(char version[LANE_TEXT])
{
	typedef const char *version_call(int *, int *, const char **);
	version_call *call = (version_call *)dlsym(RTLD_DEFAULT, "tc_version");

	if (call == NULL)
		return false;
	snprintf(version, LANE_TEXT, "%s (tc_version)", call(NULL, NULL, NULL));
	return true;
}

static bool mimalloc_version(char version[LANE_TEXT])
{
	int (*call)(void) = (int (*)(void))dlsym(RTLD_DEFAULT, "mi_version");
	int number;

	if (call == NULL)
		return false;
	number = call();
	snprintf(version, LANE_TEXT, "mimalloc %d.%d.%d (mi_version)",
		number / 100, number / 10 % 10, number % 10);
	return true;
}

void identity_prove(struct lane_identity *identity)
{
	const char *name;

	prove_owners(identity);
	memcpy(identity->build_id, worker_build_id, sizeof(identity->build_id));
	if (jemalloc_version(identity->allocator_version) ||
		tcmalloc_version(identity->allocator_version) ||
		mimalloc_version(identity->allocator_version))
		return;
	name = strrchr(identity->allocator_path, '/');
	name = name != NULL ? name + 1 : identity->allocator_path;
	if (strncmp(name, "libc.so", 7) == 0)
		snprintf(identity->allocator_version, LANE_TEXT, "glibc %s",
			gnu_get_libc_version());
	else
		snprintf(identity->allocator_version, LANE_TEXT, "%s", name);
}

static bool read_stat(mallctl_call call, const char *name, uint64_t *value)
{
	size_t bytes = 0, size = sizeof(bytes);

	if (call(name, &bytes, &size, NULL, 0) != 0)
		return false;
	*value = bytes;
	return true;
}

bool identity_jemalloc_stats(
	uint64_t *allocated, uint64_t *active, uint64_t *resident)
{
	mallctl_call call = find_mallctl();
	uint64_t epoch = 1;
	size_t size = sizeof(epoch);

	return call != NULL &&
		call("epoch", &epoch, &size, &epoch, sizeof(epoch)) == 0 &&
		read_stat(call, "stats.allocated", allocated) &&
		read_stat(call, "stats.active", active) &&
		read_stat(call, "stats.resident", resident);
}
