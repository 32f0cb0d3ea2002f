// SPDX-License-Identifier: MIT
//
// Lines of text in aligned columns. Inside results/ only.
#ifndef SERIALBENCH_COLUMNS_H
#define SERIALBENCH_COLUMNS_H

#include <stdio.h>

#include "record.h"

#define COLUMNS_MOST 7
#define COLUMN_BYTES (RECORD_TEXT + 64)

struct columns_line {
	char texts[COLUMNS_MOST][COLUMN_BYTES];
};

struct columns {
	int count;
	int widths[COLUMNS_MOST]; /* so far */
};

/* Code points, which is columns for the letters that names have. */
int columns_width(const char *text);

/* Sees that the line fits. */
void columns_widen(struct columns *columns, const struct columns_line *line);

void columns_print(const struct columns *columns,
	const struct columns_line *line, FILE *out);

#endif /* SERIALBENCH_COLUMNS_H */
