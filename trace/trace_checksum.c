// SPDX-License-Identifier: MIT
#include "trace_checksum.h"

#include <stdbool.h>
#include <string.h>

#ifdef __x86_64__
#include <cpuid.h>
#include <nmmintrin.h>
#endif

#define POLYNOMIAL UINT32_C(0x82f63b78) /* reflected */

static uint32_t divide_byte(uint32_t byte)
{
	for (int bit = 0; bit < 8; bit++)
		byte = byte >> 1 ^ (byte & 1 ? POLYNOMIAL : 0);
	return byte;
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

static uint32_t add_by_tables(const struct trace_checksum *checksum,
	uint32_t sum, const unsigned char *bytes, size_t size)
{
	for (; size >= 8; bytes += 8, size -= 8)
		sum = add_eight(checksum, sum, bytes);
	for (; size > 0; bytes++, size--)
		sum = sum >> 8 ^ checksum->table[0][(sum ^ *bytes) & 0xff];
	return sum;
}

#ifdef __x86_64__
__attribute__((target("sse4.2"))) static uint32_t add_by_instruction(
	const struct trace_checksum *checksum, uint32_t sum,
	const unsigned char *bytes, size_t size)
{
	uint64_t wide = sum, word;

	(void)checksum;
	for (; size >= 8; bytes += 8, size -= 8) {
		memcpy(&word, bytes, sizeof(word));
		wide = _mm_crc32_u64(wide, word);
	}
	sum = (uint32_t)wide;
	for (; size > 0; bytes++, size--)
		sum = _mm_crc32_u8(sum, *bytes);
	return sum;
}

/* Asked here and not by __builtin_cpu_supports: its constructor asks a virtual
 * machine's host a dozen times before main, in every worker. */
static bool has_instruction(void)
{
	unsigned a, b, c, d;

	return __get_cpuid(1, &a, &b, &c, &d) != 0 && (c & bit_SSE4_2) != 0;
}
#endif

void trace_checksum_init_tables(struct trace_checksum *checksum)
{
	checksum->add = add_by_tables;
	for (uint32_t i = 0; i < 256; i++)
		checksum->table[0][i] = divide_byte(i);
	for (int step = 1; step < 8; step++)
		for (int i = 0; i < 256; i++) {
			uint32_t before = checksum->table[step - 1][i];

			checksum->table[step][i] =
				before >> 8 ^ checksum->table[0][before & 0xff];
		}
}

void trace_checksum_init(struct trace_checksum *checksum)
{
	trace_checksum_init_tables(checksum);
#ifdef __x86_64__
	if (has_instruction())
		checksum->add = add_by_instruction;
#endif
}

uint32_t trace_checksum(
	const struct trace_checksum *checksum, const void *bytes, size_t size)
{
	return ~checksum->add(checksum, UINT32_MAX, bytes, size);
}
