// SPDX-License-Identifier: MIT
//
// Where the chunks of a trace are. Inside trace/ only.
#ifndef SERIALBENCH_TRACE_INDEX_H
#define SERIALBENCH_TRACE_INDEX_H

#include <sys/types.h>

#include "error_text.h"
#include "trace_reader.h"

/* Whole reads: size bytes at offset. 0; 1 where the file ends before; -1 with
 * errno. */
int trace_read_at(int fd, void *bytes, size_t size, uint64_t offset);

/*
 * The header of the chunk at offset, with its own checksum and limits, and a
 * payload that is inside the first `limit` bytes of the file. 0; 1 with a text
 * that says why there is none; -1 with errno.
 */
int trace_read_header(const struct trace_reader *reader, uint64_t offset,
	uint64_t limit, struct trace_chunk_header *header, const char **fault);

/* Reads the payload of such a chunk, which has room for it; 0, 1 or -1 as
 * above. */
int trace_read_payload(const struct trace_reader *reader, uint64_t offset,
	const struct trace_chunk_header *header, unsigned char *payload,
	const char **fault);

/* Fills chunks, threads, end and truncated of a reader whose file header has
 * been read. 0, or -1 with error. */
int trace_index_build(struct trace_reader *reader, struct error *error);

/* Whether magic and checksum of a header in memory are right. */
bool trace_header_is_sound(const struct trace_reader *reader,
	const struct trace_chunk_header *header);

#endif /* SERIALBENCH_TRACE_INDEX_H */
