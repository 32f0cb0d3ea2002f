// SPDX-License-Identifier: MIT
//
// The operations that a trace becomes, done by workers in every order that
// their waits allow: no block is freed twice or before it is made, no slot
// holds two, nobody waits for ever, nothing is left at the end.
#include "trace_file.h"

#include <unistd.h>

#include "trace_replay.h"
#include "trace_text.h"

#define WORKERS_MOST 5
#define SLOTS_MOST 65536

static char path[64];

/* A random program: each block may be freed or reallocated by any thread.
 * Returns the most blocks that were live at once. */
static uint64_t write_program(unsigned threads, unsigned events, unsigned seed)
{
	static struct {
		unsigned thread, count;
	} live[SLOTS_MOST];
	unsigned counts[WORKERS_MOST] = {0}, live_count = 0, most = 0;
	struct error error;
	FILE *text = tmpfile();

	assert_non_null(text);
	srandom(seed);
	fprintf(text, "trace 1\n");
	for (unsigned i = 1; i < threads; i++)
		fprintf(text, "T0 create T%u\n", i);
	for (unsigned i = 0; i < events; i++) {
		unsigned thread = (unsigned)random() % threads;
		unsigned what = (unsigned)random() % 16, which;

		if (live_count == 0)
			what = 7;
		if (what < 8) {
			which = live_count++;
			fprintf(text,
				what == 0           ? "T%u memalign 64 %u\n"
					: what == 1 ? "T%u calloc 3 %u\n"
					: what == 2 ? "T%u malloc 5000000%u\n"
						    : "T%u malloc %u\n",
				thread, (unsigned)random() % 1000);
		} else {
			which = (unsigned)random() % live_count;
			fprintf(text,
				what < 10 ? "T%u realloc T%u#%u 77\n"
					  : "T%u free T%u#%u\n",
				thread, live[which].thread, live[which].count);
			if (what >= 10)
				live[which] = live[--live_count];
		}
		if (what < 10) {
			live[which].thread = thread;
			live[which].count = ++counts[thread];
		}
		most = live_count > most ? live_count : most;
		if (i % 50 == 0)
			fprintf(text, "T%u malloc 9 failed\n", thread);
	}
	fprintf(text, "ended exit\n");
	rewind(text);
	if (trace_text_read(text, "text", path, &error) != 0)
		fail_msg("%s", error.text);
	fclose(text);
	return most;
}

/* The workers of a replay, and what they do to blocks. */
struct crew {
	unsigned workers;
	struct trace_replay_window *windows[2];
	uint64_t before[WORKERS_MOST], done[WORKERS_MOST];
	uint64_t halves, live, most;
	bool is_live[SLOTS_MOST];
};

static struct trace_replay_window *new_window(unsigned workers, uint32_t room)
{
	struct trace_replay_window *window = calloc(
		1, sizeof(*window) + workers * sizeof(window->streams[0]));

	assert_non_null(window);
	window->room = room;
	for (unsigned i = 0; i < workers; i++) {
		window->streams[i].words = calloc(room, sizeof(uint64_t));
		window->streams[i].positions = calloc(room, sizeof(uint32_t));
		assert_non_null(window->streams[i].words);
		assert_non_null(window->streams[i].positions);
	}
	return window;
}

static void free_window(struct trace_replay_window *window, unsigned workers)
{
	for (unsigned i = 0; i < workers; i++) {
		free(window->streams[i].words);
		free(window->streams[i].positions);
	}
	free(window);
}

static void make(struct crew *crew, uint32_t slot)
{
	if (crew->is_live[slot])
		fail_msg("slot %u is given to a second block", slot);
	crew->is_live[slot] = true;
	crew->live++;
	crew->halves++;
	crew->most = crew->live > crew->most ? crew->live : crew->most;
}

static void need(const struct crew *crew, uint32_t slot)
{
	if (!crew->is_live[slot])
		fail_msg("slot %u holds no block", slot);
}

/* One operation. Returns its words, 0 where it has to wait. */
static uint32_t step(struct crew *crew, const uint64_t *words)
{
	uint32_t number = trace_replay_number(words[0]);
	uint32_t value = trace_replay_value(words[0]);

	assert_true(number < SLOTS_MOST);
	switch (trace_replay_kind(words[0])) {
	case TRACE_REPLAY_FREE:
		need(crew, number);
		crew->is_live[number] = false;
		crew->live--;
		crew->halves++;
		return 1;
	case TRACE_REPLAY_ALLOC:
	case TRACE_REPLAY_CALLOC:
		make(crew, number);
		return 1;
	case TRACE_REPLAY_ALIGNED:
		assert_int_equal(value, 6);
		make(crew, number);
		return 2;
	case TRACE_REPLAY_LARGE:
		assert_int_equal(value, TRACE_REPLAY_ALLOC);
		assert_true(words[1] > UINT32_MAX);
		make(crew, number);
		return 2;
	case TRACE_REPLAY_REALLOC:
		need(crew, number);
		crew->halves += 2;
		return 1;
	case TRACE_REPLAY_WAIT:
		return (int64_t)crew->done[number] >=
			(int64_t)crew->before[number] + (int32_t)value;
	case TRACE_REPLAY_THINK:
		break; /* without a pace there is none */
	}
	fail_msg("kind %d", (int)trace_replay_kind(words[0]));
	return 0;
}

