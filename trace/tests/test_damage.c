// SPDX-License-Identifier: MIT
//
// A small file cut off at every byte, with every bit turned over, and with
// numbers that nobody would have written but whose checksums fit.
#include "trace_file.h"

static struct trace_file file;

/* Two threads, two chunks each, an end. */
static unsigned char *small_file(size_t *size)
{
	trace_file_begin(&file, TRACE_CLOCK_NONE);
	trace_event_malloc(file.buffers[0], 100, TRACE_DONE);
	trace_event_create(file.buffers[0], 1);
	trace_buffer_flush(file.buffers[0]);
	trace_event_malloc(file.buffers[1], 200, TRACE_DONE);
	trace_event_free(file.buffers[1], 1);
	trace_buffer_flush(file.buffers[1]);
	trace_event_free(file.buffers[0], trace_block(1, 1));
	trace_event_calloc(file.buffers[0], 2, 3, TRACE_DONE);
	trace_buffer_flush(file.buffers[0]);
	trace_event_end(file.buffers[1]);
	trace_file_end(&file, true);
	return trace_file_read(file.path, size);
}

#define EVENTS 7

static void test_cut_at_every_byte(void **state)
{
	size_t size, header_bytes;
	unsigned char *bytes = small_file(&size);
	uint64_t before = 0;

	(void)state;
	header_bytes =
		((struct trace_file_header *)(void *)bytes)->header_bytes;
	for (size_t cut = 0; cut <= size; cut++) {
		struct error error = {0};
		uint64_t events;
		bool warned;
		int result;

		trace_file_write(file.path, bytes, cut);
		result = trace_file_check(file.path, &events, &warned, &error);
		if ((result == 0) != (cut >= header_bytes))
			fail_msg("%zu bytes: %d, %s", cut, result, error.text);
		if (result != 0)
			check_error(error.text, file.path);
		/* More bytes never give fewer events. */
		if (events < before || (cut < size && !warned && !result))
			fail_msg("%zu bytes: %llu events, %swarned", cut,
				(unsigned long long)events,
				warned ? "" : "not ");
		before = events;
	}
	assert_int_equal(before, EVENTS);
	free(bytes);
	trace_file_finish(&file);
}

/* No bit is without a check: it is an error, or the tail is left out and
 * said to be. */
static void test_every_bit(void **state)
{
	size_t size;
	unsigned char *bytes = small_file(&size);

	(void)state;
	for (size_t bit = 0; bit < size * 8; bit++) {
		struct error error = {0};
		uint64_t events;
		bool warned;
		int result;

		bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
		trace_file_write(file.path, bytes, size);
		result = trace_file_check(file.path, &events, &warned, &error);
		if (result == 0 && !warned)
			fail_msg("bit %zu of byte %zu is not found", bit % 8,
				bit / 8);
		if (result != 0)
			check_error(error.text, file.path);
		/* In front of a sound chunk damage is never passed over. */
		if (result == 0 && events < EVENTS - 1)
			fail_msg("byte %zu: %llu events and no error", bit / 8,
				(unsigned long long)events);
		bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
	}
	free(bytes);
	trace_file_finish(&file);
}

/* A power cut: the file is as long as it was, and ends in zeros. */
static void test_zeros_at_the_end(void **state)
{
	size_t size;
	unsigned char *bytes = small_file(&size);
	unsigned char *longer = calloc(1, size + 200000);
	struct error error = {0};
	uint64_t events;
	bool warned;

	(void)state;
	assert_non_null(longer);
	memcpy(longer, bytes, size);
	trace_file_write(file.path, longer, size + 200000);
	assert_int_equal(
		trace_file_check(file.path, &events, &warned, &error), 0);
	assert_true(warned);
	assert_int_equal(events, EVENTS);
	free(longer);
	free(bytes);
	trace_file_finish(&file);
}

