// SPDX-License-Identifier: MIT
//
// What is written is what is read: every kind of event, many chunks, copies of
// a chunk, several threads at a time, a program that closes our file.
//
// Over 400 lines: every kind of event goes through the same writer and reader.
#include "trace_file.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

static struct trace_file file;

static void open_reader(struct trace_reader *reader)
{
	struct error error = {0};

	if (trace_reader_open(reader, file.path, &error) != 0)
		fail_msg("%s", error.text);
}

static void next(
	struct trace_cursor *cursor, struct trace_event *event, int want)
{
	struct error error = {0};
	int got = trace_cursor_next(cursor, event, &error);

	if (got != want)
		fail_msg("got %d, want %d: %s", got, want, error.text);
}

/* One of each kind and outcome, with numbers of every length. */
static uint64_t write_every_event(uint32_t clock)
{
	struct trace_buffer *buffer = file.buffers[0];
	uint64_t a, b, c;

	(void)clock;
	a = trace_event_malloc(buffer, 0, TRACE_DONE);
	b = trace_event_malloc(buffer, 127, TRACE_DONE);
	trace_event_malloc(buffer, SIZE_MAX, TRACE_FAILED);
	c = trace_event_calloc(buffer, 300, 128, TRACE_DONE);
	trace_event_calloc(buffer, SIZE_MAX, SIZE_MAX, TRACE_FAILED);
	b = trace_event_realloc(buffer, b, 16384, TRACE_DONE);
	trace_event_realloc(buffer, b, SIZE_MAX, TRACE_FAILED);
	trace_event_realloc(buffer, a, 0, TRACE_FREED);
	a = trace_event_realloc(buffer, 0, (size_t)1 << 40, TRACE_DONE);
	trace_event_aligned(buffer, TRACE_ALIGNED_ALLOC, 64, 640, TRACE_DONE);
	trace_event_aligned(buffer, TRACE_MEMALIGN, 4096, 1, TRACE_DONE);
	trace_event_aligned(buffer, TRACE_POSIX_MEMALIGN, 3, 9, TRACE_FAILED);
	trace_event_free(buffer, c);
	trace_event_free(buffer, 0);
	trace_event_create(buffer, 1);
	trace_event_fork(buffer, 4294967295u);
	trace_event_end(buffer);
	trace_event_free(file.buffers[1], a);
	trace_event_realloc(file.buffers[1], b, 5, TRACE_DONE);
	return 17;
}

#define T0(count) ((uint64_t)(count))
#define T1(count) (UINT64_C(1) << TRACE_COUNT_BITS | (uint64_t)(count))

static const struct trace_event every_event[] = {
	{.kind = TRACE_MALLOC, .block = T0(1)},
	{.kind = TRACE_MALLOC, .block = T0(2), .size = 127},
	{.kind = TRACE_MALLOC, .size = SIZE_MAX, .outcome = TRACE_FAILED},
	{.kind = TRACE_CALLOC, .block = T0(3), .count = 300, .size = 128},
	{.kind = TRACE_CALLOC,
		.count = SIZE_MAX,
		.size = SIZE_MAX,
		.outcome = TRACE_FAILED},
	{.kind = TRACE_REALLOC, .old = T0(2), .block = T0(4), .size = 16384},
	{.kind = TRACE_REALLOC,
		.old = T0(4),
		.size = SIZE_MAX,
		.outcome = TRACE_FAILED},
	{.kind = TRACE_REALLOC, .old = T0(1), .outcome = TRACE_FREED},
	{.kind = TRACE_REALLOC, .block = T0(5), .size = UINT64_C(1) << 40},
	{.kind = TRACE_ALIGNED_ALLOC,
		.block = T0(6),
		.alignment = 64,
		.size = 640},
	{.kind = TRACE_MEMALIGN, .block = T0(7), .alignment = 4096, .size = 1},
	{.kind = TRACE_POSIX_MEMALIGN,
		.alignment = 3,
		.size = 9,
		.outcome = TRACE_FAILED},
	{.kind = TRACE_FREE, .old = T0(3)},
	{.kind = TRACE_FREE},
	{.kind = TRACE_THREAD_CREATE, .other = 1},
	{.kind = TRACE_FORK, .other = 4294967295u},
	{.kind = TRACE_THREAD_END},
	{.kind = TRACE_FREE, .thread = 1, .old = T0(5)},
	{.kind = TRACE_REALLOC,
		.thread = 1,
		.old = T0(4),
		.block = T1(1),
		.size = 5},
};

