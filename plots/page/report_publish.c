// SPDX-License-Identifier: MIT
//
// From the temporary directory to the run.
#include "report_publish.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report.h"

#define DRAWING ".plots-"

static int is_file(const char *name)
{
	return strcmp(name, ".") && strcmp(name, "..");
}

static void delete_directory(const char *directory)
{
	DIR *files = opendir(directory);
	struct dirent *entry;

	if (!files)
		return;
	while ((entry = readdir(files)))
		if (is_file(entry->d_name))
			unlinkat(dirfd(files), entry->d_name, 0);
	closedir(files);
	rmdir(directory);
}

/* A report that is being written holds its directory's lock, which ends with
 * its process. Where the file system has no locks, leftovers stay. */
static void sweep_one(const char *directory)
{
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0 && !flock(fd, LOCK_EX | LOCK_NB))
		delete_directory(directory);
	if (fd >= 0)
		close(fd);
}

void report_sweep(const char *run)
{
	DIR *entries = opendir(run);
	struct dirent *entry;
	char *path;

	while (entries && (entry = readdir(entries))) {
		if (strncmp(entry->d_name, DRAWING, strlen(DRAWING)) != 0 ||
			asprintf(&path, "%s/%s", run, entry->d_name) < 0)
			continue;
		sweep_one(path);
		free(path);
	}
	if (entries)
		closedir(entries);
}

/* 0 where the directory is ours; 1 where another's sweep came before the lock
 * and took it away; -1 with errno. */
static int make_directory(struct publishing *publishing, const char *run)
{
	struct stat held, there;

	if (asprintf(&publishing->directory, "%s/" DRAWING "XXXXXX", run) < 0) {
		publishing->directory = NULL;
		return -1;
	}
	if (!mkdtemp(publishing->directory)) {
		free(publishing->directory);
		publishing->directory = NULL;
		return -1;
	}
	publishing->lock =
		open(publishing->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (publishing->lock >= 0) {
		(void)flock(publishing->lock, LOCK_EX);
		if (!fstat(publishing->lock, &held) && held.st_nlink > 0 &&
			!stat(publishing->directory, &there) &&
			there.st_ino == held.st_ino)
			return chmod(publishing->directory, 0755);
	} else if (errno != ENOENT) {
		return -1;
	}
	publish_discard(publishing);
	return 1;
}

int publish_begin(struct publishing *publishing, const char *run)
{
	int result = 1;

	report_sweep(run);
	for (int i = 0; result > 0 && i < 100; i++)
		result = make_directory(publishing, run);
	return result ? -1 : 0;
}

void publish_discard(struct publishing *publishing)
{
	if (!publishing->directory)
		return;
	delete_directory(publishing->directory);
	if (publishing->lock >= 0)
		close(publishing->lock);
	free(publishing->directory);
	*publishing = (struct publishing){0};
}

/* Renames every file of from into to; the page goes elsewhere. */
static int move_all(int from, int to)
{
	DIR *files = fdopendir(from);
	struct dirent *entry;
	int result = 0;

	if (!files) {
		close(from);
		return -1;
	}
	while (!result && (entry = readdir(files)))
		if (is_file(entry->d_name) &&
			strcmp(entry->d_name, PUBLISH_PAGE))
			result = renameat(
				dirfd(files), entry->d_name, to, entry->d_name);
	closedir(files);
	return result;
}

/* Pictures are numbered without gaps: the first that is not there ends it. */
static void delete_old_panels(int plots, const struct figure *figure)
{
	char name[64];

	for (size_t panel = figure->panels + 1;; panel++) {
		snprintf(name, sizeof(name), "%s-%02zu.svg", figure->name,
			panel);
		if (unlinkat(plots, name, 0))
			return;
	}
}

static int move_plots(const char *directory, const char *plots,
	const struct figure *figures, size_t count)
{
	int from, to, result;

	if (mkdir(plots, 0777) && errno != EEXIST)
		return -1;
	to = open(plots, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (to < 0)
		return -1;
	from = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	result = from < 0 ? -1 : move_all(from, to);
	for (size_t i = 0; !result && i < count; i++)
		delete_old_panels(to, &figures[i]);
	close(to);
	return result;
}

int publish_plots(const char *run, const char *directory,
	const struct figure *figures, size_t count, struct error *error)
{
	char *plots;
	int result;

	if (asprintf(&plots, "%s/plots", run) < 0) {
		return error_set(error, "%s: %s", run, strerror(ENOMEM));
	}
	result = move_plots(directory, plots, figures, count);
	if (result)
		error_set(error, "%s: %s", plots, error_reason(errno));
	free(plots);
	return result;
}

int publish_page(const char *run, const char *directory, struct error *error)
{
	char *from = NULL, *to = NULL;
	int result = -1;

	error->text[0] = '\0';
	if (asprintf(&from, "%s/" PUBLISH_PAGE, directory) < 0)
		from = NULL;
	if (asprintf(&to, "%s/" PUBLISH_PAGE, run) < 0)
		to = NULL;
	if (from && to)
		result = rename(from, to);
	if (result)
		error_set(error, "%s: %s", to ? to : run, error_reason(errno));
	free(from);
	free(to);
	return result;
}
