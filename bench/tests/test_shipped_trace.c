// SPDX-License-Identifier: MIT
//
// A trace by its bare name: the file that is here, else the one that came with
// the suite.
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "shipped_trace.h"

static char folder[] = "shipped-XXXXXX";

static void make(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	close(fd);
}

static int make_files(void **state)
{
	char path[64];

	(void)state;
	if (mkdtemp(folder) == NULL || chdir(folder) != 0 ||
		mkdir("far", 0700) != 0)
		return -1;
	snprintf(path, sizeof(path), "far/%s", "far.trace");
	make(path);
	snprintf(path, sizeof(path), "far/%s", "both.trace");
	make(path);
	make("both.trace");
	make("here.trace");
	return 0;
}

static int delete_files(void **state)
{
	(void)state;
	return unlink("far/far.trace") | unlink("far/both.trace") |
		unlink("both.trace") | unlink("here.trace") | rmdir("far") |
		chdir("..") | rmdir(folder);
}

static void finds(void **state)
{
	static const struct {
		const char *folder, *name, *path;
	} cases[] = {
		{NULL, "here.trace", "here.trace"},
		{NULL, "far.trace", "far.trace"},
		{"far", "here.trace", "here.trace"},
		{"far", "far.trace", "far/far.trace"},
		{"far", "both.trace", "both.trace"},
		{"far", "./far.trace", "./far.trace"},
		{"far", "nowhere.trace", "nowhere.trace"},
		{"nowhere", "far.trace", "far.trace"},
	};
	char room[SHIPPED_TRACE_PATH];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *path;

		if (cases[i].folder == NULL)
			unsetenv(SHIPPED_TRACE_FOLDER);
		else
			setenv(SHIPPED_TRACE_FOLDER, cases[i].folder, 1);
		path = shipped_trace_path(cases[i].name, room);
		if (strcmp(path, cases[i].path) != 0)
			fail_msg("%s, folder %s: %s, and not %s", cases[i].name,
				cases[i].folder == NULL ? "none"
							: cases[i].folder,
				path, cases[i].path);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(finds)};

	return cmocka_run_group_tests(tests, make_files, delete_files);
}
