// SPDX-License-Identifier: MIT
//
// Reads a trace: one pass over the chunks' headers makes an index of 16 bytes
// a chunk, then a cursor for each thread that is wanted gives its events, with
// one chunk in memory. trace_merge.h gives all threads' events in one order
// and checks that they fit together.
//
// Errors are one line: "FILE: byte N, thread T, event I: what: what is
// allowed", with the parts that apply. A reader that is open is only read, so
// cursors may be used by several threads, each cursor by one.
#ifndef SERIALBENCH_TRACE_READER_H
#define SERIALBENCH_TRACE_READER_H

#include "error_text.h"
#include "trace_checksum.h"
#include "trace_decode.h"

struct trace_thread {
	uint32_t number;
	uint32_t parent; /* number, or TRACE_NO_PARENT */
	uint64_t events, blocks; /* in the file */
	/* Those that cursors give: all, unless trace_verify() found that the
	 * rest hangs on what a program that ended could not write. */
	uint64_t usable_events;
	uint64_t last_event, last_block; /* before its last chunk */
	uint32_t first_chunk, last_chunk; /* in the index */
};

struct trace_chunk_place {
	uint64_t offset;
	uint32_t next; /* of the thread; UINT32_MAX behind the last */
};

struct trace_reader {
	int fd;
	char *path;
	struct trace_file_header header;
	char *texts; /* command, then allocator, each ending in a NUL */
	const char *allocator; /* in it */
	struct trace_thread *threads; /* by number */
	uint32_t thread_count;
	struct trace_chunk_place *chunks;
	uint32_t chunk_count;
	bool ended; /* the last chunk is an end: `end` holds it */
	struct trace_end end;
	/* The file stops in the middle of a chunk, or after a power cut holds
	 * no chunk from `readable_bytes` on: what is before is read. */
	bool truncated;
	uint64_t readable_bytes, file_bytes;
	struct trace_checksum checksum;
	uint32_t *by_number; /* index + 1 by thread number */
	uint32_t number_limit;
};

/* 0, or -1 with error. The caller finishes it in both cases. */
int trace_reader_open(
	struct trace_reader *reader, const char *path, struct error *error);

/* Accepts NULL and a zeroed reader. */
void trace_reader_finish(struct trace_reader *reader);

/* Index of a thread by its number, or UINT32_MAX. */
uint32_t trace_reader_thread(
	const struct trace_reader *reader, uint32_t number);

/* Whether every event is there that another one hangs on: the trace has an
 * end, and no other thread ran on meanwhile. */
bool trace_reader_is_whole(const struct trace_reader *reader);

/*
 * What to warn of in a trace that was read without an error: it is truncated,
 * or has no end. One line in text, as errors are. False where there is
 * nothing.
 */
bool trace_reader_warning(
	const struct trace_reader *reader, struct error *warning);

/*
 * What to warn of where the events' one order has `peak_bytes` live at most:
 * the recorder counted more than 5 % more, since without times the order of
 * threads that ran at once is not known. False where there is nothing.
 */
bool trace_reader_peak_warning(const struct trace_reader *reader,
	uint64_t peak_bytes, struct error *warning);

struct trace_cursor {
	const struct trace_reader *reader;
	const struct trace_thread *thread;
	uint32_t chunk; /* the next one */
	uint64_t offset; /* of the one that is decoded */
	unsigned char *bytes; /* TRACE_CHUNK_BYTES, or NULL before and after */
	struct trace_decoder decoder;
};

/* The events of the reader's thread number `index` of its array. Takes no
 * memory yet. */
void trace_cursor_init(struct trace_cursor *cursor,
	const struct trace_reader *reader, uint32_t index);

/* 1; 0 behind the last event; -1 with error. */
int trace_cursor_next(struct trace_cursor *cursor, struct trace_event *event,
	struct error *error);

/* Puts "FILE: byte N, thread T, event I: what" into error, N being where the
 * cursor stands. Returns -1. */
int trace_cursor_fail(const struct trace_cursor *cursor,
	const struct trace_event *event, const char *what, struct error *error);

/* Accepts NULL and a zeroed cursor. */
void trace_cursor_finish(struct trace_cursor *cursor);

/*
 * Reads the whole trace once in its one order: checksums, and that every block
 * is allocated, and freed at most once. Of a trace that is not whole it sets
 * usable_events. 0, or -1 with error.
 */
int trace_verify(struct trace_reader *reader, struct error *error);

#endif /* SERIALBENCH_TRACE_READER_H */
