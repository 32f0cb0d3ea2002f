// SPDX-License-Identifier: MIT
//
// The events of one thread, chunk by chunk.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace_index.h"

void trace_cursor_init(struct trace_cursor *cursor,
	const struct trace_reader *reader, uint32_t index)
{
	*cursor = (struct trace_cursor){
		.reader = reader,
		.thread = &reader->threads[index],
		.chunk = reader->threads[index].first_chunk,
	};
}

void trace_cursor_finish(struct trace_cursor *cursor)
{
	if (cursor == NULL)
		return;
	free(cursor->bytes);
	cursor->bytes = NULL;
	cursor->chunk = UINT32_MAX;
	cursor->decoder = (struct trace_decoder){0};
}

int trace_cursor_fail(const struct trace_cursor *cursor,
	const struct trace_event *event, const char *what, struct error *error)
{
	uint64_t inside = cursor->bytes == NULL
		? 0
		: (uint64_t)(cursor->decoder.at - cursor->bytes) +
			sizeof(struct trace_chunk_header);

	return error_set(error, "%s: byte %llu, thread %u, event %llu: %s",
		cursor->reader->path,
		(unsigned long long)(cursor->offset + inside),
		cursor->thread->number, (unsigned long long)event->index, what);
}

/* 0, or -1 with error. */
static int load_chunk(struct trace_cursor *cursor, struct error *error)
{
	const struct trace_reader *reader = cursor->reader;
	struct trace_event event = {
		.index = cursor->decoder.header.first_event +
			cursor->decoder.events};
	struct trace_chunk_header header;
	const char *fault;
	int result;

	if (cursor->bytes == NULL)
		cursor->bytes = malloc(TRACE_CHUNK_BYTES);
	cursor->decoder.at = cursor->bytes;
	if (cursor->bytes == NULL)
		return trace_cursor_fail(
			cursor, &event, "no memory for a chunk", error);
	cursor->offset = reader->chunks[cursor->chunk].offset;
	result = trace_read_header(reader, cursor->offset,
		reader->readable_bytes, &header, &fault);
	if (result == 0)
		result = trace_read_payload(
			reader, cursor->offset, &header, cursor->bytes, &fault);
	if (result == 0 && header.first_event != event.index) {
		fault = "the file changes while it is read";
		result = 1;
	}
	if (result != 0)
		return trace_cursor_fail(cursor, &event,
			result < 0 ? strerror(errno) : fault, error);
	cursor->chunk = reader->chunks[cursor->chunk].next;
	trace_decode_begin(
		&cursor->decoder, &header, cursor->bytes, &reader->header);
	return 0;
}

static int decode_next(struct trace_cursor *cursor, struct trace_event *event,
	struct error *error)
{
	const char *fault;
	int result = trace_decode_next(&cursor->decoder, event, &fault);

	if (result < 0)
		trace_cursor_fail(cursor, event, fault, error);
	return result;
}

int trace_cursor_next(struct trace_cursor *cursor, struct trace_event *event,
	struct error *error)
{
	int result =
		cursor->bytes == NULL ? 0 : decode_next(cursor, event, error);

	while (result == 0 && cursor->chunk != UINT32_MAX) {
		if (load_chunk(cursor, error) != 0)
			return -1;
		result = decode_next(cursor, event, error);
	}
	if (result == 1 && event->index < cursor->thread->usable_events)
		return 1;
	if (result >= 0)
		trace_cursor_finish(cursor);
	return result < 0 ? -1 : 0;
}
