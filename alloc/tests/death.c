// SPDX-License-Identifier: MIT
#include "death.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHILD_SECONDS 60

static void be_child(int out, void (*act)(const void *), const void *what)
{
	static const int signals[] = {
		SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS, SIGTRAP};
	struct rlimit no_core = {0, 0};

	/* Not cmocka's handlers. */
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		signal(signals[i], SIG_DFL);
	setrlimit(RLIMIT_CORE, &no_core);
	alarm(CHILD_SECONDS);
	dup2(out, STDERR_FILENO);
	close(out);
	act(what);
	_exit(0);
}

static void read_all(struct death *death, int in)
{
	for (;;) {
		ssize_t n = read(in, death->text + death->size,
			sizeof(death->text) - 1 - death->size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		death->size += (size_t)n;
	}
	death->text[death->size] = '\0';
}

void death_of(struct death *death, void (*act)(const void *), const void *what)
{
	int ends[2], status;
	pid_t child;

	memset(death, 0, sizeof(*death));
	if (pipe(ends) != 0)
		abort();
	child = fork();
	if (child < 0)
		abort();
	if (child == 0) {
		close(ends[0]);
		be_child(ends[1], act, what);
	}
	close(ends[1]);
	read_all(death, ends[0]);
	close(ends[0]);
	while (waitpid(child, &status, 0) != child)
		;
	death->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	death->status = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
}
