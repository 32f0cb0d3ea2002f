// SPDX-License-Identifier: MIT
#include "trace_checksum.h"

#define POLYNOMIAL UINT32_C(0x82f63b78) /* reflected */

static uint32_t divide_byte(uint32_t byte)
{
	for (int bit = 0; bit < 8; bit++)
		byte = byte >> 1 ^ (byte & 1 ? POLYNOMIAL : 0);
	return byte;
}

void trace_checksum_init(struct trace_checksum *checksum)
{
	for (uint32_t i = 0; i < 256; i++)
		checksum->table[0][i] = divide_byte(i);
	for (int step = 1; step < 8; step++)
		for (int i = 0; i < 256; i++) {
			uint32_t before = checksum->table[step - 1][i];

			checksum->table[step][i] =
				before >> 8 ^ checksum->table[0][before & 0xff];
		}
}

static uint32_t add_eight(const struct trace_checksum *checksum, uint32_t sum,
	const unsigned char *bytes)
{
	uint32_t next = 0;

	for (int i = 0; i < 4; i++)
		next ^= checksum->table[7 - i]
				       [(sum >> 8 * i & 0xff) ^ bytes[i]];
	for (int i = 4; i < 8; i++)
		next ^= checksum->table[7 - i][bytes[i]];
	return next;
}

uint32_t trace_checksum(
	const struct trace_checksum *checksum, const void *bytes, size_t size)
{
	const unsigned char *at = bytes;
	uint32_t sum = UINT32_MAX;

	for (; size >= 8; at += 8, size -= 8)
		sum = add_eight(checksum, sum, at);
	for (; size > 0; at++, size--)
		sum = sum >> 8 ^ checksum->table[0][(sum ^ *at) & 0xff];
	return ~sum;
}
