// SPDX-License-Identifier: MIT
//
// CRC-32C against the vectors of RFC 3720, B.4, and bit by bit.
#include "trace_file.h"

#include "trace_checksum.h"

static struct trace_checksum checksum;

static uint32_t bit_by_bit(const unsigned char *bytes, size_t size)
{
	uint32_t sum = UINT32_MAX;

	for (size_t i = 0; i < size; i++) {
		sum ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			sum = sum >> 1 ^ (sum & 1 ? UINT32_C(0x82f63b78) : 0);
	}
	return ~sum;
}

static void test_published_vectors(void **state)
{
	unsigned char bytes[32];

	(void)state;
	memset(bytes, 0, sizeof(bytes));
	assert_int_equal(trace_checksum(&checksum, bytes, 32), 0x8a9136aa);
	memset(bytes, 0xff, sizeof(bytes));
	assert_int_equal(trace_checksum(&checksum, bytes, 32), 0x62a8ab43);
	for (unsigned i = 0; i < 32; i++)
		bytes[i] = (unsigned char)i;
	assert_int_equal(trace_checksum(&checksum, bytes, 32), 0x46dd794e);
	assert_int_equal(trace_checksum(&checksum, "123456789", 9), 0xe3069283);
}

static void test_every_length(void **state)
{
	unsigned char bytes[80];

	(void)state;
	for (unsigned i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)(i * 37 + 11);
	for (size_t from = 0; from < 9; from++)
		for (size_t size = 0; from + size <= sizeof(bytes); size++)
			if (trace_checksum(&checksum, bytes + from, size) !=
				bit_by_bit(bytes + from, size))
				fail_msg("%zu bytes from %zu", size, from);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_published_vectors),
		cmocka_unit_test(test_every_length),
	};

	int failed;

	trace_checksum_init_tables(&checksum);
	failed = cmocka_run_group_tests_name("by tables", tests, NULL, NULL);
	trace_checksum_init(&checksum);
	return failed +
		cmocka_run_group_tests_name(
			"as fast as can be", tests, NULL, NULL);
}
