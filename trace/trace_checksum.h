// SPDX-License-Identifier: MIT
//
// CRC-32C (Castagnoli), by the processor's instruction where it has one
// (x86-64 with SSE4.2), else eight bytes at a time by tables (Kounavis and
// Berry, 2005). The tables are in the caller's memory: no global state, no
// library.
#ifndef SERIALBENCH_TRACE_CHECKSUM_H
#define SERIALBENCH_TRACE_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

struct trace_checksum {
	/* Goes on with a sum. */
	uint32_t (*add)(const struct trace_checksum *checksum, uint32_t sum,
		const unsigned char *bytes, size_t size);
	uint32_t table[8][256];
};

/* With the instruction where there is one. */
void trace_checksum_init(struct trace_checksum *checksum);

/* Without it. */
void trace_checksum_init_tables(struct trace_checksum *checksum);

/* Of some bytes. Thread-safe and async-signal-safe. */
uint32_t trace_checksum(
	const struct trace_checksum *checksum, const void *bytes, size_t size);

#endif /* SERIALBENCH_TRACE_CHECKSUM_H */
