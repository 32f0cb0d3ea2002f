// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "nearest_name.h"

static const char *const names[] = {"launches", "rounds", "threads", "tls",
	"slot", "none", "exec", "export", NULL};

static void nearest(void **state)
{
	static const char of_100[] = "lllllllllllllllllllllllllllllllllllllllll"
				     "lllllllllllllllllllllllllllllllllllllllll"
				     "llllllllllllllllll";
	static const struct {
		const char *word, *said;
	} cases[] = {
		{"lanches", "; did you mean 'launches'?"},
		{"launchess", "; did you mean 'launches'?"},
		{"luanches", "; did you mean 'launches'?"}, /* one mistake */
		{"round", "; did you mean 'rounds'?"},
		{"Tls", "; did you mean 'tls'?"},
		{"tsl", "; did you mean 'tls'?"},
		{"solt", "; did you mean 'slot'?"},
		{"exprt", "; did you mean 'export'?"},
		{"exec", ""},
		{"x", ""},
		{"", ""},
		{"tlxy", ""},
		{"anything", ""},
		{of_100, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct nearest_name found = {.word = cases[i].word};
		struct error error = {.text = "wrong"};
		char want[64];

		for (size_t j = 0; names[j] != NULL; j++)
			nearest_name_try(&found, names[j]);
		error_add_nearest(&error, &found);
		snprintf(want, sizeof(want), "wrong%s", cases[i].said);
		if (strcmp(error.text, want) != 0)
			fail_msg("'%s': \"%s\", not \"%s\"", cases[i].word,
				error.text, want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nearest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
