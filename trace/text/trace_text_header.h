// SPDX-License-Identifier: MIT
//
// The lines of a trace's text that stand in front of its events. Inside trace/
// only.
#ifndef SERIALBENCH_TRACE_TEXT_HEADER_H
#define SERIALBENCH_TRACE_TEXT_HEADER_H

#include "trace_writer.h"

struct trace_text_header {
	struct trace_program program; /* command_bytes are those of command */
	char *command;
	char allocator[256];
};

/* As it is where no line says otherwise. */
void trace_text_header_init(struct trace_text_header *header);

/* Takes one line, and may change it. NULL, or what is wrong with it and what
 * is allowed. */
const char *trace_text_header_take(
	struct trace_text_header *header, char *line);

/* Accepts NULL and a zeroed header. */
void trace_text_header_finish(struct trace_text_header *header);

#endif /* SERIALBENCH_TRACE_TEXT_HEADER_H */
