// SPDX-License-Identifier: MIT
//
// Copies of a program: the same bytes in other memory, which runs, also when
// the copy was dropped since; what cannot be copied is taken as it is.
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "lane_shared.h"
#include "program_copy.h"

extern char **environ;

static struct stat look(const char *path)
{
	struct stat file;

	if (stat(path, &file) != 0)
		fail_msg("%s: %s", path, strerror(errno));
	return file;
}

static size_t read_some(int fd, unsigned char *bytes, size_t size)
{
	size_t got = 0;

	for (ssize_t more = 1; got < size && more > 0;) {
		more = read(fd, bytes + got, size - got);
		if (more > 0)
			got += (size_t)more;
	}
	return got;
}

static void same_bytes_elsewhere(void **state)
{
	const char *program = "/proc/self/exe";
	unsigned char bytes[2][4096];
	struct program_copy copy;
	size_t got[2], at = 0;
	int fds[2];

	(void)state;
	program_copy_make(&copy, program);
	assert_true(copy.fd > LANE_COMMON_FD);
	assert_ptr_equal(copy.path, copy.link);
	assert_true(fcntl(copy.fd, F_GETFD) & FD_CLOEXEC);
	assert_int_equal(look(copy.path).st_size, look(program).st_size);
	assert_true(look(copy.path).st_ino != look(program).st_ino ||
		look(copy.path).st_dev != look(program).st_dev);
	fds[0] = open(program, O_RDONLY);
	fds[1] = open(copy.path, O_RDONLY);
	do {
		for (unsigned i = 0; i < 2; i++)
			got[i] = read_some(fds[i], bytes[i], sizeof(bytes[i]));
		if (got[0] != got[1] || memcmp(bytes[0], bytes[1], got[0]) != 0)
			fail_msg("differs within %zu bytes of %zu", got[0], at);
		at += got[0];
	} while (got[0] > 0);
	assert_int_equal(at, look(program).st_size);
	close(fds[0]);
	close(fds[1]);
	program_copy_drop(&copy);
}

/* Starts it, drops the copy, then lets it end with its code. */
static int code_of(const char *program, char *const arguments[])
{
	struct program_copy copy;
	pid_t pid;
	int error, status;

	program_copy_make(&copy, program);
	error = posix_spawn(&pid, copy.path, NULL, NULL, arguments, environ);
	program_copy_drop(&copy);
	assert_int_equal(copy.fd, -1);
	if (error != 0)
		return -error;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void runs_when_dropped(void **state)
{
	char *const arguments[] = {
		(char *)"sh", (char *)"-c", (char *)"sleep 0.1; exit 7", NULL};

	(void)state;
	assert_int_equal(code_of("/bin/sh", arguments), 7);
}

static void no_file(void **state)
{
	static const char nowhere[] = "/nonexistent/worker";
	char *const arguments[] = {(char *)"worker", NULL};
	struct program_copy copy;

	(void)state;
	program_copy_make(&copy, nowhere);
	assert_int_equal(copy.fd, -1);
	assert_ptr_equal(copy.path, nowhere);
	program_copy_drop(&copy);
	assert_int_equal(code_of(nowhere, arguments), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_bytes_elsewhere),
		cmocka_unit_test(runs_when_dropped),
		cmocka_unit_test(no_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
