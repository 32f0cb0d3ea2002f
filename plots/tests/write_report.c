// SPDX-License-Identifier: MIT
//
// write_report RUN: the library call as a program, for test_report.py.
#include <stdio.h>

#include "report.h"

int main(int count, char **arguments)
{
	char warning[CSV_ERROR], error[CSV_ERROR];

	if (count != 2) {
		fputs("usage: write_report RUN\n", stderr);
		return 2;
	}
	if (report_write(arguments[1], warning, error)) {
		fprintf(stderr, "write_report: %s\n", error);
		return 1;
	}
	if (*warning)
		fprintf(stderr, "warning: %s\n", warning);
	return 0;
}
