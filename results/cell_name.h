// SPDX-License-Identifier: MIT
//
// The parts of a cell's name: workload[,param=value…]/allocator/tN[/placement].
#ifndef SERIALBENCH_CELL_NAME_H
#define SERIALBENCH_CELL_NAME_H

#include <stdbool.h>

#include "record.h"

struct cell_name {
	char workload[RECORD_TEXT]; /* with its parameters */
	char allocator[RECORD_TEXT];
	char placement[RECORD_TEXT]; /* "" where the name has none */
	unsigned threads; /* 0 where the text is no cell's name */
};

/* Takes a name apart. A text of another form becomes the workload. */
void cell_name_parse(struct cell_name *name, const char *text);

/* Orders by workload, allocator (system first), placement, threads. */
int cell_name_order(const struct cell_name *a, const struct cell_name *b);

/* Equal but for the number of threads: one panel of a figure. */
bool cell_name_same_panel(const struct cell_name *a, const struct cell_name *b);

/* Writes "workload · allocator[ · placement]" into text[size]. */
void cell_name_panel(
	const struct cell_name *name, char *text, unsigned long size);

#endif /* SERIALBENCH_CELL_NAME_H */
