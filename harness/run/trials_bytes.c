// SPDX-License-Identifier: MIT
#include "trials_bytes.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "csv_writer.h"

/* Where row `at` (the header is 0) begins: walks on from where it stopped. */
struct walk {
	FILE *file;
	size_t row;
	off_t offset;
};

static void walk_to(struct walk *walk, size_t at)
{
	bool quoted = false;

	while (walk->row < at) {
		int byte = getc_unlocked(walk->file);

		if (byte == EOF)
			return;
		walk->offset++;
		if (byte == '"')
			quoted = !quoted;
		else if (byte == '\n' && !quoted)
			walk->row++;
	}
}

int trials_bytes_find(struct trials_scan *scan, const char *path)
{
	struct walk walk = {.file = fopen(path, "re")};

	if (walk.file == NULL)
		return -1;
	walk_to(&walk, 1);
	scan->header = scan->whole = walk.offset;
	for (size_t i = 0; i < scan->count; i++) {
		struct trials_launch *launch = &scan->launches[i];

		walk_to(&walk, launch->first_row + 1);
		launch->from = walk.offset;
		walk_to(&walk, launch->first_row + launch->row_count + 1);
		launch->to = scan->whole = walk.offset;
	}
	fclose(walk.file);
	return 0;
}

/* Rows are added to the file, and copied, as they are. */
int trials_bytes_header(const char *path, struct error *error)
{
	char line[2048] = "";
	FILE *file = fopen(path, "re");
	bool same = file != NULL && fgets(line, sizeof(line), file) != NULL;

	if (file != NULL)
		fclose(file);
	line[strcspn(line, "\n")] = '\0';
	if (same && strcmp(line, trial_header) == 0)
		return 0;
	return error_set(error, "%s: %s", path,
		file == NULL ? error_reason(errno)
			     : "other columns than this build writes");
}
