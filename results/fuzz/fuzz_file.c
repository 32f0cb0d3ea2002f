// SPDX-License-Identifier: MIT
#include "fuzz_file.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "csv_table.h"

/* Rewound but not emptied: to give its pages back and get them again takes
 * longer than to read most inputs. */
static void rewind_file(struct fuzz_file *file)
{
	if (file->path[0] == '\0') {
		file->fd = memfd_create("fuzz", MFD_CLOEXEC);
		FUZZ_CHECK(file->fd >= 0, "%s", strerror(errno));
		snprintf(file->path, sizeof(file->path), "/proc/self/fd/%d",
			file->fd);
	}
	FUZZ_CHECK(lseek(file->fd, 0, SEEK_SET) == 0, "%s", strerror(errno));
}

void fuzz_file_fill(struct fuzz_file *file, const void *bytes, size_t size)
{
	rewind_file(file);
	FUZZ_CHECK(write(file->fd, bytes, size) == (ssize_t)size, "%s",
		strerror(errno));
	FUZZ_CHECK(
		ftruncate(file->fd, (off_t)size) == 0, "%s", strerror(errno));
}

void fuzz_file_fill_table(struct fuzz_file *file, const char *header,
	const uint8_t *data, size_t size)
{
	size_t length = strlen(header);
	char *bytes;

	if (size == 0 || data[0] != '\n') {
		fuzz_file_fill(file, data, size);
		return;
	}
	bytes = malloc(length + size);
	FUZZ_CHECK(bytes, "no memory");
	memcpy(bytes, header, length);
	memcpy(bytes + length, data, size);
	fuzz_file_fill(file, bytes, length + size);
	free(bytes);
}

size_t fuzz_cut(const uint8_t *data, size_t size, size_t *rest)
{
	size_t end = 0;

	while (end < size && data[end] != '\n') {
		const uint8_t *feed = memchr(data + end, '\n', size - end);

		end = feed ? (size_t)(feed - data) + 1 : size;
	}
	*rest = end < size ? end + 1 : size;
	return end;
}

struct csv_writer fuzz_file_writer(struct fuzz_file *file)
{
	rewind_file(file);
	FUZZ_CHECK(ftruncate(file->fd, 0) == 0, "%s", strerror(errno));
	return (struct csv_writer){.open = true, .fd = file->fd};
}

void fuzz_check_error(const char *error, const char *path)
{
	size_t length = strnlen(error, ERROR_TEXT);

	FUZZ_CHECK(length < ERROR_TEXT, "no NUL");
	for (size_t i = 0; i < length; i++)
		FUZZ_CHECK((unsigned char)error[i] >= ' ' && error[i] != 127,
			"byte %zu of \"%s\"", i, error);
	FUZZ_CHECK(strncmp(error, path, strlen(path)) == 0 &&
			error[strlen(path)] == ':',
		"\"%s\", path %s", error, path);
}

void fuzz_check_place(const char *error, const char *path)
{
	const char *line, *column, *what;

	fuzz_check_error(error, path);
	line = error + strlen(path) + 1;
	column = line + strspn(line, "0123456789");
	FUZZ_CHECK(column > line && *column == ':', "line in \"%s\"", error);
	column++;
	what = strstr(column, ": ");
	FUZZ_CHECK(what && what > column && what[2] != '\0', "column in \"%s\"",
		error);
}
