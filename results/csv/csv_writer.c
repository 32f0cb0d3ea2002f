// SPDX-License-Identifier: MIT
//
// Rows are put together in memory, so that a crash or a full disk can tear at
// most the last one, and that one is cut off again.
#include "csv_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void add_bytes(struct csv_writer *writer, const char *bytes, size_t n)
{
	if (n > sizeof(writer->row) - writer->used) {
		writer->overflow = true;
		return;
	}
	memcpy(writer->row + writer->used, bytes, n);
	writer->used += n;
}

static void start_field(struct csv_writer *writer)
{
	if (writer->fields++ > 0)
		add_bytes(writer, ",", 1);
}

static void add_quoted(struct csv_writer *writer, const char *text)
{
	add_bytes(writer, "\"", 1);
	for (; *text; text++) {
		if (*text == '"')
			add_bytes(writer, "\"", 1);
		add_bytes(writer, text, 1);
	}
	add_bytes(writer, "\"", 1);
}

void csv_text(struct csv_writer *writer, const char *text)
{
	start_field(writer);
	if (!text)
		return;
	/* A byte order mark at the start of a file would be passed over. */
	if (strpbrk(text, "\",\r\n") || strncmp(text, "\xef\xbb\xbf", 3) == 0)
		add_quoted(writer, text);
	else
		add_bytes(writer, text, strlen(text));
}

void csv_count(struct csv_writer *writer, uint64_t count)
{
	char digits[24];
	char *first = digits + sizeof(digits);

	start_field(writer);
	if (count == RECORD_NO_COUNT)
		return;
	do
		*--first = (char)('0' + count % 10);
	while (count /= 10);
	add_bytes(writer, first, (size_t)(digits + sizeof(digits) - first));
}

void csv_real(struct csv_writer *writer, double real)
{
	char digits[40];
	int length = 0;

	start_field(writer);
	if (!isfinite(real))
		return;
	/* 17 digits always read back, and 15 are the most that never show
	 * the binary fraction. */
	for (int precision = 15; precision <= 17; precision++) {
		length = snprintf(
			digits, sizeof(digits), "%.*g", precision, real);
		if (strtod(digits, NULL) == real)
			break;
	}
	add_bytes(writer, digits, (size_t)length);
}

/* Ends the line in memory. 0, or -1 with EMSGSIZE. */
static int finish_row(struct csv_writer *writer)
{
	/* A lone empty field would be a blank line, which is no row. */
	if (writer->fields == 1 && writer->used == 0)
		add_bytes(writer, "\"\"", 2);
	add_bytes(writer, "\n", 1);
	if (!writer->overflow)
		return 0;
	errno = EMSGSIZE;
	return -1;
}

static void start_row(struct csv_writer *writer)
{
	writer->fields = 0;
	writer->used = 0;
	writer->overflow = false;
}

static int write_all(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, bytes, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -1;
		bytes += done;
		n -= (size_t)done;
	}
	return 0;
}

/* After a row that was written in part; errno stays that of the write. */
static void cut_back(struct csv_writer *writer)
{
	int reason = errno;

	/* Where cutting fails too, readers pass over the torn line. */
	if (ftruncate(writer->fd, writer->whole) == 0)
		(void)lseek(writer->fd, writer->whole, SEEK_SET);
	errno = reason;
}

int csv_end_row(struct csv_writer *writer)
{
	int result = finish_row(writer);

	if (result == 0) {
		result = write_all(writer->fd, writer->row, writer->used);
		if (result == 0)
			writer->whole += (off_t)writer->used;
		else
			cut_back(writer);
	}
	writer->failed = result != 0;
	start_row(writer);
	return result;
}

int csv_print_row(struct csv_writer *writer, FILE *out)
{
	int result = finish_row(writer);

	if (result == 0 &&
		fwrite(writer->row, 1, writer->used, out) != writer->used)
		result = -1;
	start_row(writer);
	return result;
}

int csv_writer_begin(struct csv_writer *writer, int fd, const char *header)
{
	int reason;

	*writer = (struct csv_writer){.open = true, .fd = fd};
	add_bytes(writer, header, strlen(header));
	if (csv_end_row(writer) == 0)
		return 0;
	reason = errno;
	csv_writer_close(writer);
	errno = reason;
	return -1;
}

int csv_writer_create(
	struct csv_writer *writer, const char *path, const char *header)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	int reason;

	*writer = (struct csv_writer){0};
	if (fd < 0)
		return -1;
	if (csv_writer_begin(writer, fd, header) == 0)
		return 0;
	reason = errno;
	unlink(path);
	errno = reason;
	return -1;
}

int csv_writer_open(struct csv_writer *writer, const char *path, off_t whole)
{
	int reason;

	*writer = (struct csv_writer){.whole = whole};
	writer->fd = open(path, O_WRONLY | O_CLOEXEC);
	if (writer->fd < 0)
		return -1;
	writer->open = true;
	if (ftruncate(writer->fd, whole) == 0 &&
		lseek(writer->fd, whole, SEEK_SET) == whole)
		return 0;
	reason = errno;
	csv_writer_close(writer);
	errno = reason;
	return -1;
}

int csv_writer_close(struct csv_writer *writer)
{
	if (!writer || !writer->open)
		return 0;
	writer->open = false;
	return close(writer->fd);
}
