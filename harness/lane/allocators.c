// SPDX-License-Identifier: MIT
#include "allocators.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lane.h"
#include "nearest_name.h"
#include "printable.h"

#define SENTENCE 512 /* bytes of what a worker says */
#define BIND_NOW "LD_BIND_NOW=1"
#define VARIABLES (ALLOCATOR_VARIABLES + sizeof(BIND_NOW) + 1)
#define LINKER "ld.so: " /* how the dynamic linker begins */
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

/* The first line that was written to a file: the dynamic linker's own sentence,
 * where that has something to say. */
static void read_first_line(int fd, char line[SENTENCE])
{
	ssize_t got = pread(fd, line, SENTENCE - 1, 0);

	line[got > 0 ? got : 0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	make_printable(line);
}

/* What became of a worker that did not say who its malloc is. */
static void describe_failure(const struct allocator *allocator,
	const struct lane *lane, const char *said, struct error *error)
{
	const char *at = lane->shared != NULL ? lane->shared->message : "";

	error_set(error, "allocator '%s': %s: %s", allocator->name,
		lane_status_name(lane->status), lane->message);
	/* Else the message is what the worker itself says. */
	if (at[0] != '\0' && lane->status != LANE_FAILED)
		error_add(error, " where its %s is tried", at);
	else if (lane->status == LANE_CRASHED)
		error_add(error, " before a call was tried");
	if (said[0] != '\0')
		error_add(error, "; %s", said);
}

/* The variables, and that all symbols are looked up at the start: there the
 * dynamic linker names one that is missing, while within malloc it would call
 * malloc to do so. */
static void add_bind_now(
	char variables[VARIABLES], const struct allocator *allocator)
{
	size_t used = 0;

	memset(variables, 0, VARIABLES);
	while (allocator->variables[used] != '\0')
		used += strlen(allocator->variables + used) + 1;
	memcpy(variables, allocator->variables, used);
	strcpy(variables + used, BIND_NOW);
}

/* Starts a worker on the library, which tries the calls and says who its malloc
 * is. What the worker said on stderr goes into `said`. */
static enum lane_status identify(struct allocator *allocator, bool bind_now,
	char said[SENTENCE], struct error *error)
{
	char variables[VARIABLES];
	int errors = memfd_create("serialbench-errors", MFD_CLOEXEC);
	struct lane_setup setup = {.job = LANE_IDENTIFY};
	struct lane_start start = {
		.worker = lane_worker_path(0),
		.errors_fd = errors > 0 ? errors : 0,
	};
	struct lane lane;
	enum lane_status status = LANE_OK;

	allocator_start(allocator, &start);
	add_bind_now(variables, allocator);
	if (bind_now)
		start.variables = variables;
	if (lane_begin(&lane, &setup, &start) != 0 ||
		lane_wait(&lane, IDENTIFY_DEADLINE_NS) != 0)
		status = lane.status;
	read_first_line(errors, said);
	if (status == LANE_OK)
		allocator->identity = lane.shared->identity;
	else
		describe_failure(allocator, &lane, said, error);
	lane_end(&lane);
	if (errors >= 0)
		close(errors);
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
	char said[SENTENCE];

	snprintf(allocator->library, LANE_TEXT, "%s", library);
	status = identify(allocator, false, said, error);
	/* One worker that was killed shall not cost the run. */
	if (status == LANE_CRASHED)
		status = identify(allocator, true, said, error);
	if (status != LANE_OK)
		return -1;
	if (took_over(allocator))
		return 0;
	if (strstr(said, LINKER) != NULL)
		return error_set(error,
			"allocator '%s': does not load, so malloc stays in %s: "
			"%s",
			allocator->name, allocator->identity.allocator_path,
			said);
	return error_set(error,
		"allocator '%s': does not take over malloc (it is in %s) and "
		"malloc_usable_size (in %s); allowed are those of serialbench "
		"list allocators where installed, or the path of a library "
		"that takes over both",
		allocator->name, allocator->identity.allocator_path,
		allocator->identity.usable_size_path);
}

/* With errno where not. */
static bool is_readable(const char *path)
{
	struct stat status;

	if (stat(path, &status) != 0 || access(path, R_OK) != 0)
		return false;
	errno = S_ISDIR(status.st_mode) ? EISDIR : 0;
	return errno == 0;
}

static int find_path(struct allocator *allocator, struct error *error)
{
	char *real = realpath(allocator->name, NULL);
	int result = -1;

	if (real == NULL || !is_readable(real))
		error_set(error,
			"allocator '%s': no such library: %s; allowed are "
			"those of serialbench list allocators, or the path of "
			"a library",
			allocator->name, error_reason(errno));
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

	if (real == NULL || (is_path && !is_readable(real)))
		error_set(error,
			"'%s': no library '%s': %s; allowed is the path of "
			"one, or a name that the dynamic linker knows",
			allocator->name, allocator->library,
			error_reason(errno));
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
	if (access(name, F_OK) == 0)
		error_add(error, ", as ./%s", name);
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
