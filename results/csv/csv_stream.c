// SPDX-License-Identifier: MIT
//
// libcsv is fed line by line: the line of every field is then known, and the
// last line is simply not fed where it does not end.
#include "csv_stream.h"

#include <csv.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "csv_writer.h"
#include "printable.h"

/* The longest row that is read, and the buffer for it: a lost quote must not
 * make a row of the rest of the file. The fuzz targets have less, which is
 * faster and reached by short inputs. */
#ifndef BUFFER_BYTES
#define BUFFER_BYTES ((size_t)256 << 10)
#endif

/* Longer ones would push the text out of its room. */
#define NAME_BYTES 64

/* The name to call a column by, or NULL. A damaged header has any bytes. */
static const char *name_of(const struct csv_stream *stream, size_t column)
{
	const char *name;

	if (!stream->header_done || column >= stream->columns)
		return NULL;
	name = stream->names.texts[column];
	if (name[0] == '\0' || strnlen(name, NAME_BYTES) == NAME_BYTES)
		return NULL;
	/* A colon would end the place too early. */
	return is_printable(name) && !strchr(name, ':') ? name : NULL;
}

int csv_stream_fail(
	struct csv_stream *stream, size_t column, const char *format, ...)
{
	const char *name = name_of(stream, column);
	char number[24];
	va_list arguments;

	snprintf(number, sizeof(number), "%zu", column + 1);
	va_start(arguments, format);
	csv_fail_list(stream->error, stream->path, stream->line,
		name ? name : number, format, arguments);
	va_end(arguments);
	return -1;
}

static int fail_file(struct csv_stream *stream, const char *what)
{
	return error_set(stream->error, "%s: %s", stream->path, what);
}

static int add_name(struct csv_stream *stream, const char *text)
{
	if (names_find(&stream->names, text) != NAMES_NONE)
		return csv_stream_fail(stream, stream->column,
			"a second column \"%.64s\"", text);
	if (names_add(&stream->names, text) == NAMES_NONE)
		return fail_file(stream, strerror(ENOMEM));
	stream->columns++;
	return 0;
}

static int fail_return(struct csv_stream *stream)
{
	return csv_stream_fail(stream, stream->column,
		"a carriage return outside quotes and not before a line feed");
}

static int take_field(struct csv_stream *stream, const char *text, size_t n)
{
	if (stream->row_ended)
		return fail_return(stream);
	if (!stream->header_done)
		return add_name(stream, text);
	if (stream->column >= stream->columns)
		return csv_stream_fail(stream, stream->column,
			"more fields than the %zu columns of the header",
			stream->columns);
	return stream->sink->field(stream, text, n);
}

static int take_row(struct csv_stream *stream)
{
	if (!stream->header_done) {
		stream->header_done = true;
		return stream->sink->header(stream);
	}
	if (stream->column < stream->columns)
		return csv_stream_fail(stream, stream->column,
			"no such field: the row has %zu, the header %zu",
			stream->column, stream->columns);
	return stream->sink->row(stream);
}

/* libcsv cannot be stopped from a callback: after the first error the rest of
 * the line falls through. */
static void on_field(void *text, size_t bytes, void *context)
{
	struct csv_stream *stream = context;

	if (stream->result != 0)
		return;
	stream->result = take_field(stream, text, bytes);
	stream->column++;
}

static void on_row(int end, void *context)
{
	struct csv_stream *stream = context;

	(void)end;
	if (stream->result != 0)
		return;
	stream->result = take_row(stream);
	stream->column = 0;
	stream->row_ended = true;
}

static int nothing_is_space(unsigned char byte)
{
	(void)byte;
	return 0;
}

static bool is_blank(const char *line, size_t bytes)
{
	return bytes == 1 || (bytes == 2 && line[0] == '\r');
}

/* Outside quotes the first of two returns ends the row, and libcsv passes over
 * the second. */
static bool ends_twice(const char *line, size_t bytes)
{
	return bytes > 2 && memcmp(line + bytes - 3, "\r\r\n", 3) == 0;
}

/* What spreadsheets put before the first line. */
static size_t mark_bytes(
	const struct csv_stream *stream, const char *line, size_t bytes)
{
	static const char mark[] = "\xef\xbb\xbf"; /* U+FEFF in UTF-8 */

	return stream->line == 1 && bytes > 3 && memcmp(line, mark, 3) == 0 ? 3
									    : 0;
}

