// SPDX-License-Identifier: MIT
#include "fleet_profile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct fleet_parts {
	uint64_t size;
	double rate, live;
};

#include "profiles.inc"

#define FIELD_MAX 64 /* characters of a number */

/* What is left of a file, and where it stands. */
struct reader {
	const char *path;
	const char *next, *end, *line_start;
	unsigned line;
	char *error;
};

static int refuse(const struct reader *reader, const char *at, const char *what)
{
	snprintf(reader->error, WORKLOAD_TEXT, "%.90s:%u:%u: %s", reader->path,
		reader->line, (unsigned)(at - reader->line_start) + 1, what);
	return -1;
}

static void skip_blanks(struct reader *reader)
{
	while (reader->next < reader->end &&
		(*reader->next == ' ' || *reader->next == '\t'))
		reader->next++;
}

static bool is_of_number(char c)
{
	return (c >= '0' && c <= '9') || c == '.' || c == 'e' || c == 'E' ||
		c == '+' || c == '-';
}

/* A number that is more than 0, at any sensible scale. */
static int read_number(struct reader *reader, double *number)
{
	char text[FIELD_MAX + 1], *end;
	size_t length = 0;
	const char *start;

	skip_blanks(reader);
	start = reader->next;
	while (reader->next < reader->end && is_of_number(*reader->next) &&
		length < FIELD_MAX)
		text[length++] = *reader->next++;
	text[length] = '\0';
	*number = strtod(text, &end);
	if (length == 0 || end != text + length)
		return refuse(reader, start, "a number is wanted here");
	if (*number <= 0)
		return refuse(reader, start, "a number above 0 is wanted here");
	/* Sums and shares of them are numbers, too. */
	if (*number < 1e-100 || *number > 1e100)
		return refuse(reader, start,
			"a number from 1e-100 to 1e100 is wanted here");
	skip_blanks(reader);
	return 0;
}

static int read_comma(struct reader *reader)
{
	if (reader->next == reader->end || *reader->next != ',')
		return refuse(reader, reader->next,
			"a comma is wanted here: size, rate, live");
	reader->next++;
	return 0;
}

static int read_end_of_line(struct reader *reader)
{
	if (reader->next < reader->end && *reader->next == '\r')
		reader->next++;
	if (reader->next < reader->end && *reader->next != '\n')
		return refuse(reader, reader->next, "three numbers are a row");
	if (reader->next < reader->end)
		reader->next++;
	reader->line++;
	reader->line_start = reader->next;
	return 0;
}

static int read_row(struct reader *reader, struct fleet_row *row)
{
	double size;

	if (read_number(reader, &size) != 0)
		return -1;
	if (size > 0x1p52 || size != (double)(uint64_t)size)
		return refuse(reader, reader->line_start,
			"a size is a whole number of bytes, at most 2^52");
	row->size = (uint64_t)size;
	if (read_comma(reader) != 0 || read_number(reader, &row->rate) != 0 ||
		read_comma(reader) != 0 || read_number(reader, &row->live) != 0)
		return -1;
	return read_end_of_line(reader);
}

static int read_rows(struct reader *reader, struct fleet_profile *profile)
{
	while (reader->next < reader->end) {
		if (profile->count == FLEET_ROWS_MAX)
			return refuse(reader, reader->next,
				"at most 4096 rows are allowed");
		if (read_row(reader, &profile->rows[profile->count]) != 0)
			return -1;
		profile->count++;
	}
	if (profile->count == 0)
		return refuse(reader, reader->next,
			"a row is wanted here: size, rate, live");
	return 0;
}

static int refuse_file(const char *path, char *error)
{
	snprintf(error, WORKLOAD_TEXT, "%.90s: %s", path, strerror(errno));
	return -1;
}

/* Maps the file: stdio would allocate from what is measured. */
static int load_file(
	struct fleet_profile *profile, const char *path, char *error)
{
	struct reader reader = {.path = path, .line = 1, .error = error};
	int file = open(path, O_RDONLY | O_CLOEXEC), result;
	char empty[1] = "", *text = empty;
	struct stat status;
	size_t bytes;

	if (file < 0 || fstat(file, &status) != 0) {
		result = refuse_file(path, error);
		goto out;
	}
	if (!S_ISREG(status.st_mode)) {
		errno = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
		result = refuse_file(path, error);
		goto out;
	}
	bytes = (size_t)status.st_size;
	if (bytes > 0)
		text = mmap(NULL, bytes, PROT_READ, MAP_PRIVATE, file, 0);
	if (text == MAP_FAILED) {
		result = refuse_file(path, error);
		goto out;
	}
	reader.next = reader.line_start = text;
	reader.end = text + bytes;
	result = read_rows(&reader, profile);
	if (text != empty)
		munmap(text, bytes);
out:
	if (file >= 0)
		close(file);
	return result;
}

int fleet_profile_load(struct fleet_profile *profile, unsigned number,
	const char *path, char error[WORKLOAD_TEXT])
{
	const struct fleet_parts *parts = fleet_table[number];

	profile->count = 0;
	if (path[0] != '\0')
		return load_file(profile, path, error);
	while (profile->count < FLEET_TABLE_ROWS &&
		parts[profile->count].size > 0) {
		const struct fleet_parts *part = &parts[profile->count];

		profile->rows[profile->count++] = (struct fleet_row){
			.size = part->size,
			.rate = part->rate,
			.live = part->live,
		};
	}
	return 0;
}

static void drop_above(struct fleet_profile *profile, uint64_t size)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < profile->count; i++)
		if (profile->rows[i].size <= size)
			profile->rows[kept++] = profile->rows[i];
	profile->count = kept;
}

void fleet_profile_scale(struct fleet_profile *profile, uint64_t heap)
{
	double bytes = 0, carried = 0;

	drop_above(profile, heap);
	for (uint32_t i = 0; i < profile->count; i++)
		bytes += (double)profile->rows[i].size * profile->rows[i].live;
	profile->blocks = 0;
	for (uint32_t i = profile->count; i-- > 0;) {
		struct fleet_row *row = &profile->rows[i];
		double size = (double)row->size;

		carried += size * row->live * ((double)heap / bytes);
		row->blocks = (uint32_t)(carried / size);
		carried -= size * row->blocks;
		profile->blocks += row->blocks;
	}
	if (profile->blocks == 0 && profile->count > 0)
		profile->blocks = profile->rows[0].blocks = 1;
}
