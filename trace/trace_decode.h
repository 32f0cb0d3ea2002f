// SPDX-License-Identifier: MIT
//
// Events out of a chunk's payload. Inside trace/ only.
#ifndef SERIALBENCH_TRACE_DECODE_H
#define SERIALBENCH_TRACE_DECODE_H

#include "trace_event.h"

struct trace_decoder {
	const unsigned char *payload, *at, *end;
	struct trace_chunk_header header;
	enum trace_clock clock;
	uint32_t word_bytes;
	uint32_t events; /* decoded of the chunk */
	uint64_t blocks; /* of the thread so far */
	uint64_t near_own, near_other, time;
};

/* What is wrong with a chunk's header by itself, or NULL. */
const char *trace_chunk_fault(const struct trace_chunk_header *header);

/* The payload lives as long as the decoder. */
void trace_decode_begin(struct trace_decoder *decoder,
	const struct trace_chunk_header *header, const unsigned char *payload,
	const struct trace_file_header *file);

/* 1; 0 behind the last; -1 with a text that says what is wrong. The event then
 * has at least its thread and index. */
int trace_decode_next(struct trace_decoder *decoder, struct trace_event *event,
	const char **fault);

/* The payload of an end chunk. False where it is none. */
bool trace_decode_end(
	const unsigned char *payload, size_t size, struct trace_end *end);

#endif /* SERIALBENCH_TRACE_DECODE_H */
