// SPDX-License-Identifier: MIT
//
// CRC-32C (Castagnoli), eight bytes at a time by tables (Kounavis and Berry,
// 2005). The tables are in the caller's memory: no global state, no library.
#ifndef SERIALBENCH_TRACE_CHECKSUM_H
#define SERIALBENCH_TRACE_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

struct trace_checksum {
	uint32_t table[8][256];
};

void trace_checksum_init(struct trace_checksum *checksum);

/* Of some bytes. Thread-safe and async-signal-safe. */
uint32_t trace_checksum(
	const struct trace_checksum *checksum, const void *bytes, size_t size);

#endif /* SERIALBENCH_TRACE_CHECKSUM_H */