/* One chunk with a header and a payload of the test's. */
struct hostile {
	const char *what; /* part of the error */
	struct trace_chunk_header header;
	size_t payload_bytes;
	unsigned char payload[24];
};

#define EVENTS_CHUNK .magic = TRACE_CHUNK_EVENTS, .parent = TRACE_NO_PARENT

#define END_CHUNK .magic = TRACE_CHUNK_END, .parent = TRACE_NO_PARENT

#define NINES 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff

static const struct hostile hostiles[] = {
	{"thread is above",
		{EVENTS_CHUNK, .thread = TRACE_THREADS, .events = 1}, 1,
		{TRACE_THREAD_END}},
	{"parent thread", {.magic = TRACE_CHUNK_EVENTS, .events = 1}, 1,
		{TRACE_THREAD_END}},
	{"no events", {EVENTS_CHUNK}, 1, {TRACE_THREAD_END}},
	{"no events", {EVENTS_CHUNK, .events = 2}, 1, {TRACE_THREAD_END}},
	{"more blocks", {EVENTS_CHUNK, .events = 1, .blocks = 2}, 2,
		{TRACE_MALLOC, 1}},
	{"overflow", {EVENTS_CHUNK, .events = 1, .first_event = UINT64_MAX}, 1,
		{TRACE_THREAD_END}},
	{"overflow",
		{EVENTS_CHUNK, .events = 1, .first_event = TRACE_COUNT_MAX,
			.blocks = 1, .first_block = TRACE_COUNT_MAX},
		2, {TRACE_MALLOC, 1}},
	{"before it begins", {EVENTS_CHUNK, .events = 1, .begin = 2, .end = 1},
		1, {TRACE_THREAD_END}},
	{"are missing", {EVENTS_CHUNK, .events = 1, .first_event = 1}, 1,
		{TRACE_THREAD_END}},
	{"event 0: an unknown kind", {EVENTS_CHUNK, .events = 1}, 1, {0}},
	{"event 0: an unknown kind", {EVENTS_CHUNK, .events = 1}, 1, {15}},
	{"event 0: an unknown kind", {EVENTS_CHUNK, .events = 1}, 2,
		{TRACE_MALLOC | TRACE_FORM_OTHER, 1}},
	{"event 0: an unknown kind", {EVENTS_CHUNK, .events = 1}, 2,
		{TRACE_MALLOC | TRACE_TAG_FREED | TRACE_TAG_FAILED, 1}},
	{"event 0: freed by a call", {EVENTS_CHUNK, .events = 1}, 2,
		{TRACE_MALLOC | TRACE_TAG_FREED, 1}},
	{"event 0: an outcome", {EVENTS_CHUNK, .events = 1}, 1,
		{TRACE_THREAD_END | TRACE_TAG_FAILED}},
	{"event 0: a number", {EVENTS_CHUNK, .events = 1}, 1, {TRACE_MALLOC}},
	{"event 0: a number", {EVENTS_CHUNK, .events = 1}, 3,
		{TRACE_MALLOC, 0x80, 0}},
	{"event 0: a number", {EVENTS_CHUNK, .events = 1}, 11,
		{TRACE_MALLOC, NINES, 2}},
	{"event 0: a number", {EVENTS_CHUNK, .events = 1}, 12,
		{TRACE_MALLOC, NINES, 0xff, 1}},
	{"event 0: a block of more", {EVENTS_CHUNK, .events = 1, .blocks = 1},
		11, {TRACE_MALLOC, NINES, 1}},
	{"event 0: a calloc of more", {EVENTS_CHUNK, .events = 1, .blocks = 1},
		11,
		{TRACE_CALLOC, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
			0x7f, 2}},
	{"event 0: an alignment", {EVENTS_CHUNK, .events = 1, .blocks = 1}, 3,
		{TRACE_MEMALIGN, 3, 1}},
	{"event 0: an alignment", {EVENTS_CHUNK, .events = 1, .blocks = 1}, 3,
		{TRACE_MEMALIGN, 0, 1}},
	{"event 0: a thread created", {EVENTS_CHUNK, .events = 1}, 2,
		{TRACE_THREAD_CREATE, 0}},
	{"event 0: a block that cannot be", {EVENTS_CHUNK, .events = 1}, 2,
		{TRACE_FREE | TRACE_FORM_BACK, 0}},
	{"event 0: a block that cannot be", {EVENTS_CHUNK, .events = 1}, 2,
		{TRACE_FREE | TRACE_FORM_NEAR, 1}},
	{"event 0: a block that cannot be", {EVENTS_CHUNK, .events = 1}, 3,
		{TRACE_FREE | TRACE_FORM_OTHER, 0, 2}},
	{"event 0: a block that cannot be", {EVENTS_CHUNK, .events = 1}, 3,
		{TRACE_FREE | TRACE_FORM_OTHER, 1, 0}},
	{"event 0: a block that is never", {EVENTS_CHUNK, .events = 1}, 3,
		{TRACE_FREE | TRACE_FORM_OTHER, 1, 2}},
	{"other counts", {EVENTS_CHUNK, .events = 2}, 2,
		{TRACE_MALLOC | TRACE_TAG_FAILED, 1}},
	{"more events", {EVENTS_CHUNK, .events = 1}, 2,
		{TRACE_THREAD_END, TRACE_THREAD_END}},
	{"more blocks than", {EVENTS_CHUNK, .events = 1}, 2, {TRACE_MALLOC, 1}},
	{"an end chunk has events", {END_CHUNK, .events = 1}, 5, {0}},
	{"five or seven numbers", {END_CHUNK}, 4, {0}},
	{"five or seven numbers", {END_CHUNK}, 6, {0}},
	{"five or seven numbers", {END_CHUNK}, 7, {0}},
	{"five or seven numbers", {END_CHUNK}, 8, {0, 0, 0, 0, 0, 1, 1, 1}},
	{"five or seven numbers", {END_CHUNK}, 5, {TRACE_END_KINDS}},
};

