// SPDX-License-Identifier: MIT
//
// The one place that knows libcsv: a file as a stream of checked fields and
// rows, in constant memory. csv_table.h is what other folders use.
//
// A row has as many fields as the header has columns; quotes stand where
// RFC 4180 has them; there is no NUL byte, no blank line and no column name
// twice. Lines end in LF or CRLF; a byte order mark before the first is passed
// over. Nothing is trimmed.
#ifndef SERIALBENCH_CSV_STREAM_H
#define SERIALBENCH_CSV_STREAM_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "csv_table.h"
#include "error_text.h"
#include "names.h"

struct csv_stream;

/* Who takes the rows. Each call returns 0 to go on; any other value stops the
 * reading and is returned by csv_stream_read. */
struct csv_sink {
	/* The header is complete: stream->columns and stream->names. */
	int (*header)(struct csv_stream *stream);
	/* A field of column stream->column; text is NUL-terminated and lives
	 * as long as the call. */
	int (*field)(struct csv_stream *stream, const char *text, size_t bytes);
	/* All fields of a row have been given. */
	int (*row)(struct csv_stream *stream);
};

struct csv_stream {
	const struct csv_sink *sink;
	void *context; /* the sink's */
	const char *path;
	struct error *error;
	size_t columns; /* in the header: those of `names` */
	struct names names; /* of them, for the length of the reading */
	size_t column; /* index of the field in its row */
	size_t line; /* of the file, from 1 */
	size_t row_bytes; /* of the row so far, before this line */
	size_t row_line; /* on which the row began */
	bool header_done; /* the names are complete */
	bool row_ended; /* the last line completed its row */
	int result;
};

/* Reads the whole file. 0, or -1 with error, or what a call of the sink
 * returned. */
int csv_stream_read(const char *path, const struct csv_sink *sink,
	void *context, struct error *error);

/* Puts "FILE:LINE:COLUMN: what" into the error text, the column by its name
 * where that is known, short, printable and without a colon, else by its number
 * from 1. The text has no control characters. Returns -1. */
int csv_stream_fail(struct csv_stream *stream, size_t column,
	const char *format, ...) __attribute__((format(printf, 3, 4)));

/* csv_fail() with its arguments as a list. */
int csv_fail_list(struct error *error, const char *path, size_t line,
	const char *column, const char *format, va_list arguments)
	__attribute__((format(printf, 5, 0)));

#endif /* SERIALBENCH_CSV_STREAM_H */
