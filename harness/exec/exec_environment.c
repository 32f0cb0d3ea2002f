// SPDX-License-Identifier: MIT
#include "exec_environment.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lane_spec.h"
#include "python_host.h"

extern char **environ;

/* LD_PRELOAD parts its entries at both. */
static int check_path(const char *path, struct error *error)
{
	if (strpbrk(path, ": ") == NULL)
		return 0;
	return error_set(error,
		"%s: has a colon or a space in its path, which LD_PRELOAD "
		"does not allow",
		path);
}

/* Its path without links and detours, as it has to be in LD_PRELOAD. */
static int resolve(const char *found, char path[EXEC_PRELOAD_BYTES],
	const char *where, struct error *error)
{
	char *real = realpath(found, NULL);

	if (real == NULL) {
		return error_set(error,
			"%s: %s; it stands in the build tree, where it "
			"was installed, or where %s says",
			found, error_reason(errno), where);
	}
	snprintf(path, EXEC_PRELOAD_BYTES, "%s", real);
	free(real);
	return check_path(path, error);
}

const char *exec_python_library(const char *variant)
{
	struct lane_spec spec;

	/* CPython's own hooks are no lane of the registry. */
	if (!lane_spec_find(&spec, variant))
		return variant;
	return spec.library != NULL ? spec.library : PYTHON_NO_HOOKS;
}

int exec_library(
	const char *variant, char path[EXEC_PRELOAD_BYTES], struct error *error)
{
	const char *where = program_path_variable(PROGRAM_LIBRARY);
	char name[64], found[4200];
	struct lane_spec spec;

	path[0] = '\0';
	if (!lane_spec_find(&spec, variant) || spec.library == NULL)
		return 0;
	snprintf(name, sizeof(name), "libdbgalloc-%.40s.so", spec.library);
	program_path(found, sizeof(found), PROGRAM_LIBRARY, name);
	return resolve(found, path, where, error);
}

int exec_own_library(enum program_kind kind, const char *name,
	char path[EXEC_PRELOAD_BYTES], struct error *error)
{
	const char *where = program_path_variable(kind);
	char found[4200];

	program_path(found, sizeof(found), kind, name);
	return resolve(found, path, where, error);
}

int exec_level_library(char path[EXEC_PRELOAD_BYTES], struct error *error)
{
	return exec_own_library(
		PROGRAM_OWN, "libserialbench-level.so", path, error);
}

/* The last slash, as often as it takes. */
static size_t widen_path(
	char value[EXEC_PRELOAD_BYTES], const char *path, size_t width)
{
	const char *name = strrchr(path, '/');
	size_t length = strlen(path);
	size_t more = width > length ? width - length : 0;

	if (name == NULL || length + more >= EXEC_PRELOAD_BYTES)
		return (size_t)snprintf(value, EXEC_PRELOAD_BYTES, "%s", path);
	memcpy(value, path, (size_t)(name - path));
	memset(value + (name - path), '/', more);
	memcpy(value + (name - path) + more, name, strlen(name) + 1);
	return length + more;
}

static size_t add_entry(
	char value[EXEC_PRELOAD_BYTES], size_t used, const char *path)
{
	if (path[0] == '\0' || used >= EXEC_PRELOAD_BYTES)
		return used;
	return used +
		(size_t)snprintf(value + used, EXEC_PRELOAD_BYTES - used,
			"%s%s", used > 0 ? ":" : "", path);
}

int exec_preload(char value[EXEC_PRELOAD_BYTES],
	const struct exec_libraries *libraries, size_t wrapper_width,
	size_t width, struct error *error)
{
	size_t used = widen_path(value, libraries->wrapper, wrapper_width);

	if (check_path(libraries->allocator, error) != 0)
		return -1;
	used = add_entry(value, used, libraries->level);
	used = add_entry(value, used, libraries->allocator);
	if (used >= EXEC_PRELOAD_BYTES || width >= EXEC_PRELOAD_BYTES) {
		return error_set(error, "LD_PRELOAD: longer than %d bytes",
			EXEC_PRELOAD_BYTES);
	}
	while (used < width)
		value[used++] = ':';
	value[used] = '\0';
	return 0;
}

