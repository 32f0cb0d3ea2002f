// SPDX-License-Identifier: MIT
//
// gnuplot as a child process: its complaints come back through a pipe.
#include "gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* Keeps the start of what the child says and reads the rest away, so that it
 * never blocks on a full pipe. */
static void listen_to(int pipe, char *text, size_t size)
{
	char scrap[512];
	size_t used = 0;

	for (;;) {
		ssize_t got = used + 1 < size
			? read(pipe, text + used, size - 1 - used)
			: read(pipe, scrap, sizeof(scrap));

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		if (used + 1 < size)
			used += (size_t)got;
	}
	text[used] = '\0';
}

/* The first line that says something: gnuplot begins with the command, a
 * caret and blanks. */
static void first_complaint(char *text)
{
	char *line, *rest = text;

	while ((line = strsep(&rest, "\n"))) {
		if (!strstr(line, "line ") && rest)
			continue;
		memmove(text, line, strlen(line) + 1);
		return;
	}
}

static int prepare(posix_spawn_file_actions_t *actions, const char *directory,
	int complaints)
{
	int result = posix_spawn_file_actions_addchdir_np(actions, directory);

	if (!result)
		result = posix_spawn_file_actions_addopen(
			actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (!result)
		result = posix_spawn_file_actions_addopen(
			actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	if (!result)
		result = posix_spawn_file_actions_adddup2(
			actions, complaints, STDERR_FILENO);
	return result;
}

static int spawn(
	pid_t *child, const char *directory, const char *script, int complaints)
{
	/* -d: no start-up file of the user may change a figure. */
	char *const arguments[] = {
		(char *)"gnuplot", (char *)"-d", (char *)script, NULL};
	posix_spawn_file_actions_t actions;
	int result = posix_spawn_file_actions_init(&actions);

	if (result)
		return result;
	result = prepare(&actions, directory, complaints);
	if (!result)
		result = posix_spawnp(
			child, "gnuplot", &actions, NULL, arguments, environ);
	posix_spawn_file_actions_destroy(&actions);
	return result;
}

static int wait_for(pid_t child)
{
	int status;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) && !WEXITSTATUS(status) ? 0 : -1;
}

int gnuplot_run(const char *directory, const char *script, struct error *error)
{
	char said[440];
	int ends[2], result;
	pid_t child;

	if (pipe2(ends, O_CLOEXEC)) {
		return error_set(error, "pipe: %s", error_reason(errno));
	}
	result = spawn(&child, directory, script, ends[1]);
	close(ends[1]);
	if (!result) {
		listen_to(ends[0], said, sizeof(said));
		result = wait_for(child);
		first_complaint(said);
	} else {
		snprintf(said, sizeof(said), "%s", strerror(result));
	}
	close(ends[0]);
	/* EACCES: a directory of the PATH may not be searched. */
	if (result == ENOENT || result == EACCES)
		return 1;
	if (result)
		error_set(error, "gnuplot %s: %s", script,
			*said ? said : "failed");
	return result ? -1 : 0;
}