static void check_event(const struct trace_event *got, size_t i)
{
	struct trace_event want = every_event[i];

	want.index = i < 17 ? i : i - 17;
	want.time = got->time;
	want.delta = got->delta;
	if (memcmp(got, &want, sizeof(want)) != 0)
		fail_msg("event %zu: kind %u outcome %u block %llu old %llu "
			 "size %llu count %llu alignment %llu",
			i, got->kind, got->outcome,
			(unsigned long long)got->block,
			(unsigned long long)got->old,
			(unsigned long long)got->size,
			(unsigned long long)got->count,
			(unsigned long long)got->alignment);
}

static void check_header(const struct trace_reader *reader, uint32_t clock)
{
	assert_int_equal(reader->header.clock, clock);
	assert_int_equal(reader->header.pid, 42);
	assert_int_equal(reader->header.parent_pid, 41);
	assert_int_equal(reader->header.page_bytes, 4096);
	assert_int_equal(reader->header.start_unix_ns, 1700000000000000000);
	assert_string_equal(reader->allocator, "system");
	assert_int_equal(reader->header.command_bytes, 25);
	assert_memory_equal(reader->texts, "program\0with an argument", 25);
	assert_true(reader->ended && !reader->truncated);
	assert_int_equal(reader->end.peak_blocks, 3);
	assert_int_equal(reader->end.peak_bytes, 300);
	assert_int_equal(reader->end.lost, 0);
	assert_int_equal(reader->thread_count, 2);
	assert_int_equal(reader->threads[1].parent, 0);
	assert_int_equal(reader->threads[0].blocks, 7);
}

static void test_every_event(void **state)
{
	(void)state;
	for (uint32_t clock = 0; clock < TRACE_CLOCKS; clock++) {
		struct trace_reader reader;
		struct trace_cursor cursor;
		struct trace_event event;
		uint64_t time = 0;

		trace_file_begin(&file, (enum trace_clock)clock);
		file.writer.order = 7;
		write_every_event(clock);
		trace_file_end(&file, true);
		open_reader(&reader);
		check_header(&reader, clock);
		for (size_t i = 0; i < 19; i++) {
			if (i == 0 || i == 17) {
				trace_cursor_init(&cursor, &reader, i == 17);
				time = 0;
			}
			next(&cursor, &event, 1);
			check_event(&event, i);
			time += event.delta;
			if (clock != TRACE_CLOCK_NONE)
				assert_int_equal(event.time, time);
			if (clock == TRACE_CLOCK_ORDER)
				assert_int_equal(event.time, 7);
			if (i == 16 || i == 18)
				next(&cursor, &event, 0);
		}
		trace_reader_finish(&reader);
		trace_file_finish(&file);
	}
}

#define MANY 200000