/* One line with its line feed. */
static int feed_line(struct csv_stream *stream, struct csv_parser *parser,
	const char *line, size_t bytes)
{
	size_t mark;

	stream->line++;
	mark = mark_bytes(stream, line, bytes);
	line += mark;
	bytes -= mark;
	if (stream->row_ended) {
		stream->row_line = stream->line;
		stream->row_bytes = 0;
		if (is_blank(line, bytes))
			return csv_stream_fail(stream, 0, "a blank line");
		/* libcsv passes over it, and over the whole line where that
		 * has nothing else. */
		if (line[0] == '\r')
			return fail_return(stream);
	}
	if (memchr(line, '\0', bytes))
		return csv_stream_fail(
			stream, stream->column, "a NUL byte in the line");
	stream->row_bytes += bytes;
	stream->row_ended = false;
	if (csv_parse(parser, line, bytes, on_field, on_row, stream) == bytes ||
		stream->result != 0)
		return stream->result == 0 && stream->row_ended &&
				ends_twice(line, bytes)
			? fail_return(stream)
			: stream->result;
	if (csv_error(parser) == CSV_EPARSE)
		return csv_stream_fail(stream, stream->column,
			"a quote inside a field must be doubled and the field "
			"quoted");
	return fail_file(stream, csv_strerror(csv_error(parser)));
}

static int fail_open_quote(struct csv_stream *stream)
{
	stream->line = stream->row_line;
	return csv_stream_fail(
		stream, stream->column, "a quoted field without an end");
}

/* Feeds the whole lines of the buffer and moves what is left to its front. */
static int feed_lines(struct csv_stream *stream, struct csv_parser *parser,
	char *buffer, size_t *used)
{
	char *line = buffer, *end = buffer + *used, *feed;

	while ((feed = memchr(line, '\n', (size_t)(end - line)))) {
		size_t bytes = (size_t)(feed + 1 - line);
		int result = feed_line(stream, parser, line, bytes);

		if (result != 0)
			return result;
		if (stream->row_bytes > BUFFER_BYTES)
			return fail_open_quote(stream);
		line = feed + 1;
	}
	*used = (size_t)(end - line);
	memmove(buffer, line, *used);
	return 0;
}

/* The file has ended with `left` bytes that no line feed follows. A row that
 * no writer of ours would make is no torn one. */
static int finish_stream(struct csv_stream *stream, size_t left)
{
	if (!stream->row_ended && stream->row_bytes + left > CSV_ROW_BYTES)
		return fail_open_quote(stream);
	if (!stream->header_done) {
		stream->line++;
		return csv_stream_fail(stream, 0, "no header line");
	}
	return 0;
}

static int read_file(struct csv_stream *stream, struct csv_parser *parser,
	int fd, char *buffer)
{
	size_t used = 0;

	for (;;) {
		ssize_t got = read(fd, buffer + used, BUFFER_BYTES - used);
		int result;

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail_file(stream, error_reason(errno));
		if (got == 0)
			return finish_stream(stream, used);
		used += (size_t)got;
		result = feed_lines(stream, parser, buffer, &used);
		if (result != 0)
			return result;
		if (used == BUFFER_BYTES) {
			stream->line++;
			return csv_stream_fail(stream, 0,
				"a line of more than %zu bytes", BUFFER_BYTES);
		}
	}
}

int csv_stream_read(const char *path, const struct csv_sink *sink,
	void *context, struct error *error)
{
	struct csv_stream stream = {.sink = sink,
		.context = context,
		.path = path,
		.error = error,
		.row_ended = true};
	struct csv_parser parser;
	char *buffer = malloc(BUFFER_BYTES);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int result = -1;

	if (!buffer || fd < 0 ||
		csv_init(&parser, CSV_STRICT | CSV_APPEND_NULL) != 0) {
		fail_file(&stream, error_reason(errno));
		goto out;
	}
	csv_set_space_func(&parser, nothing_is_space);
	result = read_file(&stream, &parser, fd, buffer);
	csv_free(&parser);
out:
	names_finish(&stream.names);
	free(buffer);
	if (fd >= 0)
		close(fd);
	return result;
}
