// SPDX-License-Identifier: MIT
//
// Two passes over the chunk headers: one finds where the readable part ends,
// one takes down the chunks of each thread.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace_index.h"

#define HEADER_BYTES sizeof(struct trace_chunk_header)

/* A chunk that is damaged in the middle has a sound one behind it not farther
 * than this; behind a torn tail there is none. */
#define SEARCH_BYTES (2 * (size_t)TRACE_CHUNK_BYTES)

/* A power cut may leave so many chunks with headers and without payloads. */
#define TAIL_CHUNKS 64

static int fail_at(const struct trace_reader *reader, uint64_t offset,
	const char *what, struct error *error)
{
	return error_set(error, "%s: byte %llu: %s", reader->path,
		(unsigned long long)offset, what);
}

static uint64_t chunk_end(
	uint64_t offset, const struct trace_chunk_header *header)
{
	return offset + HEADER_BYTES + header->payload_bytes;
}

/* Whether a sound chunk begins in a window of the file. */
static bool window_has_chunk(const struct trace_reader *reader,
	const unsigned char *window, size_t size, uint64_t offset)
{
	struct trace_chunk_header header;
	const char *fault;

	for (size_t i = 0; i + HEADER_BYTES <= size; i++) {
		memcpy(&header, window + i, HEADER_BYTES);
		if (trace_header_is_sound(reader, &header) &&
			trace_read_header(reader, offset + i,
				reader->file_bytes, &header, &fault) == 0)
			return true;
	}
	return false;
}

/* 1 where a sound chunk stands not far behind a place, 0 where none does, -1
 * with errno. */
static int chunk_follows(const struct trace_reader *reader, uint64_t offset)
{
	uint64_t left = reader->file_bytes - offset;
	size_t size = left < SEARCH_BYTES ? (size_t)left : SEARCH_BYTES;
	unsigned char *window = malloc(size > 0 ? size : 1);
	int result = -1;

	if (window == NULL)
		return -1;
	result = trace_read_at(reader->fd, window, size, offset);
	if (result == 0)
		result = window_has_chunk(reader, window, size, offset);
	else if (result == 1)
		result = 0; /* the file has become shorter */
	free(window);
	return result;
}

/* The last chunks on the way, and how far they go. */
struct tail {
	uint64_t offsets[TAIL_CHUNKS];
	uint64_t count;
	uint64_t end;
};

/* Hops over the headers to the end, or to where no chunk is. */
static int find_tail(
	struct trace_reader *reader, struct tail *tail, struct error *error)
{
	struct trace_chunk_header header;
	const char *fault;
	int result;

	while (tail->end < reader->file_bytes) {
		result = trace_read_header(
			reader, tail->end, reader->file_bytes, &header, &fault);
		if (result == 0) {
			tail->offsets[tail->count++ % TAIL_CHUNKS] = tail->end;
			tail->end = chunk_end(tail->end, &header);
			continue;
		}
		if (result > 0)
			result = chunk_follows(reader, tail->end + 1);
		if (result < 0)
			return fail_at(
				reader, tail->end, strerror(errno), error);
		if (result > 0)
			return fail_at(reader, tail->end, fault, error);
		reader->truncated = true;
		return 0;
	}
	return 0;
}

/* Gives up the last chunks as long as their payloads are not what was
 * written. */
static int cut_tail(
	struct trace_reader *reader, struct tail *tail, struct error *error)
{
	unsigned char *payload = malloc(TRACE_PAYLOAD_MAX);
	uint64_t least =
		tail->count > TAIL_CHUNKS ? tail->count - TAIL_CHUNKS : 0;
	struct trace_chunk_header header;
	const char *fault = "no memory";
	int result = payload == NULL ? -1 : 1;

	while (result > 0 && tail->count > least) {
		uint64_t offset =
			tail->offsets[(tail->count - 1) % TAIL_CHUNKS];

		result = trace_read_header(
			reader, offset, reader->file_bytes, &header, &fault);
		if (result == 0)
			result = trace_read_payload(
				reader, offset, &header, payload, &fault);
		if (result <= 0)
			break;
		tail->end = offset;
		tail->count--;
		reader->truncated = true;
	}
	free(payload);
	return result < 0 ? fail_at(reader, tail->end, strerror(errno), error)
			  : 0;
}

/* The array with room for one more; *limit is what there is. NULL where there
 * is no memory; the array is then as it was. */
static void *grow(void *array, uint32_t count, uint32_t *limit, size_t size)
{
	uint32_t more = *limit > 0 ? *limit * 2 : 16;
	void *bigger;

	if (count < *limit)
		return array;
	if (*limit > UINT32_MAX / 4)
		return NULL;
	bigger = reallocarray(array, more, size);
	if (bigger != NULL)
		*limit = more;
	return bigger;
}

struct building {
	struct trace_reader *reader;
	uint32_t chunk_limit, thread_limit;
	struct error *error;
};

/* The table from numbers to threads, up to a number. Zero pages of it take no
 * memory. */
static int number_up_to(struct trace_reader *reader, uint32_t number)
{
	uint32_t limit = reader->number_limit > 0 ? reader->number_limit : 64;
	uint32_t *bigger;

	while (limit <= number)
		limit *= 2;
	if (limit == reader->number_limit)
		return 0;
	bigger = calloc(limit, sizeof(*bigger));
	if (bigger == NULL)
		return -1;
	if (reader->number_limit > 0)
		memcpy(bigger, reader->by_number,
			reader->number_limit * sizeof(*bigger));
	free(reader->by_number);
	reader->by_number = bigger;
	reader->number_limit = limit;
	return 0;
}

