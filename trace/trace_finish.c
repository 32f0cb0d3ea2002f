// SPDX-License-Identifier: MIT
//
// Puts into a trace what the recorded program could not write any more. The
// bytes come from a program that may have been broken, so nothing in them is
// taken on trust but the events themselves, which every reader checks.
#include "trace_finish.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "trace_buffer.h"
#include "trace_index.h"
#include "trace_put.h"
#include "trace_store.h"

/* A thread's buffer is a page more than a chunk. */
#define STRIDE_MOST (4 * (uint32_t)TRACE_CHUNK_BYTES)

struct store {
	int fd;
	struct trace_store_header header;
	struct trace_buffer *buffer; /* the one that is looked at */
	struct trace_reader reader; /* of the trace as it was left */
	struct trace_writer writer;
};

static char *name_of(const char *path)
{
	char *name;

	return asprintf(&name, "%s" TRACE_STORE_SUFFIX, path) < 0 ? NULL : name;
}

static bool is_sound(const struct trace_store_header *header)
{
	return memcmp(header->magic, TRACE_STORE_MAGIC,
		       TRACE_STORE_MAGIC_BYTES) == 0 &&
		header->buffer_bytes == sizeof(struct trace_buffer) &&
		header->stride >= sizeof(struct trace_buffer) &&
		header->stride <= STRIDE_MOST &&
		header->header_bytes >= sizeof(*header);
}

static int open_store(const char *path, struct trace_store_header *header)
{
	char *name = name_of(path);
	int fd = name == NULL
		? -1
		: open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);

	free(name);
	if (fd < 0)
		return -1;
	if (trace_read_at(fd, header, sizeof(*header), 0) == 0 &&
		is_sound(header))
		return fd;
	close(fd);
	return -1;
}

uint32_t trace_store_pid(const char *path)
{
	struct trace_store_header header = {.pid = 0};
	int fd = open_store(path, &header);

	if (fd < 0)
		return 0;
	close(fd);
	return header.pid;
}

static uint64_t events_in_file(
	const struct trace_reader *reader, uint32_t thread)
{
	uint32_t index = trace_reader_thread(reader, thread);

	return index == UINT32_MAX ? 0 : reader->threads[index].events;
}

/* Whether it has events that the trace lacks, right behind those that are
 * there. Behind a chunk that was lost, none can be used. */
static bool has_news(const struct store *store)
{
	const struct trace_buffer *buffer = store->buffer;
	uint64_t fill = trace_put_fill(buffer), there;

	if (trace_buffer_is_empty(fill) ||
		trace_put_bytes(fill) > (int64_t)TRACE_PAYLOAD_MAX ||
		buffer->thread >= TRACE_THREADS)
		return false;
	there = events_in_file(&store->reader, buffer->thread);
	return there >= buffer->first_event &&
		there < buffer->first_event + trace_buffer_events(fill);
}

/* The next buffer that has news: 1; 0 where there is none; -1 with errno. */
static int next_buffer(struct store *store, uint32_t *index)
{
	while (*index < store->header.buffers) {
		uint64_t at = store->header.header_bytes +
			(uint64_t)(*index)++ * store->header.stride;
		int result = trace_read_at(
			store->fd, store->buffer, sizeof(*store->buffer), at);

		if (result != 0)
			return result > 0 ? 0 : -1;
		if (has_news(store))
			return 1;
	}
	return 0;
}

static int put_buffers(struct store *store)
{
	uint32_t index = 0;
	int result;

	while ((result = next_buffer(store, &index)) == 1) {
		store->buffer->writer = &store->writer;
		atomic_store(&store->buffer->lock, 0);
		if (trace_buffer_snapshot(store->buffer) != 0)
			return -1;
	}
	return result;
}

/* An end that the program wrote stands, unless it went on behind it. An abort's
 * does not become "killed by SIGABRT". */
static bool has_own_end(struct store *store)
{
	uint32_t index = 0;
	bool ended = store->reader.ended &&
		(store->reader.end.how != TRACE_END_EXEC ||
			store->header.state == TRACE_STORE_EXEC);

	return ended && next_buffer(store, &index) == 0;
}

/* Without a peak: what each thread had since all was added up is not known. */
static int put_end(
	struct store *store, enum trace_end_kind how, uint64_t status)
{
	const struct trace_tally *tally = &store->header.tally;
	struct trace_end end = {
		.how = store->header.state == TRACE_STORE_EXEC ? TRACE_END_EXEC
							       : how,
		.unseen = atomic_load(&tally->unseen),
	};

	end.status = end.how == TRACE_END_EXEC ? 0 : status;
	atomic_store(&store->writer.tally->lost, atomic_load(&tally->lost));
	return trace_writer_end(&store->writer, 0, end);
}

/* What stopped the recording while the program ran leaves the trace without an
 * end: events are missing that nothing counts. */
static int finish(struct store *store, const char *path,
	enum trace_end_kind how, uint64_t status, struct error *error)
{
	int stopped = atomic_load(&store->header.tally.error);

	if (stopped != 0)
		return error_set(error,
			"%s: recording stopped while the program ran: %s", path,
			strerror(stopped));
	if (trace_reader_open(&store->reader, path, error) != 0)
		return -1;
	store->buffer = malloc(sizeof(*store->buffer));
	if (store->buffer == NULL)
		return error_set(error, "%s: no memory for a buffer", path);
	if (has_own_end(store))
		return 0;
	if (trace_writer_go_on(&store->writer, path, store->header.start,
		    (enum trace_clock)store->reader.header.clock,
		    store->reader.readable_bytes) != 0 ||
		put_buffers(store) != 0 || put_end(store, how, status) != 0)
		return error_set(error, "%s: %s", path,
			strerror(atomic_load(&store->writer.tally->error) != 0
					? atomic_load(
						  &store->writer.tally->error)
					: errno));
	return 1;
}

int trace_store_finish(const char *path, enum trace_end_kind how,
	uint64_t status, struct error *error)
{
	struct store *store = calloc(1, sizeof(*store));
	char *name = name_of(path);
	int result = 0;

	if (store == NULL || name == NULL) {
		result = error_set(error, "%s: no memory", path);
		goto done;
	}
	store->reader.fd = -1;
	store->fd = open_store(path, &store->header);
	if (store->fd < 0)
		goto done;
	result = finish(store, path, how, status, error);
	trace_writer_close(&store->writer);
	trace_reader_finish(&store->reader);
	close(store->fd);
	unlink(name);
done:
	if (store != NULL)
		free(store->buffer);
	free(store);
	free(name);
	return result;
}
