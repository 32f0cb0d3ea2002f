// SPDX-License-Identifier: MIT
#include "columns.h"

/* Bytes that do not continue a UTF-8 sequence. */
int columns_width(const char *text)
{
	int count = 0;

	for (; *text; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}

void columns_widen(struct columns *columns, const struct columns_line *line)
{
	for (int i = 0; i < columns->count; i++)
		if (columns_width(line->texts[i]) > columns->widths[i])
			columns->widths[i] = columns_width(line->texts[i]);
}

void columns_print(const struct columns *columns,
	const struct columns_line *line, FILE *out)
{
	for (int i = 0; i < columns->count; i++) {
		int gap = columns->widths[i] - columns_width(line->texts[i]);

		fputs(line->texts[i], out);
		if (i < columns->count - 1)
			fprintf(out, "%*s", gap + 2, "");
	}
	fputc('\n', out);
}