/* Some worker goes on as far as it can, or a few steps. Whether any did. */
static bool go_on(struct crew *crew, const struct trace_replay_window *window,
	unsigned worker)
{
	const struct trace_replay_stream *stream = &window->streams[worker];
	bool moved = false;

	for (unsigned steps = (unsigned)random() % 40; steps > 0; steps--) {
		uint64_t at = crew->done[worker] - crew->before[worker];
		uint32_t words =
			at < stream->count ? step(crew, &stream->words[at]) : 0;

		if (words == 0)
			break;
		crew->done[worker] += words;
		moved = true;
	}
	return moved;
}

static bool is_done(
	const struct crew *crew, const struct trace_replay_window *window)
{
	for (unsigned i = 0; i < crew->workers; i++)
		if (crew->done[i] - crew->before[i] < window->streams[i].count)
			return false;
	return true;
}

static void check_positions(
	const struct crew *crew, const struct trace_replay_window *window)
{
	for (unsigned i = 0; i < crew->workers; i++) {
		const struct trace_replay_stream *stream = &window->streams[i];

		assert_true(stream->count <= window->room);
		for (uint32_t j = 0; j < stream->count; j++) {
			assert_true(stream->positions[j] < window->halves);
			assert_true(j == 0 ||
				stream->positions[j - 1] <=
					stream->positions[j]);
		}
	}
}

/* Windows one after another: two cycles of the trace. */
static void run_cycles(struct crew *crew, struct trace_replay *replay,
	struct trace_replay_window *window,
	const struct trace_replay_survey *survey)
{
	struct error error;
	unsigned cycles = 0;

	while (cycles < 2) {
		unsigned stuck = 0;

		if (trace_replay_fill(replay, window, &error) != 0)
			fail_msg("%s", error.text);
		check_positions(crew, window);
		while (!is_done(crew, window)) {
			unsigned worker = (unsigned)random() % crew->workers;

			stuck = go_on(crew, window, worker) ? 0 : stuck + 1;
			assert_true(stuck < 10000);
		}
		for (unsigned i = 0; i < crew->workers; i++)
			crew->before[i] += window->streams[i].count;
		if (!window->last)
			continue;
		cycles++;
		assert_int_equal(crew->live, 0);
		assert_int_equal(crew->halves, cycles * survey->halves);
	}
}

static void replay_once(unsigned workers, uint32_t room, uint64_t most)
{
	static struct crew crew;
	struct trace_replay_survey survey;
	struct trace_replay_window *window = new_window(workers, room);
	struct trace_replay *replay;
	struct trace_reader reader;
	struct error error;

	if (trace_reader_open(&reader, path, &error) != 0 ||
		trace_replay_survey(&reader, &survey, &error) != 0)
		fail_msg("%s", error.text);
	assert_int_equal(survey.peak_blocks, most);
	replay = trace_replay_create(&reader, workers, 0, &error);
	assert_non_null(replay);
	crew = (struct crew){.workers = workers};
	run_cycles(&crew, replay, window, &survey);
	if (workers == 1)
		assert_int_equal(crew.most, most);
	trace_replay_destroy(replay);
	trace_reader_finish(&reader);
	free_window(window, workers);
}

static void programs(void **state)
{
	static const uint32_t rooms[] = {TRACE_REPLAY_LEAST_ROOM, 1000, 100000};

	(void)state;
	for (unsigned threads = 1; threads <= 4; threads++)
		for (unsigned seed = 0; seed < 4; seed++) {
			uint64_t most = write_program(
				threads, seed == 0 ? 20 : 3000, seed);

			for (unsigned i = 0; i < 3; i++)
				for (unsigned workers = 1; workers <= 5;
					workers++)
					replay_once(workers, rooms[i], most);
		}
}

static void survey_of(const char *text, struct trace_replay_survey *survey,
	int expected, const char *part)
{
	FILE *in = fmemopen((void *)text, strlen(text), "r");
	struct trace_reader reader;
	struct error error = {0};

	assert_non_null(in);
	if (trace_text_read(in, "text", path, &error) != 0 ||
		trace_reader_open(&reader, path, &error) != 0)
		fail_msg("%s", error.text);
	fclose(in);
	assert_int_equal(
		trace_replay_survey(&reader, survey, &error), expected);
	if (expected != 0) {
		check_error(error.text, path);
		check_contains(error.text, part);
	}
	trace_reader_finish(&reader);
}

/* Threads that live one after another need one worker. */
static void surveys(void **state)
{
	struct trace_replay_survey survey;

	(void)state;
	survey_of("trace 1\nT0 malloc 10\nT0 malloc 100\nT0 create T1\n"
		  "T1 free T0#1\nT1 end\nT0 create T2\nT2 malloc 1\nT2 end\n"
		  "T0 free #2\nended exit\n",
		&survey, 0, NULL);
	assert_int_equal(survey.threads, 2);
	assert_int_equal(survey.halves, 6);
	assert_int_equal(survey.peak_blocks, 2);
	assert_int_equal(survey.peak_bytes, 110);
	assert_int_equal(survey.blocks_at_peak, 2);
	survey_of("trace 1\nT0 malloc 10 failed\nT0 create T1\nT1 end\n"
		  "ended exit\n",
		&survey, -1, "no block is allocated");
	survey_of("trace 1\nT0 malloc 10\nT0 realloc #1 5 failed\n"
		  "T0 realloc #1 0 freed\nended exit\n",
		&survey, 0, NULL);
	assert_int_equal(survey.halves, 2);
	assert_int_equal(survey.threads, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(programs),
		cmocka_unit_test(surveys),
	};
	int result;

	snprintf(
		path, sizeof(path), "/tmp/test_trace_replay.%d", (int)getpid());
	result = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	return result;
}
