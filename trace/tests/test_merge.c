// SPDX-License-Identifier: MIT
//
// All threads in one order, and what cannot be ordered. A script is a list of
// words, each an event of a thread: "0m" T0 allocates, "1f0.2" T1 frees the
// second block of T0, "1r0.2" reallocates it, "0c1" T0 creates T1, "0e" T0
// ends. The order in the script is not that in the file: threads are written
// one after the other, the last first.
#include "trace_file.h"

static struct trace_file file;

static uint64_t named(const char *word)
{
	unsigned thread, count;

	assert_int_equal(sscanf(word + 2, "%u.%u", &thread, &count), 2);
	return trace_block(thread, count);
}

static void write_word(const char *word)
{
	struct trace_buffer *buffer = file.buffers[word[0] - '0'];

	switch (word[1]) {
	case 'm':
		trace_event_malloc(buffer, 10, TRACE_DONE);
		break;
	case 'f':
		trace_event_free(buffer, named(word));
		break;
	case 'r':
		trace_event_realloc(buffer, named(word), 20, TRACE_DONE);
		break;
	case 'c':
		trace_event_create(buffer, (uint32_t)(word[2] - '0'));
		break;
	case 'e':
		trace_event_end(buffer);
		break;
	default:
		fail_msg("word %s", word);
	}
}

static void write_script(const char *script, enum trace_clock clock)
{
	char words[256], *rest = words, *word;

	trace_file_begin(&file, clock);
	snprintf(words, sizeof(words), "%s", script);
	while ((word = strsep(&rest, " "))) {
		file.writer.order++;
		if (*word)
			write_word(word);
	}
	for (int i = FILE_THREADS - 1; i >= 0; i--)
		trace_buffer_flush(file.buffers[i]);
}

static const char *name_of(const struct trace_event *event, char text[32])
{
	static const char letters[] = "?m?r???fce";
	unsigned old = trace_block_thread(event->old);
	unsigned count = (unsigned)trace_block_count(event->old);

	if (event->old != 0)
		snprintf(text, 32, "%u%c%u.%u", event->thread,
			letters[event->kind], old, count);
	else if (event->kind == TRACE_THREAD_CREATE)
		snprintf(text, 32, "%uc%u", event->thread, event->other);
	else
		snprintf(text, 32, "%u%c", event->thread, letters[event->kind]);
	return text;
}

/* The order that the reader gives, as a script. */
static int read_script(char script[256], struct error *error)
{
	struct trace_reader reader;
	struct trace_merge *merge = NULL;
	struct trace_event event;
	char word[32];
	int result = trace_reader_open(&reader, file.path, error);

	script[0] = '\0';
	if (result == 0) {
		merge = trace_merge_create(&reader, error);
		result = merge != NULL ? 1 : -1;
	}
	while (result == 1) {
		result = trace_merge_next(merge, &event, NULL, error);
		if (result == 1) {
			strcat(script, *script ? " " : "");
			strcat(script, name_of(&event, word));
		}
	}
	trace_merge_destroy(merge);
	trace_reader_finish(&reader);
	return result;
}

static const char *const orders[] = {
	"0m 0f0.1 0e",
	"0c1 0m 1f0.1 1m 0r1.1 1m 1f0.2 0e 1e",
	"0c1 0c2 0c3 3m 2m 1m 1r2.1 1r3.1 2r1.2 2r1.3 3f2.2 3f2.3 3f1.1",
	"0c1 1m 0m 1m 0m 1m 0m 1f0.3 0f1.3 1f0.1 0f1.1",
};

/* With the clock of the order it is that order, without any clock another
 * that holds. */
static void test_orders(void **state)
{
	struct error error = {0};
	char got[256];

	(void)state;
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++)
		for (int clock = 0; clock < TRACE_CLOCKS; clock++) {
			write_script(orders[i], (enum trace_clock)clock);
			trace_file_end(&file, true);
			if (read_script(got, &error) != 0)
				fail_msg("%s: %s", orders[i], error.text);
			assert_int_equal(strlen(got), strlen(orders[i]));
			if (clock == TRACE_CLOCK_ORDER)
				assert_string_equal(got, orders[i]);
			trace_file_finish(&file);
		}
}

static const struct {
	const char *script, *what;
} wrong[] = {
	{"0m 0f0.1 0f0.1", "frees a block a second time"},
	{"0m 0r0.1 0f0.1", "frees a block a second time"},
	{"0m 0f0.1 0r0.1", "reallocates a block that is freed"},
	{"0c1 0m 1f0.1 0f0.1", "frees a block a second time"},
	{"0c1 1f0.1", "never allocated"},
	{"0c1 1f2.1", "never allocated"},
	{"0c1 1f0.1 1m 0f1.1 0m", "waits for a block whose allocation waits"},
	{"0m 1m", "never creates"},
	{"0c1 0c1 1m", "a second time"},
	{"0c1 0c2 1c2 1m 2m", "another parent"},
	{"0m 0e 0m", "behind the thread's end"},
};

