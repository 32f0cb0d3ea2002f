// SPDX-License-Identifier: MIT
//
// The inline way into a buffer: what it puts is what is read, over many chunks
// and with numbers around every length; and what it refuses.
#include "trace_file.h"

#include "trace_put.h"

#define LIVE 40000 /* so that some frees are further than two bytes tell */
#define ROUNDS 400000

static struct trace_file file;
static struct trace_event recorded[1 + LIVE + 2 * ROUNDS];
static size_t count, put;

/* As the recorder does it: inline where that can be. */
static uint64_t record_malloc(struct trace_buffer *buffer, size_t size)
{
	uint64_t block;

	if (trace_put_malloc(buffer, size, &block))
		put++;
	else
		block = trace_event_malloc(buffer, size, TRACE_DONE);
	recorded[count++] = (struct trace_event){
		.kind = TRACE_MALLOC, .block = block, .size = size};
	return block;
}

static void record_free(struct trace_buffer *buffer, uint64_t block)
{
	switch (trace_put_free_young(buffer, block)) {
	case TRACE_PUT_BEGUN:
		if (!trace_put_free_near(buffer, block))
			trace_put_free_rest(buffer, block);
		put++;
		break;
	case TRACE_PUT_DONE:
		put++;
		break;
	case TRACE_PUT_REFUSED:
		trace_event_free(buffer, block);
	}
	recorded[count++] =
		(struct trace_event){.kind = TRACE_FREE, .old = block};
}

static uint64_t draw(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + 1442695040888963407;
	return *state >> 33;
}

static void record_all(void)
{
	static const size_t sizes[] = {0, 1, 127, 128, 129, 1023, 1024, 1025,
		16383, 16384, 16385, 2097151, 2097152, (size_t)1 << 40};
	const size_t all = sizeof(sizes) / sizeof(sizes[0]);
	struct trace_buffer *buffer = file.buffers[0];
	static uint64_t live[LIVE];
	uint64_t state = 1;

	trace_event_create(buffer, 1);
	recorded[count++] = (struct trace_event){.kind = TRACE_THREAD_CREATE};
	for (size_t i = 0; i < LIVE; i++)
		live[i] = i % 3 == 0
			? trace_event_malloc(file.buffers[1], i, TRACE_DONE)
			: record_malloc(buffer, sizes[i % all]);
	for (size_t i = 0; i < ROUNDS; i++) {
		uint64_t number = draw(&state);
		/* Mostly new ones, or ones beside each other. */
		size_t at = number % 4 == 0 ? draw(&state) % LIVE
			: number % 4 == 1   ? i % LIVE
					    : LIVE - 1 - i % 100;

		record_free(buffer, live[at]);
		live[at] = record_malloc(buffer, sizes[draw(&state) % all]);
	}
}

static void test_what_is_put_is_read(void **state)
{
	struct error error = {0};
	struct trace_reader reader;
	struct trace_cursor cursor;
	struct trace_event event;

	(void)state;
	count = put = 0;
	trace_file_begin(&file, TRACE_CLOCK_NONE);
	record_all();
	trace_file_end(&file, true);
	assert_true(put > count / 2 && put < count);
	if (trace_reader_open(&reader, file.path, &error) != 0)
		fail_msg("%s", error.text);
	trace_cursor_init(&cursor, &reader, 0);
	for (size_t i = 0; i < count; i++) {
		if (trace_cursor_next(&cursor, &event, &error) != 1)
			fail_msg("event %zu: %s", i, error.text);
		if (event.kind != recorded[i].kind ||
			event.block != recorded[i].block ||
			event.old != recorded[i].old ||
			event.size != recorded[i].size)
			fail_msg("event %zu: kind %u block %llx old %llx "
				 "size %llu",
				i, event.kind, (unsigned long long)event.block,
				(unsigned long long)event.old,
				(unsigned long long)event.size);
	}
	assert_int_equal(trace_cursor_next(&cursor, &event, &error), 0);
	if (trace_verify(&reader, &error) != 0)
		fail_msg("%s", error.text);
	trace_cursor_finish(&cursor);
	trace_reader_finish(&reader);
	trace_file_finish(&file);
}

static void expect_refused(const char *what, unsigned thread)
{
	struct trace_buffer *buffer = file.buffers[thread];
	uint64_t fill = trace_put_fill(buffer), newest = buffer->newest, block;

	if (trace_put_malloc(buffer, 8, &block) ||
		trace_put_free_young(buffer, newest) != TRACE_PUT_REFUSED)
		fail_msg("%s: an event was put", what);
	if (trace_put_fill(buffer) != fill || buffer->newest != newest)
		fail_msg("%s: the buffer has changed", what);
}

static void test_what_is_refused(void **state)
{
	uint64_t block;

	(void)state;
	trace_file_begin(&file, TRACE_CLOCK_NONE);
	expect_refused("no chunk is begun", 0);
	block = trace_event_malloc(file.buffers[0], 8, TRACE_DONE);
	file.buffers[0]->room = TRACE_BUSY;
	expect_refused("inside another event", 0);
	file.buffers[0]->room = TRACE_ROOM;
	assert_int_equal(
		trace_put_free_young(file.buffers[0], block), TRACE_PUT_DONE);
	while (trace_put_malloc(file.buffers[0], 8, &block))
		;
	expect_refused("the chunk is full", 0);
	assert_false(
		trace_put_malloc(file.buffers[0], TRACE_PUT_SHORT + 1, &block));
	trace_event_malloc(file.buffers[1], 8, TRACE_DONE);
	/* Another thread's, and nothing fits in between. */
	assert_int_equal(
		trace_put_free_young(file.buffers[1], block), TRACE_PUT_BEGUN);
	expect_refused("a free is begun", 1);
	assert_false(trace_put_free_near(file.buffers[1], block));
	expect_refused("a free is still begun", 1);
	trace_put_free_rest(file.buffers[1], block);
	assert_true(trace_put_malloc(file.buffers[1], 8, &block));
	trace_file_end(&file, true);
	trace_file_finish(&file);

	trace_file_begin(&file, TRACE_CLOCK_NS);
	trace_event_malloc(file.buffers[0], 8, TRACE_DONE);
	expect_refused("events have times", 0);
	trace_file_end(&file, true);
	trace_file_finish(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_put_is_read),
		cmocka_unit_test(test_what_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
