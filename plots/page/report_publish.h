// SPDX-License-Identifier: MIT
//
// Writes beside the old files and renames: readers see a whole report, old or
// new, never half of one.
#ifndef SERIALBENCH_REPORT_PUBLISH_H
#define SERIALBENCH_REPORT_PUBLISH_H

#include "csv_table.h"
#include "error_text.h"
#include "figure.h"

#define PUBLISH_PAGE "report.html"

/* A new empty directory inside the run for the files of the figures; the
 * caller frees the path. NULL with errno. */
char *publish_begin(const char *run);

/* Moves all files of the directory but the page into RUN/plots/ and deletes
 * pictures of an older report that the new one has no more. 0, or -1 with
 * error. */
int publish_plots(const char *run, const char *directory,
	const struct figure *figures, size_t count, struct error *error);

/* Moves the page to RUN/report.html. 0, or -1 with error. */
int publish_page(const char *run, const char *directory, struct error *error);

/* Deletes the directory and what is left in it; accepts NULL. */
void publish_discard(const char *directory);

#endif /* SERIALBENCH_REPORT_PUBLISH_H */
