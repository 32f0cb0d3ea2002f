// SPDX-License-Identifier: MIT
#include "program_path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The folder of the running program, without a slash at its end. */
static void own_folder(char *folder, size_t size)
{
	ssize_t length = readlink("/proc/self/exe", folder, size - 1);
	char *slash;

	folder[length > 0 ? length : 0] = '\0';
	slash = strrchr(folder, '/');
	if (slash != NULL)
		*slash = '\0';
}

static const struct {
	const char *variable;
	const char *built; /* from this program's folder */
	const char *installed;
} places[] = {
	[PROGRAM_OWN] = {"SERIALBENCH_WORKERS", ".", INSTALLED_PROGRAMS},
	[PROGRAM_RECORDER] = {"SERIALBENCH_WORKERS", "../trace/recorder",
		INSTALLED_PROGRAMS},
	[PROGRAM_TRACE] = {"SERIALBENCH_TRACES", "../bench/replay/traces",
		INSTALLED_TRACES},
	[PROGRAM_LIBRARY] = {"SERIALBENCH_LIBRARIES", "../alloc/preload",
		INSTALLED_LIBRARIES},
};

const char *program_path_variable(enum program_kind kind)
{
	return places[kind].variable;
}

void program_path(
	char *path, size_t size, enum program_kind kind, const char *name)
{
	const char *asked = getenv(places[kind].variable);
	char own[4096];

	if (asked != NULL) {
		snprintf(path, size, "%s/%s", asked, name);
		return;
	}
	own_folder(own, sizeof(own));
	snprintf(path, size, "%s/%s/%s", own, places[kind].built, name);
	if (access(path, R_OK) != 0)
		snprintf(path, size, "%s/%s", places[kind].installed, name);
}
