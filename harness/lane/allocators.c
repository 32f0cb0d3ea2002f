// SPDX-License-Identifier: MIT
#include "allocators.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lane.h"
#include "nearest_name.h"

#define IDENTIFY_DEADLINE_NS 10000000000u

/* Where the dynamic linker finds them, by the names Debian ships. */
static const struct {
	const char *name, *description;
	const char *libraries[4]; /* newest first, closed by NULL */
} known[] = {
	{"system", "the C library's own malloc", {NULL}},
	{"jemalloc", "jemalloc, preloaded", {"libjemalloc.so.2"}},
	{"mimalloc", "mimalloc, preloaded",
		{"libmimalloc.so.2", "libmimalloc.so.3"}},
	{"tcmalloc", "gperftools' tcmalloc, preloaded",
		{"libtcmalloc_minimal.so.4", "libtcmalloc.so.4"}},
};

#define KNOWN (sizeof(known) / sizeof(known[0]))

const char *const allocator_names[] = {
	"system", "jemalloc", "mimalloc", "tcmalloc", NULL};

const char *allocator_description(const char *name)
{
	for (size_t i = 0; i < KNOWN; i++)
		if (strcmp(known[i].name, name) == 0)
			return known[i].description;
	return "a library of the user's, preloaded";
}

void allocator_start(
	const struct allocator *allocator, struct lane_start *start)
{
	start->library =
		allocator->library[0] != '\0' ? allocator->library : NULL;
	start->variables = allocator->variables;
}

/* Starts a worker on the library and lets it say who its malloc is. */
static enum lane_status identify(
	struct allocator *allocator, struct error *error)
{
	struct lane_setup setup = {.job = LANE_IDENTIFY};
	struct lane_start start = {
		.worker = lane_worker_path(0),
		.quiet = true,
	};
	struct lane lane;
	enum lane_status status = LANE_OK;

	allocator_start(allocator, &start);
	if (lane_begin(&lane, &setup, &start) != 0 ||
		lane_wait(&lane, IDENTIFY_DEADLINE_NS) != 0)
		status = lane.status;
	if (status == LANE_OK)
		allocator->identity = lane.shared->identity;
	else
		error_set(error, "allocator '%s': %s: %s", allocator->name,
			lane_status_name(lane.status), lane.message);
	lane_end(&lane);
	return status;
}

static bool same_file_name(const char *path, const char *library)
{
	char *real = realpath(library, NULL);
	const char *name = strrchr(library, '/');
	bool same;

	if (real != NULL) {
		same = strcmp(path, real) == 0;
		free(real);
		return same;
	}
	/* A bare soname: the file may carry a longer version. */
	name = name != NULL ? name + 1 : library;
	path = strrchr(path, '/') != NULL ? strrchr(path, '/') + 1 : path;
	return strncmp(path, name, strlen(name)) == 0;
}

/* Whether the worker's malloc and its sizes come from the library asked for. */
static bool took_over(const struct allocator *allocator)
{
	const struct lane_identity *identity = &allocator->identity;
	const char *library = allocator->library[0] == '\0'
		? "libc.so.6"
		: allocator->library;

	return same_file_name(identity->allocator_path, library) &&
		strcmp(identity->allocator_path, identity->usable_size_path) ==
		0;
}

static int try_library(
	struct allocator *allocator, const char *library, struct error *error)
{
	enum lane_status status;

	snprintf(allocator->library, LANE_TEXT, "%s", library);
	status = identify(allocator, error);
	/* One worker that was killed shall not cost the run. */
	if (status == LANE_CRASHED)
		status = identify(allocator, error);
	if (status != LANE_OK)
		return -1;
	if (took_over(allocator))
		return 0;
	return error_set(error,
		"allocator '%s': does not load or does not take over malloc "
		"(it is in %s) and malloc_usable_size (in %s); allowed are "
		"those of serialbench list allocators where installed, or the "
		"path of a library that takes over both",
		allocator->name, allocator->identity.allocator_path,
		allocator->identity.usable_size_path);
}

static int find_path(struct allocator *allocator, struct error *error)
{
	char *real = realpath(allocator->name, NULL);
	int result = -1;

	if (real == NULL || access(real, R_OK) != 0)
		error_set(error,
			"allocator '%s': no such library; allowed are those "
			"of serialbench list allocators, or the path of a "
			"library",
			allocator->name);
	else
		result = try_library(allocator, real, error);
	/* A slash in a cell's name would part it. */
	if (result == 0)
		snprintf(allocator->name, LANE_TEXT, "%s",
			strrchr(real, '/') + 1);
	free(real);
	return result;
}

int allocator_prove(struct allocator *allocator, struct error *error)
{
	bool is_path = strchr(allocator->library, '/') != NULL;
	char *real = is_path ? realpath(allocator->library, NULL)
			     : strdup(allocator->library);
	int result = -1;

	if (real == NULL || (is_path && access(real, R_OK) != 0))
		error_set(error,
			"'%s': no library '%s'; allowed is the path of one, or "
			"a name that the dynamic linker knows",
			allocator->name, allocator->library);
	else
		result = try_library(allocator, real, error);
	free(real);
	return result;
}

static void refuse_name(const char *name, struct error *error)
{
	struct nearest_name nearest = {.word = name};

	error_set(error, "unknown allocator '%s': allowed are ", name);
	for (size_t i = 0; allocator_names[i] != NULL; i++) {
		error_add(error, "%s, ", allocator_names[i]);
		nearest_name_try(&nearest, allocator_names[i]);
	}
	error_add(error, "or the path of a library");
	error_add_nearest(error, &nearest);
}

int allocator_find(
	struct allocator *allocator, const char *name, struct error *error)
{
	memset(allocator, 0, sizeof(*allocator));
	error->text[0] = '\0';
	snprintf(allocator->name, LANE_TEXT, "%s", name);
	if (strchr(name, '/') != NULL)
		return find_path(allocator, error);
	if (strcmp(name, "system") == 0)
		return try_library(allocator, "", error);
	for (size_t i = 0; i < KNOWN; i++)
		for (size_t j = 0; strcmp(known[i].name, name) == 0 &&
			known[i].libraries[j] != NULL;
			j++)
			if (try_library(allocator, known[i].libraries[j],
				    error) == 0)
				return 0;
	if (error->text[0] == '\0')
		refuse_name(name, error);
	return -1;
}

bool allocator_is(
	const struct allocator *allocator, const struct lane_identity *identity)
{
	return strcmp(identity->allocator_path,
		       allocator->identity.allocator_path) == 0 &&
		strcmp(identity->allocator_version,
			allocator->identity.allocator_version) == 0;
}
