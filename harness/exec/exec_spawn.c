// SPDX-License-Identifier: MIT
#include "exec_spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "program_path.h"

#define PATH_BYTES 4200

static const int stop_signals[EXEC_STOP_SIGNALS] = {SIGINT, SIGTERM, SIGHUP};

static volatile sig_atomic_t stopped_by;

/* The helper's pid, which is also its group and session; 0: none runs. */
static volatile pid_t running;

static void stop(int signal)
{
	int kept_errno = errno;

	stopped_by = signal;
	if (running > 0)
		kill(-running, SIGKILL);
	errno = kept_errno;
}

void exec_signals_begin(struct exec_signals *signals)
{
	struct sigaction action = {.sa_handler = stop};

	stopped_by = 0;
	sigemptyset(&action.sa_mask);
	for (int i = 0; i < EXEC_STOP_SIGNALS; i++) {
		sigaction(stop_signals[i], NULL, &signals->before[i]);
		/* nohup's are not ours to undo. */
		if (signals->before[i].sa_handler != SIG_IGN)
			sigaction(stop_signals[i], &action, NULL);
	}
}

void exec_signals_finish(struct exec_signals *signals)
{
	for (int i = 0; i < EXEC_STOP_SIGNALS; i++) {
		sigaction(stop_signals[i], &signals->before[i], NULL);
		if (stop_signals[i] == stopped_by &&
			signals->before[i].sa_handler != SIG_DFL)
			raise(stopped_by);
	}
}

bool exec_stopped(void)
{
	return stopped_by != 0;
}

static void fill_set(sigset_t *set)
{
	sigemptyset(set);
	for (int i = 0; i < EXEC_STOP_SIGNALS; i++)
		sigaddset(set, stop_signals[i]);
}

/* A session of its own, no signal blocked, nothing but /dev/null. */
static int spawn_helper(
	char **arguments, char *const *environment, int report_fd, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none;
	int result;

	sigemptyset(&none);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(
		&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawn_file_actions_adddup2(&actions, report_fd, EXEC_CHILD_FD);
	for (int fd = 0; fd < EXEC_CHILD_FD; fd++)
		posix_spawn_file_actions_addopen(
			&actions, fd, "/dev/null", O_RDWR, 0);
	result = posix_spawn(pid, arguments[0], &actions, &attributes,
		arguments, environment);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	return result;
}

/* Path of the helper, its argument, the command. One free() gives it back. */
static char **make_arguments(char *const *command, bool fixed)
{
	size_t count = 0;
	char **arguments;
	char *path;

	while (command[count] != NULL)
		count++;
	arguments = malloc((count + 3) * sizeof(*arguments) + PATH_BYTES);
	if (arguments == NULL)
		return NULL;
	path = (char *)(arguments + count + 3);
	program_path(path, PATH_BYTES, PROGRAM_OWN, "serialbench-exec-child");
	arguments[0] = path;
	arguments[1] = (char *)(uintptr_t)(fixed ? EXEC_CHILD_FIXED
						 : EXEC_CHILD_RANDOM);
	memcpy(arguments + 2, command, (count + 1) * sizeof(*arguments));
	return arguments;
}

/* Blocks the signals while the helper is started and nobody knows its pid: one
 * that came before is seen here, one that comes meanwhile finds the pid. */
static int start(char *const *command, char *const *environment, bool fixed,
	int report_fd)
{
	char **arguments = make_arguments(command, fixed);
	sigset_t blocked, before;
	pid_t pid = 0;
	int wrong = ENOMEM;

	if (arguments == NULL)
		return wrong;
	fill_set(&blocked);
	sigprocmask(SIG_BLOCK, &blocked, &before);
	wrong = exec_stopped()
		? EINTR
		: spawn_helper(arguments, environment, report_fd, &pid);
	if (wrong == 0)
		running = pid;
	sigprocmask(SIG_SETMASK, &before, NULL);
	free(arguments);
	return wrong;
}

/* 0, or EPIPE where the helper closed its end before it had reported. */
static int read_report(int fd, struct exec_child_report *report)
{
	size_t used = 0;

	while (used < sizeof(*report)) {
		ssize_t got =
			read(fd, (char *)report + used, sizeof(*report) - used);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return EPIPE;
		used += (size_t)got;
	}
	return 0;
}

/* The group first: as long as the helper is not reaped the number is its. */
static void end_helper(void)
{
	pid_t pid = running;
	sigset_t blocked, before;

	fill_set(&blocked);
	sigprocmask(SIG_BLOCK, &blocked, &before);
	kill(-pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	running = 0;
	sigprocmask(SIG_SETMASK, &before, NULL);
}

int exec_spawn(char *const *command, char *const *environment, bool fixed,
	struct exec_child_report *report)
{
	int pipe_fd[2], wrong;

	memset(report, 0, sizeof(*report));
	if (pipe2(pipe_fd, O_CLOEXEC) != 0)
		return -1;
	wrong = start(command, environment, fixed, pipe_fd[1]);
	close(pipe_fd[1]);
	if (wrong == 0) {
		wrong = read_report(pipe_fd[0], report);
		end_helper();
	}
	close(pipe_fd[0]);
	errno = wrong;
	return wrong == 0 ? 0 : -1;
}