static void test_wrong(void **state)
{
	struct error error = {0};
	char got[256];

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		write_script(wrong[i].script, TRACE_CLOCK_NONE);
		trace_file_end(&file, true);
		if (read_script(got, &error) != -1)
			fail_msg("%s: no error, got %s", wrong[i].script, got);
		check_error(error.text, file.path);
		check_contains(error.text, wrong[i].what);
		check_contains(error.text, ", event ");
		trace_file_finish(&file);
	}
}

static const struct {
	const char *script, *rest;
} torn[] = {
	{"0c1 1m 1f0.1 1m", "0c1 1m"},
	{"0c1 1f0.1 1m 0f1.1 0m", "0c1"},
	{"1m 1m", "1m 1m"},
	/* T1 hangs on nothing that is there, T0 on T1, T2 on T0. */
	{"0c1 0c2 1f3.1 1m 0f1.1 0m 2f0.1 2m", "0c1 0c2"},
	{"2m 1f2.1 1m", "2m 1f2.1 1m"},
};

static void check_usable(const char *rest)
{
	struct trace_reader reader;
	struct error error = {0};
	uint64_t events = 0, given = 0;

	assert_int_equal(trace_reader_open(&reader, file.path, &error), 0);
	assert_int_equal(trace_verify(&reader, &error), 0);
	for (uint32_t i = 0; i < reader.thread_count; i++) {
		struct trace_cursor cursor;
		struct trace_event event;

		trace_cursor_init(&cursor, &reader, i);
		while (trace_cursor_next(&cursor, &event, &error) == 1)
			given++;
		events += reader.threads[i].usable_events;
	}
	assert_int_equal(events, given);
	for (events = 1; (rest = strchr(rest, ' ')); rest++)
		events++;
	assert_int_equal(events, given);
	trace_reader_finish(&reader);
}

/* A program that was killed, and one whose threads ran on at its end. */
static void test_missing_tails(void **state)
{
	struct error error = {0};
	char got[256];

	(void)state;
	for (size_t i = 0; i < sizeof(torn) / sizeof(torn[0]); i++)
		for (int with_end = 0; with_end < 2; with_end++) {
			write_script(torn[i].script, TRACE_CLOCK_ORDER);
			if (with_end)
				trace_writer_end(&file.writer, 0,
					(struct trace_end){.running = 1});
			trace_file_end(&file, false);
			if (read_script(got, &error) != 0)
				fail_msg("%s: %s", torn[i].script, error.text);
			assert_string_equal(got, torn[i].rest);
			check_usable(torn[i].rest);
			trace_file_finish(&file);
		}
}

/* What is counted on the way. */
static void test_counts(void **state)
{
	struct trace_reader reader;
	struct trace_merge *merge;
	struct trace_event event;
	struct trace_live_block ended = {0};
	struct error error = {0};

	(void)state;
	write_script("0m 0m 0r0.1 0f0.2", TRACE_CLOCK_ORDER);
	trace_file_end(&file, true);
	assert_int_equal(trace_reader_open(&reader, file.path, &error), 0);
	merge = trace_merge_create(&reader, &error);
	assert_non_null(merge);
	for (int i = 0; i < 3; i++)
		assert_int_equal(
			trace_merge_next(merge, &event, &ended, &error), 1);
	assert_int_equal(trace_merge_live(merge), 2);
	assert_int_equal(trace_merge_live_bytes(merge), 30);
	assert_int_equal(ended.id, 1);
	assert_int_equal(trace_merge_next(merge, &event, &ended, &error), 1);
	assert_int_equal(ended.id, 2);
	assert_int_equal(ended.bytes, 10);
	assert_int_equal(ended.born, 1);
	assert_int_equal(ended.born_bytes, 10);
	assert_int_equal(trace_merge_live(merge), 1);
	assert_int_equal(trace_merge_allocations(merge), 3);
	assert_int_equal(trace_merge_allocated_bytes(merge), 40);
	assert_int_equal(trace_merge_given(merge, 0), 4);
	assert_int_equal(trace_merge_next(merge, &event, &ended, &error), 0);
	assert_int_equal(trace_merge_next(merge, &event, &ended, &error), 0);
	trace_merge_destroy(merge);
	trace_reader_finish(&reader);
	trace_file_finish(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_orders),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_missing_tails),
		cmocka_unit_test(test_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
