// SPDX-License-Identifier: MIT
#include "streams.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "descriptors.h"

static void go_on(int signal)
{
	(void)signal;
}

/* A handler and not SIG_IGN, which a program that is started would inherit. */
static void survive(int signal)
{
	struct sigaction action = {
		.sa_handler = go_on,
		.sa_flags = SA_RESTART,
	};
	struct sigaction before;

	if (sigaction(signal, NULL, &before) == 0 &&
		before.sa_handler == SIG_DFL)
		sigaction(signal, &action, NULL);
}

static bool are_one_file(int one, int other)
{
	struct stat a, b;

	return fstat(one, &a) == 0 && fstat(other, &b) == 0 &&
		a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

void streams_begin(void)
{
	descriptors_open();
	survive(SIGPIPE);
	survive(SIGXFSZ);
	if (are_one_file(STDOUT_FILENO, STDERR_FILENO))
		setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
}