static void test_many_chunks(void **state)
{
	struct trace_buffer *buffer;
	struct trace_reader reader;
	struct trace_cursor cursor;
	struct trace_event event;

	(void)state;
	trace_file_begin(&file, TRACE_CLOCK_NONE);
	buffer = file.buffers[0];
	/* Own blocks of every age, and another's. */
	for (uint64_t i = 1; i <= MANY; i++) {
		if (trace_event_malloc(buffer, i, TRACE_DONE) != T0(i))
			fail_msg("block %llu", (unsigned long long)i);
		if (i % 2 == 0)
			trace_event_free(buffer, T0(i / 2));
		if (i % 3 == 0)
			trace_event_free(buffer, T1(i * i));
	}
	trace_file_end(&file, true);
	open_reader(&reader);
	assert_true(reader.chunk_count > 10);
	trace_cursor_init(&cursor, &reader, 0);
	for (uint64_t i = 1; i <= MANY; i++) {
		next(&cursor, &event, 1);
		assert_int_equal(event.block, T0(i));
		assert_int_equal(event.size, i);
		if (i % 2 == 0) {
			next(&cursor, &event, 1);
			assert_int_equal(event.old, T0(i / 2));
		}
		if (i % 3 == 0) {
			next(&cursor, &event, 1);
			assert_int_equal(event.old, T1(i * i));
		}
	}
	next(&cursor, &event, 0);
	next(&cursor, &event, 0);
	trace_reader_finish(&reader);
	trace_file_finish(&file);
}

static void test_snapshots_replace_each_other(void **state)
{
	struct trace_reader reader;
	struct trace_buffer *buffer;

	(void)state;
	trace_file_begin(&file, TRACE_CLOCK_NONE);
	buffer = file.buffers[0];
	assert_int_equal(trace_buffer_snapshot(buffer), 0);
	for (int i = 0; i < 10; i++) {
		trace_event_malloc(buffer, 1, TRACE_DONE);
		assert_int_equal(trace_buffer_snapshot(buffer), 0);
		assert_int_equal(trace_buffer_snapshot(buffer), 0);
		if (i == 5)
			assert_int_equal(trace_buffer_flush(buffer), 0);
	}
	/* An end that is not the last is void. */
	trace_writer_end(
		&file.writer, 0, (struct trace_end){.how = TRACE_END_EXEC});
	trace_event_free(buffer, T0(10));
	trace_file_end(&file, true);
	open_reader(&reader);
	assert_int_equal(reader.thread_count, 1);
	assert_int_equal(reader.chunk_count, 2);
	assert_int_equal(reader.threads[0].events, 11);
	assert_int_equal(reader.end.how, TRACE_END_EXIT);
	trace_reader_finish(&reader);
	trace_file_finish(&file);
}

static void *write_many(void *context)
{
	struct trace_buffer *buffer = context;

	for (int i = 0; i < MANY; i++)
		trace_event_free(
			buffer, trace_event_malloc(buffer, 32, TRACE_DONE));
	trace_event_end(buffer);
	return trace_buffer_flush(buffer) == 0 ? buffer : NULL;
}

/* Snapshots of threads that go on. */
static void test_threads(void **state)
{
	pthread_t threads[FILE_THREADS];
	struct error error = {0};
	uint64_t events;
	bool warned;
	void *ok;

	(void)state;
	trace_file_begin(&file, TRACE_CLOCK_NONE);
	for (uint32_t i = 1; i < FILE_THREADS; i++) {
		trace_event_create(file.buffers[0], i);
		assert_int_equal(pthread_create(&threads[i], NULL, write_many,
					 file.buffers[i]),
			0);
	}
	for (int round = 0; round < 20; round++)
		for (int i = 0; i < FILE_THREADS; i++)
			assert_int_equal(
				trace_buffer_snapshot(file.buffers[i]), 0);
	for (uint32_t i = 1; i < FILE_THREADS; i++) {
		pthread_join(threads[i], &ok);
		assert_non_null(ok);
	}
	trace_file_end(&file, true);
	if (trace_file_check(file.path, &events, &warned, &error) != 0)
		fail_msg("%s", error.text);
	assert_int_equal(events, (FILE_THREADS - 1) * (2 * MANY + 2));
	assert_false(warned);
	trace_file_finish(&file);
}

