// SPDX-License-Identifier: MIT
#include "record_files.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* .PID or .PID.N, no other name. */
static bool is_of_image(const char *rest)
{
	const char *const digits = "0123456789";
	size_t pid = rest[0] == '.' ? strspn(rest + 1, digits) : 0;
	size_t image;

	if (pid == 0)
		return false;
	rest += 1 + pid;
	if (rest[0] == '\0')
		return true;
	image = rest[0] == '.' ? strspn(rest + 1, digits) : 0;
	return image > 0 && rest[1 + image] == '\0';
}

static void visit_folder(const char *folder, const char *name, DIR *dir,
	void (*visit)(const char *other, void *argument), void *argument)
{
	size_t length = strlen(name);
	char path[RECORD_PATH_BYTES];
	const struct dirent *entry;

	while ((entry = readdir(dir)) != NULL) {
		if (strncmp(entry->d_name, name, length) != 0 ||
			!is_of_image(entry->d_name + length))
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		visit(path, argument);
	}
}

void record_files_each(const char *path,
	void (*visit)(const char *other, void *argument), void *argument)
{
	char folder[RECORD_PATH_BYTES];
	char *slash;
	DIR *dir;

	snprintf(folder, sizeof(folder), "%s", path);
	slash = strrchr(folder, '/');
	if (slash == NULL)
		return;
	*slash = '\0';
	dir = opendir(folder[0] != '\0' ? folder : "/");
	if (dir == NULL)
		return;
	visit_folder(folder, slash + 1, dir, visit, argument);
	closedir(dir);
}

void record_files_next(const char *path, const char *other, long pid,
	char next[RECORD_PATH_BYTES])
{
	const char *slash = strrchr(other, '/');
	const char *rest = strrchr(path, '/');
	size_t name = rest == NULL ? 0 : strlen(rest);
	unsigned long image = 2;
	const char *dot;

	if (strcmp(path, other) == 0) {
		snprintf(next, RECORD_PATH_BYTES, "%s.%ld", path, pid);
		return;
	}
	/* Behind FILE.PID. */
	dot = slash == NULL ? NULL : strchr(slash + name + 1, '.');
	if (dot != NULL)
		image = strtoul(dot + 1, NULL, 10) + 1;
	snprintf(next, RECORD_PATH_BYTES, "%s.%ld.%lu", path, pid, image);
}
