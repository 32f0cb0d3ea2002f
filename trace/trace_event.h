// SPDX-License-Identifier: MIT
//
// One event of a trace, decoded.
#ifndef SERIALBENCH_TRACE_EVENT_H
#define SERIALBENCH_TRACE_EVENT_H

#include "trace_format.h"

struct trace_event {
	enum trace_kind kind;
	enum trace_outcome outcome;
	uint32_t thread;
	uint32_t other; /* thread created, or pid of the child of fork */
	uint64_t index; /* in its thread, from 0 */
	uint64_t block; /* id of the new block, 0 for none */
	uint64_t old; /* id of the block that is freed or was realloc's, or 0 */
	uint64_t size; /* requested; of one element for calloc */
	uint64_t count; /* elements of calloc */
	uint64_t alignment; /* of the aligned calls */
	/* From the trace's start, in the clock's unit; without a clock the
	 * ns at which it happened, about: drawn between those of its chunk. */
	uint64_t time;
	uint64_t delta; /* since the thread's event before; 0 without a clock */
};

/* "malloc", … Never NULL for a kind of the format; NULL for others. */
const char *trace_kind_name(unsigned kind);

/* Whether the kind is a call that returns a block. */
bool trace_kind_allocates(enum trace_kind kind);

/* Bytes requested; only of an event that no fault was found in. */
static inline uint64_t trace_event_bytes(const struct trace_event *event)
{
	return event->kind == TRACE_CALLOC && event->outcome == TRACE_DONE
		? event->count * event->size
		: event->size;
}

/*
 * What no program can have done, whatever stands before the event: a line that
 * says what is wrong and what is allowed, or NULL. block and old are looked at
 * as names only. word_bytes is the program's.
 */
const char *trace_event_fault(
	const struct trace_event *event, uint32_t word_bytes);

#define TRACE_END_WORDS 64

/* How a program ended, in words: "exit", "killed by signal 9". Returns text. */
const char *trace_end_words(
	const struct trace_end *end, char text[TRACE_END_WORDS]);

#endif /* SERIALBENCH_TRACE_EVENT_H */
