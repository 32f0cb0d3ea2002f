// SPDX-License-Identifier: MIT
#include "trace_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "trace_index.h"

static int fail(const struct trace_reader *reader, const char *what,
	struct error *error)
{
	return error_set(error, "%s: %s", reader->path, what);
}

static const char *header_fault(const struct trace_file_header *header)
{
	if (memcmp(header->magic, TRACE_MAGIC, TRACE_MAGIC_BYTES) != 0)
		return "no trace: allowed is a file that begins with SBTRACE";
	if (header->byte_order != TRACE_BYTE_ORDER)
		return "byte 12: a trace of another byte order, or damaged: "
		       "allowed is this machine's";
	if (header->version != TRACE_VERSION)
		return "byte 16: a trace of another version, or damaged: "
		       "allowed is version 1";
	if (header->header_bytes < sizeof(*header) ||
		header->header_bytes > TRACE_HEADER_MAX ||
		header->command_bytes > TRACE_HEADER_MAX ||
		header->allocator_bytes > TRACE_HEADER_MAX ||
		header->header_bytes !=
			sizeof(*header) + header->command_bytes +
				header->allocator_bytes)
		return "byte 20: the header's lengths do not add up";
	return NULL;
}

static const char *values_fault(const struct trace_reader *reader)
{
	const struct trace_file_header *header = &reader->header;

	if (header->word_bytes != 4 && header->word_bytes != 8)
		return "byte 24: a word's size: allowed are 4 and 8";
	if (header->clock >= TRACE_CLOCKS)
		return "byte 32: an unknown clock: allowed are 0 to 2";
	if (header->flags & ~TRACE_FLAGS)
		return "byte 36: unknown flags: allowed are 0 to 3";
	if (header->command_bytes > 0 &&
		reader->texts[header->command_bytes - 1] != '\0')
		return "byte 64: the command does not end in a NUL";
	if (memchr(reader->allocator, '\0', header->allocator_bytes) != NULL)
		return "byte 64: the allocator's name has a NUL in it";
	return NULL;
}

/* The fixed part has been read; the texts behind it and the checksum. */
static int read_texts(struct trace_reader *reader, struct error *error)
{
	struct trace_file_header *header = &reader->header;
	size_t covered = offsetof(struct trace_file_header, byte_order);
	unsigned char *bytes = malloc(header->header_bytes);
	int result = -1;

	reader->texts = calloc(
		1, (size_t)header->command_bytes + header->allocator_bytes + 1);
	if (bytes == NULL || reader->texts == NULL) {
		fail(reader, "no memory for the header", error);
		goto done;
	}
	if (trace_read_at(reader->fd, bytes, header->header_bytes, 0) != 0) {
		fail(reader, "the file ends in its header", error);
		goto done;
	}
	if (trace_checksum(&reader->checksum, bytes + covered,
		    header->header_bytes - covered) != header->checksum) {
		fail(reader, "byte 8: the header's checksum does not fit it",
			error);
		goto done;
	}
	memcpy(reader->texts, bytes + sizeof(*header),
		(size_t)header->command_bytes + header->allocator_bytes);
	reader->allocator = reader->texts + header->command_bytes;
	result = 0;
done:
	free(bytes);
	return result;
}

static int read_file_header(struct trace_reader *reader, struct error *error)
{
	const char *fault;
	int result = trace_read_at(
		reader->fd, &reader->header, sizeof(reader->header), 0);

	if (result < 0)
		return fail(reader, strerror(errno), error);
	if (result > 0)
		return fail(reader,
			"no trace: allowed is a file with a header of 64 bytes",
			error);
	fault = header_fault(&reader->header);
	if (fault != NULL)
		return fail(reader, fault, error);
	if (read_texts(reader, error) != 0)
		return -1;
	fault = values_fault(reader);
	return fault == NULL ? 0 : fail(reader, fault, error);
}

static int open_file(
	struct trace_reader *reader, const char *path, struct error *error)
{
	struct stat status;

	reader->path = strdup(path);
	if (reader->path == NULL) {
		return error_set(error, "%s: no memory", path);
	}
	/* A FIFO that nobody writes would be waited for. */
	reader->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (reader->fd < 0 || fstat(reader->fd, &status) != 0)
		return fail(reader, strerror(errno), error);
	if (!S_ISREG(status.st_mode))
		return fail(
			reader, "no trace: allowed is a regular file", error);
	reader->file_bytes = (uint64_t)status.st_size;
	return 0;
}

int trace_reader_open(
	struct trace_reader *reader, const char *path, struct error *error)
{
	*reader = (struct trace_reader){.fd = -1};
	trace_checksum_init(&reader->checksum);
	if (open_file(reader, path, error) != 0 ||
		read_file_header(reader, error) != 0)
		return -1;
	return trace_index_build(reader, error);
}

void trace_reader_finish(struct trace_reader *reader)
{
	/* A zeroed one has no file, though its descriptor is 0. */
	if (reader == NULL || reader->path == NULL)
		return;
	if (reader->fd >= 0)
		close(reader->fd);
	free(reader->path);
	free(reader->texts);
	free(reader->threads);
	free(reader->chunks);
	free(reader->by_number);
	*reader = (struct trace_reader){.fd = -1};
}

uint32_t trace_reader_thread(const struct trace_reader *reader, uint32_t number)
{
	if (number >= reader->number_limit || reader->by_number[number] == 0)
		return UINT32_MAX;
	return reader->by_number[number] - 1;
}

bool trace_reader_is_whole(const struct trace_reader *reader)
{
	return reader->ended && reader->end.running == 0;
}

bool trace_reader_warning(
	const struct trace_reader *reader, struct error *warning)
{
	if (reader->truncated)
		error_set(warning,
			"%s: byte %llu: truncated: the last %llu bytes are "
			"no whole chunks and are left out",
			reader->path,
			(unsigned long long)reader->readable_bytes,
			(unsigned long long)(reader->file_bytes -
				reader->readable_bytes));
	else if (!reader->ended)
		error_set(warning,
			"%s: byte %llu: no end: the program was killed or "
			"still runs; the last events of its threads may be "
			"missing",
			reader->path, (unsigned long long)reader->file_bytes);
	return reader->truncated || !reader->ended;
}

bool trace_reader_peak_warning(const struct trace_reader *reader,
	uint64_t peak_bytes, struct error *warning)
{
	uint64_t counted = reader->ended ? reader->end.peak_bytes : 0;

	if (reader->header.clock != TRACE_CLOCK_NONE ||
		reader->thread_count < 2 || peak_bytes >= counted ||
		counted - peak_bytes <= counted / 20)
		return false;
	error_set(warning,
		"%s: without times its threads' order has %llu bytes live at "
		"most, the recorder counted %llu: record --time keeps the "
		"order",
		reader->path, (unsigned long long)peak_bytes,
		(unsigned long long)counted);
	return true;
}
