// SPDX-License-Identifier: MIT
//
// Reads a chunk's header and payload, and holds them to their checksums.
#include <errno.h>
#include <unistd.h>

#include "trace_index.h"

#define HEADER_BYTES sizeof(struct trace_chunk_header)

int trace_read_at(int fd, void *bytes, size_t size, uint64_t offset)
{
	unsigned char *at = bytes;

	while (size > 0) {
		ssize_t got = pread(fd, at, size, (off_t)offset);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got == 0 ? 1 : -1;
		at += got;
		offset += (uint64_t)got;
		size -= (size_t)got;
	}
	return 0;
}

bool trace_header_is_sound(const struct trace_reader *reader,
	const struct trace_chunk_header *header)
{
	size_t covered = offsetof(struct trace_chunk_header, payload_checksum);

	return (header->magic == TRACE_CHUNK_EVENTS ||
		       header->magic == TRACE_CHUNK_END) &&
		trace_checksum(&reader->checksum,
			(const char *)header + covered,
			HEADER_BYTES - covered) == header->header_checksum;
}

int trace_read_header(const struct trace_reader *reader, uint64_t offset,
	uint64_t limit, struct trace_chunk_header *header, const char **fault)
{
	int result = 1;

	if (limit - offset >= HEADER_BYTES)
		result =
			trace_read_at(reader->fd, header, HEADER_BYTES, offset);
	*fault = "the file ends inside a chunk's header";
	if (result != 0)
		return result;
	*fault = "a chunk's header is damaged";
	if (!trace_header_is_sound(reader, header))
		return 1;
	*fault = trace_chunk_fault(header);
	if (*fault != NULL)
		return 1;
	*fault = "the file ends inside a chunk";
	return limit - offset - HEADER_BYTES >= header->payload_bytes ? 0 : 1;
}

int trace_read_payload(const struct trace_reader *reader, uint64_t offset,
	const struct trace_chunk_header *header, unsigned char *payload,
	const char **fault)
{
	int result = trace_read_at(reader->fd, payload, header->payload_bytes,
		offset + HEADER_BYTES);

	*fault = "the file ends inside a chunk";
	if (result != 0)
		return result;
	*fault = "a chunk's checksum does not fit its bytes";
	return trace_checksum(&reader->checksum, payload,
		       header->payload_bytes) == header->payload_checksum
		? 0
		: 1;
}
