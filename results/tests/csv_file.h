// SPDX-License-Identifier: MIT
//
// A path for a file of each test's own.
#ifndef SERIALBENCH_RESULTS_CSV_FILE_H
#define SERIALBENCH_RESULTS_CSV_FILE_H

#include "check.h"

static struct check_directory directory;
static char path[512];

static int make_directory(void **state)
{
	(void)state;
	check_directory_make(&directory);
	check_path(path, &directory, "a.csv");
	return 0;
}

static int remove_directory(void **state)
{
	static const char *const names[] = {"a.csv", NULL};

	(void)state;
	check_directory_finish(&directory, names);
	return 0;
}

#define FILE_TEST(function)                                                    \
	cmocka_unit_test_setup_teardown(                                       \
		function, make_directory, remove_directory)

#endif /* SERIALBENCH_RESULTS_CSV_FILE_H */
