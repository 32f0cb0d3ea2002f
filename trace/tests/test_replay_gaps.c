// SPDX-License-Identifier: MIT
//
// The private work in front of a replay's operations: what the trace's times
// say, at every pace, and no more than the longest gap.
#include "trace_file.h"

#include <unistd.h>

#include "trace_replay.h"
#include "trace_text.h"

static char path[64];

#define STREAM 16

/* T0's calls are at 0, 200, 500, 501 and 9000500 ns, T1's at 700 and 5700; what
 * failed, and T1's beginning, only let time pass. */
static const char timed[] = "trace 1\nclock ns\n"
			    "T0 malloc 10 after 1000\n"
			    "T0 malloc 20 failed after 150\n"
			    "T0 create T1 after 20\n"
			    "T0 malloc 20 after 30\n"
			    "T0 free #1 after 300\n"
			    "T1 malloc 9 failed after 1400\n"
			    "T0 malloc 30 after 1\n"
			    "T1 malloc 40 after 300\n"
			    "T1 free T0#2 after 5000\n"
			    "T0 free #3 after 9000000\n"
			    "ended exit\n";

/* Cycles in front of each operation, by worker and in its order. */
static const struct {
	uint32_t pace;
	uint32_t cycles[2][STREAM];
	uint32_t operations[2];
} paces[] = {
	{0, {{0}, {0}}, {5, 3}},
	{1, {{0, 0, 0, 0, 1000}, {0, 5}}, {5, 3}},
	{1000, {{0, 200, 300, 1, 1000000}, {300, 5000}}, {5, 3}},
	{2500, {{0, 500, 750, 2, 2500000}, {750, 12500}}, {5, 3}},
	{TRACE_REPLAY_PACE_MOST,
		{{0, 20000, 30000, 100, 100000000}, {30000, 500000}}, {5, 3}},
};

static void write_timed(void)
{
	struct error error;
	FILE *text = fmemopen((void *)timed, strlen(timed), "r");

	assert_non_null(text);
	if (trace_text_read(text, "text", path, &error) != 0)
		fail_msg("%s", error.text);
	fclose(text);
}

/* Of two workers; in one piece, the words in front of the positions. */
static struct trace_replay_window *new_window(void)
{
	const size_t room = TRACE_REPLAY_LEAST_ROOM;
	size_t head = sizeof(struct trace_replay_window) +
		2 * sizeof(struct trace_replay_stream);
	unsigned char *at = calloc(
		1, head + 2 * room * (sizeof(uint64_t) + sizeof(uint32_t)));
	struct trace_replay_window *window = (void *)at;

	assert_non_null(at);
	window->room = room;
	for (unsigned i = 0; i < 2; i++) {
		window->streams[i].words =
			(uint64_t *)(void *)(at + head) + i * room;
		window->streams[i].positions =
			(uint32_t *)(void *)(at + head +
				2 * room * sizeof(uint64_t)) +
			i * room;
	}
	return window;
}

static void check_stream(
	const struct trace_replay_stream *stream, size_t which, unsigned worker)
{
	uint32_t cycles = 0, done = 0;

	for (uint32_t i = 0; i < stream->count; i++) {
		uint64_t word = stream->words[i];

		if (trace_replay_kind(word) == TRACE_REPLAY_THINK) {
			assert_int_equal(cycles, 0);
			cycles = trace_replay_value(word);
			assert_true(cycles > 0);
			continue;
		}
		if (trace_replay_kind(word) == TRACE_REPLAY_WAIT)
			continue;
		if (cycles != paces[which].cycles[worker][done])
			fail_msg("pace %u, worker %u, operation %u: %u cycles",
				paces[which].pace, worker, done, cycles);
		cycles = 0;
		done++;
	}
	assert_int_equal(done, paces[which].operations[worker]);
}

/* The same in every cycle of the trace. */
static void gaps(void **state)
{
	struct trace_replay_window *window = new_window();
	struct trace_replay *replay;
	struct trace_reader reader;
	struct error error;

	(void)state;
	write_timed();
	if (trace_reader_open(&reader, path, &error) != 0)
		fail_msg("%s", error.text);
	assert_true(trace_replay_has_times(&reader));
	for (size_t i = 0; i < sizeof(paces) / sizeof(paces[0]); i++) {
		replay = trace_replay_create(&reader, 2, paces[i].pace, &error);
		assert_non_null(replay);
		for (unsigned cycle = 0; cycle < 3; cycle++) {
			assert_int_equal(
				trace_replay_fill(replay, window, &error), 0);
			assert_true(window->last);
			check_stream(&window->streams[0], i, 0);
			check_stream(&window->streams[1], i, 1);
		}
		trace_replay_destroy(replay);
	}
	trace_reader_finish(&reader);
	free(window);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(gaps)};
	int result;

	snprintf(path, sizeof(path), "/tmp/test_replay_gaps.%d", (int)getpid());
	result = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	return result;
}
