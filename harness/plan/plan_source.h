// SPDX-License-Identifier: MIT
//
// The files that cells read (trace:FILE, fleet,file=FILE). A cell's name has
// the last part of such a path; the run's record keeps where the file lies and
// a checksum of it, so that a run is finished from any folder, and with the
// file that it was planned with.
#ifndef SERIALBENCH_PLAN_SOURCE_H
#define SERIALBENCH_PLAN_SOURCE_H

#include <jansson.h>

#include "error_text.h"
#include "workload.h"

#define PLAN_SOURCES 64
struct plan_source {
	char name[WORKLOAD_TEXT]; /* in cells' names */
	char asked[WORKLOAD_TEXT]; /* on the command line */
	/* Absolute; "" of a shipped trace, and where that is too long. */
	char path[WORKLOAD_TEXT];
	uint64_t bytes;
	uint32_t checksum; /* CRC-32C of the whole file */
};

struct plan_sources {
	struct plan_source list[PLAN_SOURCES];
	size_t count;
};

/*
 * The workload's text with the absolute path of a file that is known and there,
 * else as it is. Returns the source that it took, or NULL.
 */
const struct plan_source *plan_source_place(const struct plan_sources *known,
	const char *text, char placed[WORKLOAD_TEXT]);

/* Looks at the file of a workload's text and adds it, unless it is there
 * already or the workload reads none; `asked` is how it was named, or NULL: as
 * in the text. 0, or -1 with one line in error. */
int plan_source_add(struct plan_sources *sources, const char *text,
	const struct plan_source *asked, struct error *error);

/* 0, or -1 with one line in error about the first file that is another one
 * than it was. Those that either of them does not know are passed over. */
int plan_sources_same(const struct plan_sources *now,
	const struct plan_sources *then, struct error *error);

/* As they stand in the record, and back: what is no source of a plan there is
 * passed over. NULL stands for none. */
json_t *plan_sources_record(const struct plan_sources *sources);
void plan_sources_read(struct plan_sources *sources, const json_t *record);

#endif /* SERIALBENCH_PLAN_SOURCE_H */