static size_t put_chunk(unsigned char *at, struct trace_chunk_header header,
	const unsigned char *payload, size_t size)
{
	const struct trace_checksum *checksum = &file.writer.checksum;

	header.payload_bytes = (uint32_t)size;
	header.payload_checksum = trace_checksum(checksum, payload, size);
	header.header_checksum = trace_checksum(
		checksum, &header.payload_checksum, sizeof(header) - 8);
	memcpy(at, &header, sizeof(header));
	memcpy(at + sizeof(header), payload, size);
	return sizeof(header) + size;
}

/* Behind it stands a sound end, so that none of them is a torn tail. */
static void test_hostile_numbers(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(hostiles) / sizeof(hostiles[0]); i++) {
		const struct hostile *hostile = &hostiles[i];
		unsigned char bytes[4096], *start, *header;
		struct error error = {0};
		uint64_t events;
		size_t size;
		bool warned;

		trace_file_begin(&file, TRACE_CLOCK_NONE);
		trace_file_end(&file, false);
		start = header = trace_file_read(file.path, &size);
		memcpy(bytes, header, size);
		size += put_chunk(bytes + size, hostile->header,
			hostile->payload, hostile->payload_bytes);
		size += put_chunk(bytes + size,
			(struct trace_chunk_header){END_CHUNK},
			(const unsigned char[5]){0}, 5);
		trace_file_write(file.path, bytes, size);
		if (trace_file_check(file.path, &events, &warned, &error) == 0)
			fail_msg("row %zu: no error, want \"%s\"", i,
				hostile->what);
		check_error(error.text, file.path);
		check_contains(error.text, hostile->what);
		check_contains(error.text, "byte ");
		free(start);
		trace_file_finish(&file);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cut_at_every_byte),
		cmocka_unit_test(test_every_bit),
		cmocka_unit_test(test_zeros_at_the_end),
		cmocka_unit_test(test_hostile_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
