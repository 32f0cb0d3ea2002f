// SPDX-License-Identifier: MIT
//
// Any bytes as a trace: an error is one line that begins with the path, every
// event that is read is one that could be written, live blocks are what was
// allocated and not freed, and cursors give what the merged order gave.
//
// A mutation never fits the checksums, so they are filled in where the bytes
// say where the headers are: the first byte is 0 for that, and is left out.
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "trace_merge.h"

static const char *file_of(const uint8_t *data, size_t size)
{
	static char path[40];
	static int fd = -1;

	if (fd < 0) {
		fd = memfd_create("fuzz", MFD_CLOEXEC);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	}
	FUZZ_CHECK(fd >= 0 && pwrite(fd, data, size, 0) == (ssize_t)size &&
			ftruncate(fd, (off_t)size) == 0,
		"%s", strerror(errno));
	return path;
}

static void mend_chunk(const struct trace_checksum *checksum, uint8_t *bytes,
	size_t payload_bytes)
{
	struct trace_chunk_header header;

	memcpy(&header, bytes, sizeof(header));
	header.payload_checksum =
		trace_checksum(checksum, bytes + sizeof(header), payload_bytes);
	header.header_checksum = trace_checksum(
		checksum, &header.payload_checksum, sizeof(header) - 8);
	memcpy(bytes, &header, sizeof(header));
}

/* Checksums that fit, from the beginning on as long as lengths do. */
static void mend(uint8_t *bytes, size_t size)
{
	static struct trace_checksum checksum;
	struct trace_file_header header;
	struct trace_chunk_header chunk;
	size_t at;

	trace_checksum_init(&checksum);
	if (size < sizeof(header))
		return;
	memcpy(&header, bytes, sizeof(header));
	at = header.header_bytes;
	if (at < sizeof(header) || at > size)
		return;
	header.checksum = trace_checksum(&checksum, bytes + 12, at - 12);
	memcpy(bytes, &header, sizeof(header));
	for (; size - at >= sizeof(chunk);
		at += sizeof(chunk) + chunk.payload_bytes) {
		memcpy(&chunk, bytes + at, sizeof(chunk));
		if (chunk.payload_bytes > size - at - sizeof(chunk))
			return;
		mend_chunk(&checksum, bytes + at, chunk.payload_bytes);
	}
}

static int check_error(const char *error, const char *path)
{
	size_t length = strnlen(error, ERROR_TEXT);

	FUZZ_CHECK(length < ERROR_TEXT, "no NUL");
	for (size_t i = 0; i < length; i++)
		FUZZ_CHECK((unsigned char)error[i] >= ' ' && error[i] != 127,
			"byte %zu of \"%s\"", i, error);
	FUZZ_CHECK(strncmp(error, path, strlen(path)) == 0 &&
			error[strlen(path)] == ':',
		"\"%s\"", error);
	return -1;
}

struct counts {
	uint64_t events, blocks, freed;
};

static void count(struct counts *counts, const struct trace_event *event,
	const struct trace_reader *reader)
{
	const char *fault = trace_event_fault(event, reader->header.word_bytes);

	FUZZ_CHECK(fault == NULL, "%s", fault);
	counts->events++;
	counts->blocks += event->block != 0;
	counts->freed += event->old != 0 && event->outcome != TRACE_FAILED;
}

/* All events in one order. 0, or -1 where there was an error. */
static int read_merged(const struct trace_reader *reader, struct counts *counts,
	struct error *error)
{
	struct trace_merge *merge = trace_merge_create(reader, error);
	struct trace_event event;
	int result = merge == NULL ? -1 : 1;

	while (result == 1) {
		result = trace_merge_next(merge, &event, NULL, error);
		if (result != 1)
			break;
		count(counts, &event, reader);
		FUZZ_CHECK(trace_merge_live(merge) ==
				counts->blocks - counts->freed,
			"%llu live",
			(unsigned long long)trace_merge_live(merge));
	}
	trace_merge_destroy(merge);
	return result < 0 ? check_error(error->text, reader->path) : 0;
}

static void read_threads(const struct trace_reader *reader,
	const struct counts *want, struct error *error)
{
	struct counts counts = {0};
	struct trace_cursor cursor;
	struct trace_event event;

	for (uint32_t i = 0; i < reader->thread_count; i++) {
		uint64_t index = 0;

		trace_cursor_init(&cursor, reader, i);
		while (trace_cursor_next(&cursor, &event, error) == 1) {
			FUZZ_CHECK(event.index == index++, "event %llu",
				(unsigned long long)event.index);
			count(&counts, &event, reader);
		}
		trace_cursor_finish(&cursor);
	}
	FUZZ_CHECK(memcmp(&counts, want, sizeof(counts)) == 0,
		"%llu events by thread, %llu merged",
		(unsigned long long)counts.events,
		(unsigned long long)want->events);
}

static void read_trace(const char *path)
{
	struct trace_reader reader;
	struct counts counts = {0};
	struct error error = {0};

	if (trace_reader_open(&reader, path, &error) != 0) {
		check_error(error.text, path);
	} else {
		if (trace_reader_warning(&reader, &error))
			check_error(error.text, path);
		if (read_merged(&reader, &counts, &error) == 0) {
			FUZZ_CHECK(trace_verify(&reader, &error) == 0, "%s",
				error.text);
			read_threads(&reader, &counts, &error);
		}
	}
	trace_reader_finish(&reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *copy;

	if (size == 0 || data[0] != 0) {
		read_trace(file_of(data, size));
		return 0;
	}
	copy = malloc(size);
	FUZZ_CHECK(copy, "no memory");
	memcpy(copy, data + 1, size - 1);
	mend(copy, size - 1);
	read_trace(file_of(copy, size - 1));
	free(copy);
	return 0;
}