static bool begins_with_one(const char *entry, const char *const *prefixes)
{
	for (size_t i = 0; prefixes[i] != NULL; i++)
		if (strncmp(entry, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	return false;
}

/* Variables of ours and of those who steer an allocator. */
static bool is_steering(const char *entry)
{
	static const char *const prefixes[] = {"LD_PRELOAD=", "DBGALLOC=",
		"MALLOC_", "GLIBC_TUNABLES=", "MIMALLOC_", "TCMALLOC_",
		"SERIALBENCH_PAD=", "SERIALBENCH_LEVEL=", PYTHON_VARIANT "=",
		PYTHON_COUNTS "=", NULL};

	return begins_with_one(entry, prefixes);
}

static bool is_replaced(const char *entry, const char *const *added)
{
	size_t name = strcspn(entry, "=") + 1;

	for (size_t i = 0; added != NULL && added[i] != NULL; i++)
		if (strncmp(entry, added[i], name) == 0)
			return true;
	return false;
}

static size_t count_entries(const char *const *entries)
{
	size_t count = 0;

	while (entries != NULL && entries[count] != NULL)
		count++;
	return count;
}

static char *put(char **entry, char *text, const char *name, const char *value)
{
	*entry = text;
	return text + sprintf(text, "%s=%s", name, value) + 1;
}

static char **put_padding(char **entry, char *text, size_t padding)
{
	*entry = text;
	text = stpcpy(text, "SERIALBENCH_PAD=");
	memset(text, 'x', padding);
	text[padding] = '\0';
	return entry + 1;
}

void exec_python_value(
	char value[PYTHON_VARIANT_WIDTH + 1], const char *variant)
{
	size_t length = strlen(variant);

	memset(value, '.', PYTHON_VARIANT_WIDTH);
	value[PYTHON_VARIANT_WIDTH] = '\0';
	memcpy(value, variant,
		length < PYTHON_VARIANT_WIDTH ? length : PYTHON_VARIANT_WIDTH);
}

/* Ours, into `entry` on; the texts into `text`. */
static void put_variables(
	char **entry, char *text, const struct exec_variables *variables)
{
	text = put(entry++, text, "LD_PRELOAD", variables->preload);
	if (variables->python != NULL) {
		char variant[PYTHON_VARIANT_WIDTH + 1];

		exec_python_value(variant, variables->python);
		text = put(entry++, text, PYTHON_VARIANT, variant);
		if (variables->dbgalloc != NULL)
			text = put(entry++, text, PYTHON_COUNTS,
				variables->dbgalloc + strlen("stats="));
	} else if (variables->dbgalloc != NULL) {
		char level[24];

		snprintf(level, sizeof(level), "%zu", variables->level);
		text = put(entry++, text, "DBGALLOC", variables->dbgalloc);
		text = put(entry++, text, "SERIALBENCH_LEVEL", level);
	}
	entry = put_padding(entry, text, variables->padding);
	*entry = NULL;
}

const char **exec_environment_named(const char *const *added)
{
	static const char *const prefixes[] = {
		"PYTHON", "G_SLICE=", "GLIBCXX_FORCE_NEW=", NULL};
	size_t own = count_entries((const char *const *)environ), used = 0;
	size_t more = count_entries(added);
	const char **named = calloc(own + more + 1, sizeof(*named));

	if (named == NULL)
		return NULL;
	for (size_t i = 0; i < own; i++)
		if (begins_with_one(environ[i], prefixes) &&
			!is_replaced(environ[i], added))
			named[used++] = environ[i];
	for (size_t i = 0; i < more; i++)
		named[used++] = added[i];
	return named;
}

char *exec_environment_left_out(void)
{
	char *names = NULL;
	size_t bytes;
	FILE *list = open_memstream(&names, &bytes);
	const char *between = "";

	if (list == NULL)
		return NULL;
	for (size_t i = 0; environ[i] != NULL; i++) {
		if (!is_steering(environ[i]) ||
			strncmp(environ[i], "SERIALBENCH_", 12) == 0)
			continue;
		fprintf(list, "%s%.*s", between, (int)strcspn(environ[i], "="),
			environ[i]);
		between = ", ";
	}
	if (fclose(list) == 0)
		return names;
	free(names);
	return NULL;
}

char **exec_environment(const struct exec_variables *variables)
{
	const char *const *own = (const char *const *)environ;
	const char *const *added = variables->added;
	size_t room = count_entries(own) + count_entries(added) + 5, used = 0;
	size_t bytes = strlen(variables->preload) + variables->padding + 192 +
		(variables->dbgalloc != NULL ? strlen(variables->dbgalloc) : 0);
	char **entries = malloc(room * sizeof(*entries) + bytes);

	if (entries == NULL)
		return NULL;
	for (size_t i = 0; own[i] != NULL; i++)
		if (!is_steering(own[i]) && !is_replaced(own[i], added))
			entries[used++] = environ[i];
	for (size_t i = 0; added != NULL && added[i] != NULL; i++)
		entries[used++] = (char *)(uintptr_t)added[i];
	put_variables(entries + used, (char *)(entries + room), variables);
	return entries;
}
