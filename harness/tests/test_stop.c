// SPDX-License-Identifier: MIT
//
// The signals that ask for a stop: the first asks, the second ends.
#include "stop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const struct {
	int signal, exit_code;
	const char *name;
} cases[] = {
	{SIGINT, 130, "Ctrl-C"},
	{SIGTERM, 143, "SIGTERM"},
	{SIGHUP, 129, "SIGHUP"},
};

#define CASES (sizeof(cases) / sizeof(cases[0]))

static void test_nobody(void **state)
{
	(void)state;
	stop_asked = 0;
	assert_string_equal(stop_name(), "");
	assert_int_equal(stop_exit_code(), 0);
}

static void test_first(void **state)
{
	(void)state;
	for (size_t i = 0; i < CASES; i++) {
		stop_asked = 0;
		stop_catch();
		raise(cases[i].signal);
		assert_int_equal(stop_asked, cases[i].signal);
		assert_string_equal(stop_name(), cases[i].name);
		assert_int_equal(stop_exit_code(), cases[i].exit_code);
	}
	stop_asked = 0;
}

/* The wait status of a child that has caught signals and raises one twice. */
static int raise_twice(int number, bool ignored)
{
	pid_t child = fork();
	int status = 0;

	assert_true(child >= 0);
	if (child == 0) {
		if (ignored)
			signal(number, SIG_IGN);
		stop_catch();
		raise(number);
		raise(number);
		_exit(stop_asked == 0 ? 7 : 8);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static void test_second(void **state)
{
	(void)state;
	for (size_t i = 0; i < CASES; i++) {
		int status = raise_twice(cases[i].signal, false);

		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), cases[i].signal);
	}
}

/* nohup's SIGHUP stays ignored; a background job's SIGINT is caught. */
static void test_ignored(void **state)
{
	int status = raise_twice(SIGHUP, true);

	(void)state;
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 7);
	status = raise_twice(SIGINT, true);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGINT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nobody),
		cmocka_unit_test(test_first),
		cmocka_unit_test(test_second),
		cmocka_unit_test(test_ignored),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
