// SPDX-License-Identifier: MIT
//
// How a process forks, becomes another program, and ends. execl and its kind
// put their arguments into an array on the stack, as the C library does.
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include "recorder.h"

extern char **environ;

static struct {
	pid_t (*fork)(void);
	void (*abort)(void);
	void (*_exit)(int code);
	int (*execve)(const char *, char *const *, char *const *);
	int (*execvpe)(const char *, char *const *, char *const *);
	int (*fexecve)(int, char *const *, char *const *);
	int (*execveat)(int, const char *, char *const *, char *const *, int);
} next;

/* Data pointers from dlsym() into function pointers. */
static void find(const char *name, void *call)
{
	*(void **)call = next_symbol(name);
}

__attribute__((constructor)) static void find_calls(void)
{
	if (next._exit != NULL)
		return;
	find("fork", &next.fork);
	find("abort", &next.abort);
	find("execve", &next.execve);
	find("execvpe", &next.execvpe);
	find("fexecve", &next.fexecve);
	find("execveat", &next.execveat);
	find("_exit", &next._exit);
}

PUBLIC pid_t fork(void)
{
	struct trace_buffer *buffer = recorder_buffer();
	pid_t pid;

	find_calls();
	pid = next.fork();
	if (pid == 0)
		recorder_forked();
	if (pid > 0 && buffer != NULL)
		trace_event_fork(buffer, (uint32_t)pid);
	return pid;
}

/* Behind the destructors of the program and of what it is linked with. */
__attribute__((destructor)) static void end_at_exit(void)
{
	if (recorder_is_mine())
		recorder_end(TRACE_END_EXIT);
}

PUBLIC NORETURN void _exit(int code)
{
	find_calls();
	end_at_exit();
	next._exit(code);
	__builtin_unreachable();
}

PUBLIC NORETURN void _Exit(int code)
{
	_exit(code);
}

/* The program may catch the signal and live on. */
PUBLIC NORETURN void abort(void)
{
	find_calls();
	if (recorder_is_mine()) {
		recorder_end(TRACE_END_STOP);
		recorder_go_on();
	}
	next.abort();
	__builtin_unreachable();
}

/* Whether there is something to take back. A vfork child leaves its parent's
 * recording alone. */
static bool before_exec(void)
{
	bool mine = recorder_is_mine();

	find_calls();
	if (mine)
		recorder_end(TRACE_END_EXEC);
	return mine;
}

static int exec_failed(bool ended, int result)
{
	if (ended)
		recorder_go_on();
	return result;
}

PUBLIC int execve(
	const char *path, char *const *arguments, char *const *environment)
{
	bool ended = before_exec();

	return exec_failed(ended, next.execve(path, arguments, environment));
}

PUBLIC int execvpe(
	const char *file, char *const *arguments, char *const *environment)
{
	bool ended = before_exec();

	return exec_failed(ended, next.execvpe(file, arguments, environment));
}

PUBLIC int execv(const char *path, char *const *arguments)
{
	return execve(path, arguments, environ);
}

PUBLIC int execvp(const char *file, char *const *arguments)
{
	return execvpe(file, arguments, environ);
}

PUBLIC int fexecve(int fd, char *const *arguments, char *const *environment)
{
	bool ended = before_exec();

	return exec_failed(ended, next.fexecve(fd, arguments, environment));
}

PUBLIC int execveat(int fd, const char *path, char *const *arguments,
	char *const *environment, int flags)
{
	bool ended = before_exec();

	return exec_failed(
		ended, next.execveat(fd, path, arguments, environment, flags));
}

/* How many arguments there are, the NULL behind them included. */
static size_t count_arguments(const char *first, va_list rest)
{
	size_t count = 2;

	while (first != NULL && va_arg(rest, char *) != NULL)
		count++;
	return count;
}

/* Fills array[] and returns it; `rest` then stands behind the NULL. */
#define TAKE_ARGUMENTS(array, first, rest)                                     \
	do {                                                                   \
		(array)[0] = (char *)(size_t)(first);                          \
		for (size_t at = 1; (array)[at - 1] != NULL &&                 \
			((array)[at] = va_arg(rest, char *)) != NULL;          \
			at++)                                                  \
			;                                                      \
	} while (0)

PUBLIC int execl(const char *path, const char *first, ...)
{
	va_list rest;
	size_t count;
	char **array;

	va_start(rest, first);
	count = count_arguments(first, rest);
	va_end(rest);
	array = __builtin_alloca(count * sizeof(*array));
	va_start(rest, first);
	TAKE_ARGUMENTS(array, first, rest);
	va_end(rest);
	return execve(path, array, environ);
}

PUBLIC int execlp(const char *file, const char *first, ...)
{
	va_list rest;
	size_t count;
	char **array;

	va_start(rest, first);
	count = count_arguments(first, rest);
	va_end(rest);
	array = __builtin_alloca(count * sizeof(*array));
	va_start(rest, first);
	TAKE_ARGUMENTS(array, first, rest);
	va_end(rest);
	return execvpe(file, array, environ);
}

PUBLIC int execle(const char *path, const char *first, ...)
{
	char *const *environment;
	va_list rest;
	size_t count;
	char **array;

	va_start(rest, first);
	count = count_arguments(first, rest);
	va_end(rest);
	array = __builtin_alloca(count * sizeof(*array));
	va_start(rest, first);
	TAKE_ARGUMENTS(array, first, rest);
	environment = va_arg(rest, char *const *);
	va_end(rest);
	return execve(path, array, environment);
}
