// SPDX-License-Identifier: MIT
//
// write_report RUN: the library call as a program, for test_report.py.
#include <stdio.h>

#include "report.h"

int main(int count, char **arguments)
{
	struct error warning;
	struct error error;

	if (count != 2) {
		fputs("usage: write_report RUN\n", stderr);
		return 2;
	}
	if (report_write(arguments[1], &warning, &error)) {
		fprintf(stderr, "write_report: %s\n", error.text);
		return 1;
	}
	if (warning.text[0] != '\0')
		fprintf(stderr, "warning: %s\n", warning.text);
	return 0;
}
