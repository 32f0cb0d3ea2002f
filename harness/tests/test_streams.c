// SPDX-License-Identifier: MIT
//
// What may happen to the streams of a program: one file for data and talk, a
// reader that is gone, a limit on file sizes.
#include "streams.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* Both pipes' text of a child that says talk between two lines of data. */
static void speak(char *data, char *talk, size_t size, bool one_file)
{
	int out[2], err[2], status;
	pid_t child;

	assert_int_equal(pipe(out), 0);
	assert_int_equal(pipe(err), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		dup2(out[1], STDOUT_FILENO);
		dup2(one_file ? out[1] : err[1], STDERR_FILENO);
		/* Streams that nothing was written to yet. */
		execl("/proc/self/exe", "test_streams", "speak", NULL);
		_exit(1);
	}
	close(out[1]);
	close(err[1]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	for (int i = 0; i < 2; i++) {
		int fd = i == 0 ? out[0] : err[0];
		char *text = i == 0 ? data : talk;
		ssize_t got = read(fd, text, size - 1);

		assert_true(got >= 0);
		text[got] = '\0';
		close(fd);
	}
}

static void test_order(void **state)
{
	char data[256], talk[256];

	(void)state;
	speak(data, talk, sizeof(data), true);
	assert_string_equal(data, "data 1\ntalk\ndata 2\n");
	assert_string_equal(talk, "");
	speak(data, talk, sizeof(data), false);
	assert_string_equal(data, "data 1\ndata 2\n");
	assert_string_equal(talk, "talk\n");
}

/* errno of the write, as the exit code of a child. */
static int write_to_nobody(void)
{
	int ends[2];

	if (pipe(ends) != 0 || close(ends[0]) != 0)
		return 1;
	return write(ends[1], "x", 1) < 0 ? errno : 0;
}

static int write_too_much(void)
{
	struct rlimit limit = {4, 4};
	char path[] = "streams-test-XXXXXX";
	int fd = mkstemp(path);

	if (fd < 0 || unlink(path) != 0 ||
		setrlimit(RLIMIT_FSIZE, &limit) != 0 ||
		write(fd, "1234", 4) != 4)
		return 1;
	return write(fd, "5", 1) < 0 ? errno : 0;
}

static int status_of(int (*act)(void), bool begun)
{
	pid_t child = fork();
	int status = 0;

	assert_true(child >= 0);
	if (child == 0) {
		struct rlimit none = {0, 0};

		setrlimit(RLIMIT_CORE, &none);
		signal(SIGPIPE, SIG_DFL);
		signal(SIGXFSZ, SIG_DFL);
		if (begun)
			streams_begin();
		_exit(act());
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static void test_signals(void **state)
{
	const struct {
		int (*act)(void);
		int signal, error;
	} cases[] = {
		{write_to_nobody, SIGPIPE, EPIPE},
		{write_too_much, SIGXFSZ, EFBIG},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int status = status_of(cases[i].act, false);

		/* The case is one: without streams_begin() it ends us. */
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), cases[i].signal);
		status = status_of(cases[i].act, true);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), cases[i].error);
	}
}

/* Bit by bit the descriptors that are closed. 0, or what was not so. */
static int find_missing(unsigned closed)
{
	char byte = 'x';

	for (int fd = 0; fd < 3; fd++)
		if (closed & 1u << fd)
			close(fd);
	streams_begin();
	if (open("/dev/null", O_RDWR) < 3)
		return 1;
	for (int fd = 0; fd < 3; fd++)
		if (closed & 1u << fd &&
			((fd == 0 ? read(fd, &byte, 1) : write(fd, &byte, 1)) >=
					0 ||
				errno != EBADF))
			return 10 + fd;
	return 0;
}

static void test_missing(void **state)
{
	(void)state;
	for (unsigned closed = 0; closed < 8; closed++) {
		pid_t child = fork();
		int status;

		assert_true(child >= 0);
		if (child == 0)
			_exit(find_missing(closed));
		assert_int_equal(waitpid(child, &status, 0), child);
		print_message("closed %x: status %x\n", closed, status);
		assert_int_equal(status, 0);
	}
}

/* A program that is started has the default action again. */
static void test_started(void **state)
{
	int status;

	(void)state;
	streams_begin();
	status = system("kill -PIPE $$");
	assert_true(WIFSIGNALED(status) ||
		(WIFEXITED(status) && WEXITSTATUS(status) == 128 + SIGPIPE));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_signals),
		cmocka_unit_test(test_missing),
		cmocka_unit_test(test_started),
	};

	(void)argv;
	if (argc > 1) {
		streams_begin();
		puts("data 1");
		fputs("talk\n", stderr);
		puts("data 2");
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
