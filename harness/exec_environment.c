// SPDX-License-Identifier: MIT
#include "exec_environment.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "program_path.h"

extern char **environ;

/* LD_PRELOAD parts its entries at both. */
static int check_path(const char *path, char error[EXEC_ERROR])
{
	if (strpbrk(path, ": ") == NULL)
		return 0;
	snprintf(error, EXEC_ERROR,
		"%.400s: has a colon or a space in its path, which LD_PRELOAD "
		"does not allow",
		path);
	return -1;
}

int exec_library(const char *variant, char path[EXEC_PRELOAD_BYTES],
	char error[EXEC_ERROR])
{
	char name[64], found[4200], *real;

	path[0] = '\0';
	if (strcmp(variant, "plain") == 0)
		return 0;
	if (strcmp(variant, COMPARE_AGAIN) == 0)
		variant = COMPARE_BASELINE;
	snprintf(name, sizeof(name), "libdbgalloc-%.40s.so", variant);
	program_path(found, sizeof(found), "SERIALBENCH_LIBRARIES",
		"../alloc/preload", name);
	real = realpath(found, NULL);
	if (real == NULL) {
		snprintf(error, EXEC_ERROR,
			"%.400s: %s; the preload libraries stand in "
			"alloc/preload of the build, where they were "
			"installed, or where SERIALBENCH_LIBRARIES says",
			found, strerror(errno));
		return -1;
	}
	snprintf(path, EXEC_PRELOAD_BYTES, "%s", real);
	free(real);
	return check_path(path, error);
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

int exec_preload(char value[EXEC_PRELOAD_BYTES], const char *library,
	size_t wrapper_width, const struct allocator *allocator, size_t width,
	char error[EXEC_ERROR])
{
	size_t used = widen_path(value, library, wrapper_width);

	if (check_path(allocator->library, error) != 0)
		return -1;
	used += (size_t)snprintf(value + used, EXEC_PRELOAD_BYTES - used,
		"%s%s", used > 0 && allocator->library[0] != '\0' ? ":" : "",
		allocator->library);
	if (used >= EXEC_PRELOAD_BYTES || width >= EXEC_PRELOAD_BYTES) {
		snprintf(error, EXEC_ERROR, "LD_PRELOAD: longer than %d bytes",
			EXEC_PRELOAD_BYTES);
		return -1;
	}
	while (used < width)
		value[used++] = ':';
	value[used] = '\0';
	return 0;
}

/* Variables of ours and of those who steer an allocator. */
static bool is_steering(const char *entry)
{
	static const char *const prefixes[] = {"LD_PRELOAD=", "DBGALLOC=",
		"MALLOC_", "GLIBC_TUNABLES=", "MIMALLOC_", "TCMALLOC_",
		"SERIALBENCH_PAD=", NULL};

	for (size_t i = 0; prefixes[i] != NULL; i++)
		if (strncmp(entry, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	return false;
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

char **exec_environment(const char *const *added, const char *preload,
	const char *dbgalloc, size_t padding)
{
	const char *const *own = (const char *const *)environ;
	size_t room = count_entries(own) + count_entries(added) + 4, used = 0;
	size_t bytes = strlen(preload) + padding + 64 +
		(dbgalloc != NULL ? strlen(dbgalloc) : 0);
	char **entries = malloc(room * sizeof(*entries) + bytes);
	char *text;

	if (entries == NULL)
		return NULL;
	text = (char *)(entries + room);
	for (size_t i = 0; own[i] != NULL; i++)
		if (!is_steering(own[i]) && !is_replaced(own[i], added))
			entries[used++] = environ[i];
	for (size_t i = 0; added != NULL && added[i] != NULL; i++)
		entries[used++] = (char *)(uintptr_t)added[i];
	text = put(&entries[used++], text, "LD_PRELOAD", preload);
	if (dbgalloc != NULL)
		text = put(&entries[used++], text, "DBGALLOC", dbgalloc);
	entries[used] = text;
	text = put(&entries[used++], text, "SERIALBENCH_PAD", "") - 1;
	memset(text, 'x', padding);
	text[padding] = '\0';
	entries[used] = NULL;
	return entries;
}
