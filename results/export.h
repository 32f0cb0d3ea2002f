// SPDX-License-Identifier: MIT
//
// A run in the files of other tools: docs/export.md says what becomes of what.
#ifndef SERIALBENCH_EXPORT_H
#define SERIALBENCH_EXPORT_H

#include <stdio.h>

#include "csv_table.h"
#include "error_text.h"

enum export_format { EXPORT_GBENCH, EXPORT_PYPERF, EXPORT_FORMATS };

/* "gbench", "pyperf". */
const char *export_format_name(enum export_format format);

/*
 * Writes the trials of a run directory, under the exclusion rule of every
 * comparison, to `path` or, where that is NULL, to stdout. A file is there
 * whole or not at all, and takes the place of one that was there. 0, or -1
 * with error; what could not be written to stdout shows in ferror().
 */
int export_run(const char *run, enum export_format format, const char *path,
	struct error *error);

#endif /* SERIALBENCH_EXPORT_H */
