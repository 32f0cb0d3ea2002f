// SPDX-License-Identifier: MIT
#include "record_run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "commands.h"

#define POLL_NS                                                                \
	20000000 /* where the kernel has no descriptors of processes           \
		  */

static volatile sig_atomic_t program;

/* What the program sends to its whole group it has had itself. The terminal
 * sends its own to the program, too. */
static void pass_on(int signal, siginfo_t *sender, void *context)
{
	bool of_terminal = signal == SIGINT || signal == SIGQUIT;

	(void)context;
	if (program <= 0 || sender->si_pid == (pid_t)program ||
		(of_terminal && sender->si_code > 0))
		return;
	kill((pid_t)program, signal);
}

static const int passed[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP};
#define PASSED (sizeof(passed) / sizeof(passed[0]))

static void pass_signals_on(void)
{
	struct sigaction action = {
		.sa_sigaction = pass_on,
		.sa_flags = SA_RESTART | SA_SIGINFO,
	};

	for (size_t i = 0; i < PASSED; i++)
		sigaction(passed[i], &action, NULL);
}

/* The keeper may write a line to the terminal, whose group it is not in. */
static void ignore_terminal(void)
{
	static const int signals[] = {SIGTTOU, SIGTTIN, SIGTSTP};
	struct sigaction action = {.sa_handler = SIG_IGN};

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaction(signals[i], &action, NULL);
}

/* What the keeper tells: once when there is a program, once at its end. */
static bool tell(int fd, const struct record_end *end)
{
	ssize_t done;

	do
		done = send(fd, end, sizeof(*end), MSG_NOSIGNAL);
	while (done < 0 && errno == EINTR);
	return done == (ssize_t)sizeof(*end);
}

static bool hear(int fd, struct record_end *end)
{
	ssize_t done;

	do
		done = read(fd, end, sizeof(*end));
	while (done < 0 && errno == EINTR);
	return done == (ssize_t)sizeof(*end);
}

/* Each of the two hears whether the other is left to finish the recording: what
 * was written may be read by nobody any more. */
static void take_over(int fd)
{
	while (send(fd, "", 1, MSG_NOSIGNAL) < 0 && errno == EINTR)
		;
}

static bool is_taken_over(int fd)
{
	ssize_t done;
	char byte;

	do
		done = read(fd, &byte, 1);
	while (done < 0 && errno == EINTR);
	return done == 1;
}

/* In the program to be: back in its caller's group. */
static void start(void (*become)(const void *request), const void *request,
	pid_t group, int report)
{
	int reason;

	setpgid(0, group);
	become(request);
	reason = errno;
	if (write(report, &reason, sizeof(reason)) < 0)
		_exit(EXIT_WRONG_USE);
	_exit(EXIT_WRONG_USE);
}

/* The program, started by the keeper. */
static struct record_end start_program(
	void (*become)(const void *request), const void *request, pid_t group)
{
	struct record_end end = {.pid = -1};
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0) {
		end.reason = errno;
		return end;
	}
	end.pid = fork();
	if (end.pid == 0)
		start(become, request, group, ends[1]);
	if (end.pid < 0)
		end.reason = errno;
	close(ends[1]);
	ignore_terminal();
	if (end.pid > 0 && read(ends[0], &end.reason, sizeof(end.reason)) <= 0)
		end.reason = 0;
	close(ends[0]);
	return end;
}

/* The process that is the program's parent. Where nobody hears the program's
 * end any more, it finishes the recording. */
static void keep(void (*become)(const void *request),
	int (*finish)(const void *request, const struct record_end *end),
	const void *request, int news)
{
	pid_t group = getpgrp();
	struct record_end end;
	int code = EXIT_DONE;

	setpgid(0, 0);
	end = start_program(become, request, group);
	tell(news, &end);
	if (end.pid > 0) {
		while (waitpid(end.pid, &end.status, 0) < 0 && errno == EINTR)
			;
		end.seen = true;
	}
	if ((!tell(news, &end) || !is_taken_over(news)) && end.reason == 0)
		code = finish(request, &end);
	_exit(code);
}

/* Waits for the end of a process that is not our child. */
static void wait_for_stranger(pid_t pid, int process)
{
	const struct timespec pause = {0, POLL_NS};
	struct pollfd wanted = {.fd = process, .events = POLLIN};

	if (process >= 0)
		while (poll(&wanted, 1, -1) < 0 && errno == EINTR)
			;
	else
		while (kill(pid, 0) == 0 || errno == EPERM)
			nanosleep(&pause, NULL);
}

/* The program's end as the keeper tells it, or where that is gone as it is. */
static struct record_end stay(int news)
{
	struct record_end first = {.reason = ECHILD}, end;
	int process;

	if (!hear(news, &first) || first.reason != 0)
		return first;
	program = first.pid;
	process = (int)syscall(SYS_pidfd_open, first.pid, 0);
	pass_signals_on();
	if (!hear(news, &end)) {
		wait_for_stranger(first.pid, process);
		end = first;
	}
	take_over(news);
	if (process >= 0)
		close(process);
	return end;
}

int record_run(void (*become)(const void *request),
	int (*finish)(const void *request, const struct record_end *end),
	const void *request)
{
	struct record_end end = {.pid = -1};
	int news[2], status;
	pid_t keeper;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, news) != 0) {
		end.reason = errno;
		return finish(request, &end);
	}
	keeper = fork();
	if (keeper == 0) {
		close(news[0]);
		keep(become, finish, request, news[1]);
	}
	end.reason = keeper < 0 ? errno : 0;
	close(news[1]);
	if (keeper > 0) {
		end = stay(news[0]);
		close(news[0]);
		while (waitpid(keeper, &status, 0) < 0 && errno == EINTR)
			;
	} else {
		close(news[0]);
	}
	return finish(request, &end);
}
