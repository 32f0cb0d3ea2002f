// SPDX-License-Identifier: MIT
//
// write_report RUN [SECONDS]: the library call as a program, for
// test_report.py; a gnuplot has so many seconds.
#include <stdio.h>
#include <stdlib.h>

#include "gnuplot.h"
#include "report.h"

int main(int count, char **arguments)
{
	struct error warning;
	struct error error;

	if (count != 2 && count != 3) {
		fputs("usage: write_report RUN [SECONDS]\n", stderr);
		return 2;
	}
	if (count == 3)
		gnuplot_deadline_s = (unsigned)atoi(arguments[2]);
	if (report_write(arguments[1], &warning, &error)) {
		fprintf(stderr, "write_report: %s\n", error.text);
		return 1;
	}
	if (warning.text[0] != '\0')
		fprintf(stderr, "warning: %s\n", warning.text);
	return 0;
}
