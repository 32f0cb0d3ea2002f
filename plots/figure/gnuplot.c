// SPDX-License-Identifier: MIT
//
// gnuplot as a child process: its complaints come back through a pipe. It has a
// process group of its own, so that what it started ends with it.
#include "gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

unsigned gnuplot_deadline_s = 60;

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool has_ended(pid_t child)
{
	siginfo_t ended = {.si_pid = 0};

	return waitid(P_PID, (id_t)child, &ended,
		       WEXITED | WNOHANG | WNOWAIT) != 0 ||
		ended.si_pid == child;
}

/* Keeps the start of what the child says and reads the rest away, so that it
 * never blocks on a full pipe, until the pipe is closed, the child has ended
 * (what it started may still have the pipe) or its time is over. */
static void listen_to(
	int pipe, pid_t child, char *text, size_t size, int64_t end_ms)
{
	char scrap[512];
	size_t used = 0;

	for (;;) {
		struct pollfd readable = {.fd = pipe, .events = POLLIN};
		bool ended = has_ended(child);
		ssize_t got;

		if (now_ms() >= end_ms)
			break;
		if (poll(&readable, 1, ended ? 0 : 20) <= 0) {
			if (ended)
				break;
			continue;
		}
		got = used + 1 < size ? read(pipe, text + used, size - 1 - used)
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
	posix_spawnattr_t attributes;
	int result = posix_spawn_file_actions_init(&actions);

	if (result)
		return result;
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
	result = prepare(&actions, directory, complaints);
	if (!result)
		result = posix_spawnp(child, "gnuplot", &actions, &attributes,
			arguments, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return result;
}

/* The child's status; false where its time was over and it was killed. */
static bool wait_for(pid_t child, int64_t end_ms, int *status)
{
	static const struct timespec pause = {.tv_nsec = 5000000};
	pid_t ended;

	for (;;) {
		ended = waitpid(child, status, WNOHANG);
		if (ended == child || (ended < 0 && errno != EINTR))
			return ended == child;
		if (now_ms() >= end_ms)
			break;
		nanosleep(&pause, NULL);
	}
	kill(-child, SIGKILL);
	while (waitpid(child, status, 0) < 0 && errno == EINTR)
		;
	return false;
}

/* Why a child that has ended was not well; the complaint where it has one. */
static int judge(
	const char *script, const char *said, int status, struct error *error)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	if (WIFSIGNALED(status))
		return error_set(error, "gnuplot %s: ended by signal %d (%s)",
			script, WTERMSIG(status), strsignal(WTERMSIG(status)));
	return error_set(
		error, "gnuplot %s: %s", script, *said ? said : "failed");
}

static int attend(
	pid_t child, int complaints, const char *script, struct error *error)
{
	int64_t end_ms = now_ms() + (int64_t)gnuplot_deadline_s * 1000;
	char said[512];
	int status = 0;

	listen_to(complaints, child, said, sizeof(said), end_ms);
	if (!wait_for(child, end_ms, &status)) {
		error_set(error,
			"gnuplot %s: no end within %u s, and was killed",
			script, gnuplot_deadline_s);
		return -2;
	}
	first_complaint(said);
	return judge(script, said, status, error);
}

int gnuplot_run(const char *directory, const char *script, struct error *error)
{
	int ends[2], result;
	pid_t child;

	if (pipe2(ends, O_CLOEXEC))
		return error_set_errno(error, "pipe");
	result = spawn(&child, directory, script, ends[1]);
	close(ends[1]);
	if (result) {
		close(ends[0]);
		/* EACCES: a directory of the PATH may not be searched. */
		if (result == ENOENT || result == EACCES)
			return 1;
		return error_set(
			error, "gnuplot %s: %s", script, strerror(result));
	}
	result = attend(child, ends[0], script, error);
	close(ends[0]);
	return result;
}
