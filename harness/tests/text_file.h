// SPDX-License-Identifier: MIT
//
// A file that a test writes. Include it behind cmocka.h.
#ifndef SERIALBENCH_TESTS_TEXT_FILE_H
#define SERIALBENCH_TESTS_TEXT_FILE_H

#include <stdio.h>

static inline void write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

#endif /* SERIALBENCH_TESTS_TEXT_FILE_H */
