// SPDX-License-Identifier: MIT
//
// What the tests of traces share: a file of a test's own, a writer with one
// buffer for each of some threads, and a reader of what came of it.
#ifndef SERIALBENCH_TRACE_FILE_H
#define SERIALBENCH_TRACE_FILE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "error_text.h"
#include "trace_merge.h"
#include "trace_reader.h"
#include "trace_writer.h"

#define FILE_THREADS 4

struct trace_file {
	char path[128];
	struct trace_writer writer;
	struct trace_buffer *buffers[FILE_THREADS];
};

/* T0 has no parent, the others are its children. */
void trace_file_begin(struct trace_file *file, enum trace_clock clock);

/* Flushes all buffers, writes the end where asked to, and closes. */
void trace_file_end(struct trace_file *file, bool with_end);

/* Frees the buffers and removes the file. */
void trace_file_finish(struct trace_file *file);

/* The bytes of the file; the caller frees them. */
unsigned char *trace_file_read(const char *path, size_t *size);
void trace_file_write(const char *path, const void *bytes, size_t size);

/* Opens, reads all events in one order, closes. 0, or -1 with error. Counts
 * the events, and says whether there was a warning. */
int trace_file_check(
	const char *path, uint64_t *events, bool *warned, struct error *error);

/* Fails unless `part` stands in `text`. */
void check_contains(const char *text, const char *part);

/* Fails unless it is one line that begins with the path and a colon. */
void check_error(const char *error, const char *path);

#endif /* SERIALBENCH_TRACE_FILE_H */
