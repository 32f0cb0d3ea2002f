// SPDX-License-Identifier: MIT
//
// One line of a trace's text, in words. Inside trace/ only.
#ifndef SERIALBENCH_TRACE_TEXT_LINE_H
#define SERIALBENCH_TRACE_TEXT_LINE_H

#include "trace_event.h"

/* An event's line is cut at its blanks in place. Fills in all but index,
 * block and time; *named is the number behind "=", 0 where there is none. NULL,
 * or what is wrong and what is allowed. */
const char *trace_text_event(
	char *line, bool timed, struct trace_event *event, uint64_t *named);

/* "exit lost 0 …": what follows the word "ended". */
const char *trace_text_end(char *line, struct trace_end *end);

/* Digits only, up to most. */
bool trace_text_number(const char *text, uint64_t most, uint64_t *number);

/* Turns \xHH into its byte, in place. False where an escape is another, or a
 * NUL. */
bool trace_text_unescape(char *text);

#endif /* SERIALBENCH_TRACE_TEXT_LINE_H */