/* The thread of a chunk; NULL where there is no memory. */
static struct trace_thread *thread_of(
	struct building *building, const struct trace_chunk_header *header)
{
	struct trace_reader *reader = building->reader;
	struct trace_thread *threads;
	uint32_t *slot;

	if (number_up_to(reader, header->thread) != 0)
		return NULL;
	slot = &reader->by_number[header->thread];
	if (*slot != 0)
		return &reader->threads[*slot - 1];
	threads = grow(reader->threads, reader->thread_count,
		&building->thread_limit, sizeof(*threads));
	if (threads == NULL)
		return NULL;
	reader->threads = threads;
	threads[reader->thread_count] = (struct trace_thread){
		.number = header->thread,
		.parent = header->parent,
		.first_chunk = UINT32_MAX,
		.last_chunk = UINT32_MAX,
	};
	*slot = ++reader->thread_count;
	return &threads[*slot - 1];
}

static const char *sequence_fault(const struct trace_thread *thread,
	const struct trace_chunk_header *header)
{
	if (header->parent != thread->parent)
		return "a chunk has another parent than its thread's first one";
	if (thread->first_chunk != UINT32_MAX &&
		header->first_event == thread->last_event)
		return header->first_block == thread->last_block &&
				header->first_event + header->events >=
					thread->events
			? NULL
			: "a later copy of a chunk has fewer events or other "
			  "blocks";
	if (header->first_event != thread->events ||
		header->first_block != thread->blocks)
		return "events of a thread are missing before this chunk";
	return NULL;
}

/* Behind the thread's chunks, or in the place of the last. */
static int add_chunk(struct building *building, uint64_t offset,
	const struct trace_chunk_header *header)
{
	struct trace_reader *reader = building->reader;
	struct trace_thread *thread = thread_of(building, header);
	const char *fault = "no memory for the index";
	struct trace_chunk_place *chunks = grow(reader->chunks,
		reader->chunk_count, &building->chunk_limit, sizeof(*chunks));
	bool copy;

	if (chunks != NULL)
		reader->chunks = chunks;
	if (thread == NULL || chunks == NULL)
		return fail_at(reader, offset, fault, building->error);
	fault = sequence_fault(thread, header);
	if (fault != NULL)
		return fail_at(reader, offset, fault, building->error);
	copy = thread->first_chunk != UINT32_MAX &&
		header->first_event == thread->last_event;
	thread->last_event = header->first_event;
	thread->last_block = header->first_block;
	thread->events = header->first_event + header->events;
	thread->blocks = header->first_block + header->blocks;
	thread->usable_events = thread->events;
	if (copy) {
		reader->chunks[thread->last_chunk].offset = offset;
		return 0;
	}
	if (thread->first_chunk == UINT32_MAX)
		thread->first_chunk = reader->chunk_count;
	else
		reader->chunks[thread->last_chunk].next = reader->chunk_count;
	thread->last_chunk = reader->chunk_count;
	reader->chunks[reader->chunk_count++] =
		(struct trace_chunk_place){offset, UINT32_MAX};
	return 0;
}

static int add_end(struct building *building, uint64_t offset,
	const struct trace_chunk_header *header)
{
	struct trace_reader *reader = building->reader;
	bool last = chunk_end(offset, header) == reader->readable_bytes;
	unsigned char payload[80];
	const char *fault;

	if (header->payload_bytes > sizeof(payload))
		return fail_at(reader, offset, "an end chunk is too long",
			building->error);
	switch (trace_read_payload(reader, offset, header, payload, &fault)) {
	case 0:
		break;
	case 1:
		return fail_at(reader, offset, fault, building->error);
	default:
		return fail_at(
			reader, offset, strerror(errno), building->error);
	}
	if (!trace_decode_end(payload, header->payload_bytes, &reader->end))
		return fail_at(reader, offset,
			"an end chunk does not hold five or seven numbers",
			building->error);
	reader->ended = last;
	return 0;
}

static int by_number(const void *a, const void *b)
{
	uint32_t left = ((const struct trace_thread *)a)->number;
	uint32_t right = ((const struct trace_thread *)b)->number;

	return left < right ? -1 : left > right;
}

static void sort_threads(struct trace_reader *reader)
{
	if (reader->thread_count == 0)
		return;
	qsort(reader->threads, reader->thread_count, sizeof(*reader->threads),
		by_number);
	for (uint32_t i = 0; i < reader->thread_count; i++)
		reader->by_number[reader->threads[i].number] = i + 1;
}

int trace_index_build(struct trace_reader *reader, struct error *error)
{
	struct building building = {.reader = reader, .error = error};
	struct tail tail = {.end = reader->header.header_bytes};
	uint64_t offset = tail.end;
	struct trace_chunk_header header;
	const char *fault;

	if (find_tail(reader, &tail, error) != 0 ||
		cut_tail(reader, &tail, error) != 0)
		return -1;
	reader->readable_bytes = tail.end;
	for (; offset < tail.end; offset = chunk_end(offset, &header)) {
		if (trace_read_header(
			    reader, offset, tail.end, &header, &fault) != 0)
			return fail_at(reader, offset,
				"the file changes while it is read", error);
		if ((header.magic == TRACE_CHUNK_END
				    ? add_end(&building, offset, &header)
				    : add_chunk(&building, offset, &header)) !=
			0)
			return -1;
	}
	reader->ended = reader->ended && !reader->truncated;
	sort_threads(reader);
	return 0;
}
