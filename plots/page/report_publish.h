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

/* A directory inside the run for the files of the figures. {0} is none. */
struct publishing {
	char *directory;
	int lock; /* held as long as it is in use */
};

/* Makes a new empty one, and deletes those that killed reports have left. 0, or
 * -1 with errno; discard it in both cases. */
int publish_begin(struct publishing *publishing, const char *run);

/* Moves all files of the directory but the page into RUN/plots/ and deletes
 * pictures of an older report that the new one has no more. 0, or -1 with
 * error. */
int publish_plots(const char *run, const char *directory,
	const struct figure *figures, size_t count, struct error *error);

/* Moves the page to RUN/report.html. 0, or -1 with error. */
int publish_page(const char *run, const char *directory, struct error *error);

/* Deletes the directory and what is left in it; accepts {0}. */
void publish_discard(struct publishing *publishing);

#endif /* SERIALBENCH_REPORT_PUBLISH_H */