/* A program that closes every descriptor, and then opens its own there. */
static void test_closed_descriptor(void **state)
{
	struct error error = {0};
	uint64_t events;
	int fd, null;
	bool warned;

	(void)state;
	trace_file_begin(&file, TRACE_CLOCK_NONE);
	fd = file.writer.fd;
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	trace_event_malloc(file.buffers[0], 1, TRACE_DONE);
	close(fd);
	assert_int_equal(trace_buffer_flush(file.buffers[0]), 0);
	trace_event_malloc(file.buffers[0], 2, TRACE_DONE);
	assert_int_equal(dup2(null, file.writer.fd), file.writer.fd);
	assert_int_equal(trace_buffer_flush(file.buffers[0]), 0);
	close(null);
	trace_file_end(&file, true);
	assert_int_equal(
		trace_file_check(file.path, &events, &warned, &error), 0);
	assert_int_equal(events, 2);
	trace_file_finish(&file);
}

/* No room: what is written stays whole, the rest is counted. */
static void test_full_disk(void **state)
{
	const struct rlimit small = {100000, RLIM_INFINITY};
	const struct rlimit any = {RLIM_INFINITY, RLIM_INFINITY};
	struct trace_buffer *buffer;
	struct error error = {0};
	uint64_t events;
	bool warned;

	(void)state;
	trace_file_begin(&file, TRACE_CLOCK_NONE);
	buffer = file.buffers[0];
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	errno = ENOENT;
	for (int i = 0; i < MANY; i++)
		trace_event_malloc(buffer, 1, TRACE_DONE);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &any), 0);
	assert_true(atomic_load(&file.writer.stopped));
	assert_int_equal(atomic_load(&file.writer.tally->error), EFBIG);
	assert_int_equal(trace_buffer_flush(buffer), -1);
	assert_int_equal(trace_event_malloc(buffer, 1, TRACE_DONE), 0);
	assert_int_equal(
		trace_writer_end(&file.writer, 0, (struct trace_end){0}), -1);
	trace_writer_close(&file.writer);
	assert_int_equal(
		trace_file_check(file.path, &events, &warned, &error), 0);
	assert_true(warned);
	assert_true(events > 0);
	assert_int_equal(
		events + atomic_load(&file.writer.tally->lost), MANY + 1);
	trace_file_finish(&file);
}

static struct trace_buffer *interrupted;
static uint64_t in_handler;

static uint64_t interrupting_clock(struct trace_writer *writer)
{
	(void)writer;
	in_handler += trace_event_malloc(interrupted, 1, TRACE_DONE);
	return 1;
}

/* A call inside a call, as a signal's handler makes one. */
static void test_interrupted(void **state)
{
	struct error error = {0};
	uint64_t events;
	bool warned;

	(void)state;
	trace_file_begin(&file, TRACE_CLOCK_NS);
	interrupted = file.buffers[0];
	file.writer.now = interrupting_clock;
	assert_int_equal(trace_event_malloc(interrupted, 1, TRACE_DONE), T0(1));
	assert_int_equal(in_handler, 0);
	assert_int_equal(atomic_load(&file.writer.tally->lost), 1);
	trace_file_end(&file, true);
	assert_int_equal(
		trace_file_check(file.path, &events, &warned, &error), 0);
	assert_int_equal(events, 1);
	trace_file_finish(&file);
}

static void test_cannot_open(void **state)
{
	static struct trace_writer writer;
	const struct trace_program program = {.allocator = ""};
	static char path[PATH_MAX + 2];

	(void)state;
	errno = 0;
	assert_int_equal(
		trace_writer_open(&writer, "/no/such/folder", &program), -1);
	assert_int_equal(errno, ENOENT);
	memset(path, 'x', PATH_MAX);
	assert_int_equal(trace_writer_open(&writer, path, &program), -1);
	assert_int_equal(errno, ENAMETOOLONG);
	trace_writer_close(&writer);
	trace_writer_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_event),
		cmocka_unit_test(test_many_chunks),
		cmocka_unit_test(test_snapshots_replace_each_other),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_closed_descriptor),
		cmocka_unit_test(test_full_disk),
		cmocka_unit_test(test_interrupted),
		cmocka_unit_test(test_cannot_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
