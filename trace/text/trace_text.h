// SPDX-License-Identifier: MIT
//
// A trace as text, one event a line in one order, to be read and written by
// people; docs/formats.md has the words.
#ifndef SERIALBENCH_TRACE_TEXT_H
#define SERIALBENCH_TRACE_TEXT_H

#include <stdio.h>

#include "error_text.h"
#include "trace_reader.h"
#include "trace_writer.h"

/* The first line of a text. */
#define TRACE_TEXT_MAGIC "trace 1"

#define TRACE_TEXT_LINE 65536 /* bytes of the longest line */

/* Writes an open trace as text. 0; -1 with error, which names the trace; -2
 * with error and errno where `out` could not be written. */
int trace_text_write(
	const struct trace_reader *reader, FILE *out, struct error *error);

/* Whether a file may be put there by renaming: nothing is there, or a regular
 * file. A device, a pipe or a link would be lost. False with error. */
bool trace_text_may_replace(const char *path, struct error *error);

/*
 * Reads a text and writes the trace to a path, which is then whole or not
 * there; trace_text_may_replace() has to allow it. name is the text's in
 * errors: "NAME:LINE: what: what is allowed". 0; -1 with error; -2 with
 * error where the text may be right and the trace could not be written.
 */
int trace_text_read(
	FILE *in, const char *name, const char *path, struct error *error);

#endif /* SERIALBENCH_TRACE_TEXT_H */
