// SPDX-License-Identifier: MIT
//
// What trace info prints in every format, in its order: texts, single figures
// and distributions, each with its key in CSV and JSON and its label in a
// table.
#ifndef SERIALBENCH_TRACE_INFO_FIGURES_H
#define SERIALBENCH_TRACE_INFO_FIGURES_H

#include <stdio.h>

#include "trace_summary.h"

struct info_text {
	const char *key, *label, *text;
};

struct info_figure {
	const char *key, *label;
	uint64_t value; /* RECORD_NO_COUNT: the trace does not say */
};

struct info_classes {
	const char *key, *label;
	const uint64_t *counts; /* TRACE_CLASSES of them */
};

#define INFO_TEXTS 8
#define INFO_FIGURES 22
#define INFO_CLASSES 3

struct info_figures {
	char end[TRACE_END_WORDS];
	/* All three UTF-8 without control characters. */
	char *file, *allocator;
	char *command; /* words with blanks between */
	struct info_text texts[INFO_TEXTS];
	struct info_figure figures[INFO_FIGURES];
	struct info_classes classes[INFO_CLASSES];
	const struct trace_summary *summary;
};

/* reader and summary live as long as the figures. 0, or -1 where there is no
 * memory; the caller finishes them in both cases. */
int info_figures_init(struct info_figures *figures,
	const struct trace_reader *reader, const struct trace_summary *summary);

/* 0, or -1 where there is no memory; the caller looks at the stream's errors.
 */
int info_print_json(const struct info_figures *figures, FILE *out);

/* Accepts NULL and zeroed figures. */
void info_figures_finish(struct info_figures *figures);

#endif /* SERIALBENCH_TRACE_INFO_FIGURES_H */
