// SPDX-License-Identifier: MIT
//
// What is set, wrapped and cut.
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "error_text.h"

static void test_texts(void **state)
{
	struct error error = {0};

	(void)state;
	assert_int_equal(
		error_set(&error, "%s:%d: %s", "plan.csv", 3, "why"), -1);
	assert_string_equal(error.text, "plan.csv:3: why");
	assert_int_equal(error_wrap(&error, "run '%s'", "a"), -1);
	assert_string_equal(error.text, "run 'a': plan.csv:3: why");
	/* The old text may be an argument of the new one. */
	error_set(&error, "(%s)", error.text);
	assert_string_equal(error.text, "(run 'a': plan.csv:3: why)");
	assert_int_equal(error_add(&error, ", %d", 4), -1);
	assert_string_equal(error.text, "(run 'a': plan.csv:3: why), 4");
}

static void test_errno(void **state)
{
	struct error error = {0};

	(void)state;
	errno = ENOENT;
	assert_int_equal(error_set_errno(&error, "a.csv"), -1);
	assert_string_equal(error.text, "a.csv: No such file or directory");
	assert_int_equal(errno, ENOENT);
}

/* A text that is too long ends with an ellipsis, never within a character. */
static void test_too_long(void **state)
{
	static const char *const characters[] = {"x", "é", "€", "😀"};
	static char text[3 * ERROR_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof(characters) / sizeof(characters[0]);
		i++) {
		const char *character = characters[i];
		struct error error = {0};
		size_t length = 0, end;

		while (length < 2 * ERROR_TEXT) {
			strcpy(text + length, character);
			length += strlen(character);
		}
		for (int wrapped = 0; wrapped < 2; wrapped++) {
			if (wrapped)
				error_wrap(&error, "%s", "a");
			else
				error_set(&error, "%s", text);
			end = strlen(error.text);
			assert_in_range(end, ERROR_TEXT - 8, ERROR_TEXT - 1);
			assert_string_equal(
				error.text + end - strlen("…"), "…");
			assert_memory_equal(error.text + (wrapped ? 3 : 0),
				text,
				end - strlen("…") -
					(wrapped ? 3 + strlen("…") : 0) -
					strlen(character));
		}
	}
}

static void test_no_room(void **state)
{
	static const struct {
		int number;
		bool no_room;
	} cases[] = {{ENOSPC, true}, {EDQUOT, true}, {EFBIG, true}, {EIO, true},
		{EACCES, false}, {ENOENT, false}, {0, false}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (error_is_no_room(cases[i].number) != cases[i].no_room)
			fail_msg("%s", strerror(cases[i].number));
}

/* Which limit it was stands in the reason, and only there. */
static void test_limit(void **state)
{
	static const struct {
		int number;
		__rlimit_resource_t resource;
		rlim_t value;
		const char *reason, *added;
	} cases[] = {
		{EFBIG, RLIMIT_FSIZE, 8192,
			"File too large: the limit on file sizes (ulimit -f) "
			"is 8192 bytes",
			"file sizes 8192 bytes (ulimit -f)"},
		{ENOMEM, RLIMIT_AS, (rlim_t)1 << 40,
			"Cannot allocate memory: the limit on address space "
			"(ulimit -v) is 1099511627776 bytes",
			"address space 1099511627776 bytes (ulimit -v)"},
		{EMFILE, RLIMIT_NOFILE, 20,
			"Too many open files: the limit on open files "
			"(ulimit -n) is 20",
			"open files 20 (ulimit -n)"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct error error = {"failed"};
		struct rlimit old, limit;

		assert_int_equal(getrlimit(cases[i].resource, &old), 0);
		limit = old;
		limit.rlim_cur = cases[i].value;
		assert_int_equal(setrlimit(cases[i].resource, &limit), 0);
		assert_string_equal(
			error_reason(cases[i].number), cases[i].reason);
		assert_string_equal(error_reason(ENOSPC), strerror(ENOSPC));
		assert_string_equal(error_reason(0), strerror(0));
		error_add_limits(&error);
		assert_memory_equal(error.text, "failed; limits: ", 16);
		assert_non_null(strstr(error.text, cases[i].added));
		assert_int_equal(setrlimit(cases[i].resource, &old), 0);
		if (old.rlim_cur == RLIM_INFINITY)
			assert_string_equal(error_reason(cases[i].number),
				strerror(cases[i].number));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_errno),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_no_room),
		cmocka_unit_test(test_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
