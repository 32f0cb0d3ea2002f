// SPDX-License-Identifier: MIT
#include "trials_bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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

bool trials_bytes_own(const char *path)
{
	char line[2048] = "";
	FILE *file = fopen(path, "re");
	bool same = file != NULL && fgets(line, sizeof(line), file) != NULL;

	if (file != NULL)
		fclose(file);
	line[strcspn(line, "\n")] = '\0';
	return same && strcmp(line, trial_header) == 0;
}

/* 1: the copy could not be written. */
static int copy_row(const struct trial *trial, void *context)
{
	return trial_write(context, trial) == 0 ? 0 : 1;
}

int trials_bytes_copy(const char *path, int fd, struct error *error)
{
	struct csv_writer writer;
	int result = csv_writer_begin(&writer, fd, trial_header) == 0 ? 0 : 1;

	if (result == 0)
		result = trials_read(path, copy_row, &writer, error);
	if (csv_writer_close(&writer) != 0 && result == 0)
		result = 1;
	if (result > 0)
		error_set(error, "copy of %s: %s", path, error_reason(errno));
	return result == 0 ? 0 : -1;
}

int trials_bytes_make_own(const char *path, struct error *error)
{
	char copy[4200];
	int fd, reason;

	/* A file that is not there is refused by whoever reads it. */
	if (access(path, F_OK) != 0 || trials_bytes_own(path))
		return 0;
	snprintf(copy, sizeof(copy), "%s.new", path);
	fd = open(copy, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0)
		return error_set_errno(error, copy);
	if (trials_bytes_copy(path, fd, error) == 0) {
		if (rename(copy, path) == 0)
			return 0;
		error_set_errno(error, path);
	}
	reason = errno;
	unlink(copy);
	errno = reason;
	return -1;
}
