// SPDX-License-Identifier: MIT
#include "exec_spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "exec_orphans.h"
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
	signals->adopted = exec_orphans_adopt(1);
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
	exec_orphans_adopt(signals->adopted);
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

/* Both ends of what the helper and the command write into. */
struct pipes {
	int report[2], errors[2];
};

static int open_pipes(struct pipes *pipes)
{
	if (pipe2(pipes->report, O_CLOEXEC) != 0)
		return -1;
	if (pipe2(pipes->errors, O_CLOEXEC) == 0) {
		fcntl(pipes->errors[0], F_SETFL, O_NONBLOCK);
		return 0;
	}
	close(pipes->report[0]);
	close(pipes->report[1]);
	return -1;
}

/* A session of its own, no signal blocked. */
static int spawn_helper(char **arguments, const struct exec_start *start,
	const struct pipes *pipes, pid_t *pid)
{
	const char *input =
		start->stdin_file != NULL ? start->stdin_file : "/dev/null";
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
	posix_spawn_file_actions_addopen(
		&actions, STDIN_FILENO, input, O_RDONLY, 0);
	posix_spawn_file_actions_addopen(
		&actions, STDOUT_FILENO, "/dev/null", O_RDWR, 0);
	posix_spawn_file_actions_adddup2(
		&actions, pipes->errors[1], STDERR_FILENO);
	posix_spawn_file_actions_adddup2(
		&actions, pipes->report[1], EXEC_CHILD_FD);
	result = posix_spawn(pid, arguments[0], &actions, &attributes,
		arguments, start->environment);
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
static int begin(const struct exec_start *start, const struct pipes *pipes)
{
	char **arguments = make_arguments(start->command, start->fixed);
	sigset_t blocked, before;
	pid_t pid = 0;
	int wrong = ENOMEM;

	if (arguments == NULL)
		return wrong;
	fill_set(&blocked);
	sigprocmask(SIG_BLOCK, &blocked, &before);
	wrong = exec_stopped() ? EINTR
			       : spawn_helper(arguments, start, pipes, &pid);
	if (wrong == 0)
		running = pid;
	sigprocmask(SIG_SETMASK, &before, NULL);
	free(arguments);
	return wrong;
}

/* Some of the report. Whether more is to come. */
static bool read_report(int fd, struct exec_child_report *report, size_t *used)
{
	ssize_t got = read(fd, (char *)report + *used, sizeof(*report) - *used);

	if (got > 0)
		*used += (size_t)got;
	return *used < sizeof(*report) &&
		(got > 0 || (got < 0 && errno == EINTR));
}

/* What the command says is read all the time, so that it never waits. 0, or
 * EPIPE where the helper ended before it had reported. */
static int listen_to(const struct pipes *pipes,
	struct exec_child_report *report, struct exec_tail *tail)
{
	struct pollfd ends[] = {
		{.fd = pipes->report[0], .events = POLLIN},
		{.fd = pipes->errors[0], .events = POLLIN},
	};
	size_t used = 0;
	bool more = true;

	while (more) {
		if (poll(ends, 2, -1) < 0) {
			if (errno == EINTR)
				continue;
			return errno;
		}
		/* At its end poll() would return for it again and again. */
		if (ends[1].revents != 0 &&
			exec_tail_read(tail, ends[1].fd) == 0)
			ends[1].fd = -1;
		if (ends[0].revents != 0)
			more = read_report(ends[0].fd, report, &used);
	}
	return used == sizeof(*report) ? 0 : EPIPE;
}

/* The group first: as long as the helper is not reaped the number is its.
 * Whether a helper that has ended was killed. */
static bool end_helper(const struct exec_children *known, bool has_ended)
{
	pid_t pid = running;
	sigset_t blocked, before;
	siginfo_t ended = {0};

	/* Before the group is killed, and the helper with it. */
	while (has_ended &&
		waitid(P_PID, (id_t)pid, &ended, WEXITED | WNOWAIT) < 0 &&
		errno == EINTR)
		;
	fill_set(&blocked);
	sigprocmask(SIG_BLOCK, &blocked, &before);
	kill(-pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	running = 0;
	sigprocmask(SIG_SETMASK, &before, NULL);
	exec_orphans_end(known);
	return has_ended && ended.si_code != CLD_EXITED;
}

int exec_spawn(const struct exec_start *start, struct exec_child_report *report,
	struct exec_tail *tail)
{
	struct exec_children known;
	struct pipes pipes;
	bool killed = false;
	int wrong;

	memset(report, 0, sizeof(*report));
	memset(tail, 0, sizeof(*tail));
	if (open_pipes(&pipes) != 0)
		return -1;
	exec_children_read(&known);
	wrong = begin(start, &pipes);
	close(pipes.report[1]);
	close(pipes.errors[1]);
	if (wrong == 0) {
		wrong = listen_to(&pipes, report, tail);
		killed = end_helper(&known, wrong == EPIPE);
		exec_tail_read(tail, pipes.errors[0]);
	}
	close(pipes.report[0]);
	close(pipes.errors[0]);
	if (wrong != 0 && killed)
		return 1;
	errno = wrong;
	return wrong == 0 ? 0 : -1;
}
