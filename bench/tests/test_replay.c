// SPDX-License-Identifier: MIT
//
// The workload trace on real threads: every call of the trace is made once, by
// whoever and after whatever the trace says, in turns of any length.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "catalogue.h"
#include "crew.h"
#include "trace_text.h"
#include "tracked_backend.h"

static char path[64];
static bool timed; /* whether the traces that follow have times */

static void write_trace(FILE *text)
{
	struct error error;

	rewind(text);
	if (trace_text_read(text, "text", path, &error) != 0)
		fail_msg("%s", error.text);
	fclose(text);
}

static const char *after(void)
{
	return timed ? " after 700" : "";
}

static FILE *begin_text(unsigned threads)
{
	FILE *text = tmpfile();

	assert_non_null(text);
	fprintf(text, "trace 1\n%s", timed ? "clock ns\n" : "");
	for (unsigned i = 1; i < threads; i++)
		fprintf(text, "T0 create T%u%s\n", i, after());
	return text;
}

/* Rounds in which every thread allocates, and the next one frees, reallocates
 * or keeps. A round has 4 calls of each thread: 5 half operations, and another
 * one for what is kept. */
static void write_ring(unsigned threads, unsigned rounds)
{
	FILE *text = begin_text(threads);

	for (unsigned i = 0; i < rounds; i++) {
		for (unsigned t = 0; t < threads; t++)
			fprintf(text, "T%u malloc %u%s\nT%u %s %u%s\n", t,
				i % 300 + 1, after(), t,
				i % 2 == 0 ? "calloc 2" : "memalign 64",
				i % 50 + 1, after());
		for (unsigned t = 0; t < threads; t++) {
			unsigned next = (t + 1) % threads;

			fprintf(text, "T%u free T%u#%u%s\n", next, t, 3 * i + 1,
				after());
			fprintf(text, "T%u realloc T%u#%u %u%s\n", next, t,
				3 * i + 2, i * 7 % 900 + 1, after());
		}
	}
	fprintf(text, "ended exit\n");
	write_trace(text);
}

static void begin(struct crew *crew, const char *params, unsigned threads,
	const struct alloc_backend *backend)
{
	char text[WORKLOAD_TEXT];

	tracked_clear();
	snprintf(text, sizeof(text), "trace:%s%s", path, params);
	if (crew_begin(crew, text, backend, threads) != 0)
		fail_msg("%s: no set-up", text);
}

static const uint64_t turns[] = {1, 7, 1000, 1, 333, 3000};

static const struct {
	const char *params;
	unsigned threads;
} cases[] = {
	{"", 1},
	{"", 2},
	{"", 3},
	{",window=1", 1},
	{",window=1", 3},
	{",copies=2", 4},
	{",copies=2,window=1,think=3", 2},
	{",copies=2,window=2", 6},
	{",pace=10", 1},
	{",copies=2,think=2,pace=100,window=1", 6},
};

static uint64_t halves(void)
{
	return tracked_calls.allocs + tracked_calls.callocs +
		tracked_calls.aligned_allocs + tracked_calls.frees +
		2 * tracked_calls.reallocs;
}

/* Turns of any length do as many operations as they are asked for; a realloc
 * of each copy may be begun in the last half of one. A trace that fits into a
 * window and one that does not are done alike. */
static void every_call_once(void **state)
{
	static const unsigned rounds[] = {3, 1500};

	(void)state;
	for (size_t i = 0; i < 2 * LENGTH(cases); i++) {
		unsigned threads = cases[i / 2].threads;
		uint64_t asked = 0;
		struct crew crew;

		timed = strstr(cases[i / 2].params, "pace") != NULL;
		write_ring(3, rounds[i % 2]);
		begin(&crew, cases[i / 2].params, threads, &tracked_backend);
		for (size_t j = 0; j < LENGTH(turns); j++) {
			crew_run(&crew, turns[j]);
			asked += 2 * turns[j] * threads;
			assert_in_range(halves(), asked, asked + 2);
			assert_int_equal(crew_verify(&crew), 0);
			/* What verify has done. */
			asked += 2 * threads;
			assert_in_range(halves(), asked, asked + 2);
		}
		crew_end(&crew);
		assert_int_equal(tracked_calls.live, 0);
	}
}

static uint64_t checksum(const struct alloc_backend *backend, size_t index)
{
	struct crew crew;
	uint64_t sum;

	begin(&crew, cases[index].params, cases[index].threads, backend);
	for (size_t j = 0; j < LENGTH(turns); j++) {
		crew_run(&crew, turns[j]);
		if (backend->allocates)
			assert_int_equal(crew_verify(&crew), 0);
	}
	sum = crew_checksum(&crew);
	crew_end(&crew);
	return sum;
}

static void same_on_every_variant(void **state)
{
	(void)state;
	timed = true;
	write_ring(3, 400);
	timed = false;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		uint64_t expected = checksum(&tracked_backend, i);

		for (size_t j = 0; alloc_backends[j] != NULL; j++)
			if (checksum(alloc_backends[j], i) != expected)
				fail_msg("trace%s on %s: another checksum",
					cases[i].params,
					alloc_backends[j]->variant);
	}
}

/* With a worker for each thread whoever freed a block in the program does so
 * in the replay, and not before it is there. */
static void frees_of_others(void **state)
{
	unsigned rounds = 500;
	struct crew crew;

	(void)state;
	write_ring(3, rounds);
	begin(&crew, "", 3, &tracked_backend);
	/* One thread's blocks are freed and reallocated by the next; what is
	 * left is freed by whoever reallocated it. */
	crew_run(&crew, rounds * 6 / 2);
	assert_int_equal(halves(), rounds * 6 * 3);
	assert_int_equal(tracked_calls.live, 0);
	assert_int_equal(tracked_calls.reallocs, rounds * 3);
	assert_in_range(tracked_calls.remote_frees, rounds * 3, rounds * 9);
	crew_end(&crew);
	begin(&crew, "", 1, &tracked_backend);
	crew_run(&crew, rounds * 6 * 3 / 2);
	assert_int_equal(tracked_calls.frees, rounds * 6);
	crew_end(&crew);
}

static void damage_is_seen(void **state)
{
	struct crew crew;

	(void)state;
	write_ring(3, 200);
	begin(&crew, "", 3, &tracked_backend);
	crew_run(&crew, 300);
	assert_int_equal(crew_verify(&crew), 0);
	assert_true(tracked_calls.live > 10);
	for (uint64_t i = 0; i < tracked_calls.live; i += 7) {
		tracked_flip(i, i % 2);
		if (crew_verify(&crew) == 0)
			fail_msg("block %u is damaged, not seen", (unsigned)i);
		tracked_flip(i, i % 2);
	}
	assert_int_equal(crew_verify(&crew), 0);
	tracked_fault = FAULT_FORGETFUL_REALLOC;
	crew_run(&crew, 100);
	tracked_fault = FAULT_NONE;
	assert_int_equal(crew_verify(&crew), -1);
	crew_end(&crew);
}

static void no_memory(void **state)
{
	FILE *text = begin_text(1);
	struct crew crew;

	(void)state;
	for (unsigned i = 0; i < 100; i++)
		fprintf(text, "T0 malloc 10\nT0 memalign 64 0\n");
	fprintf(text, "ended exit\n");
	write_trace(text);
	begin(&crew, "", 1, &tracked_backend);
	tracked_fault = FAULT_EXHAUSTED;
	tracked_left = 50;
	crew_run(&crew, 90);
	tracked_fault = FAULT_NONE;
	assert_int_equal(tracked_calls.live, 50);
	assert_int_equal(crew_verify(&crew), -1);
	crew_end(&crew);
	assert_int_equal(tracked_calls.live, 0);
}

/* What a run looks at before there is a plan. */
static void teams(void **state)
{
	struct workload_instance instance = {0};
	struct workload_team team = {0};
	char text[WORKLOAD_TEXT], error[WORKLOAD_TEXT], expected[WORKLOAD_TEXT];

	(void)state;
	write_ring(3, 5);
	snprintf(text, sizeof(text), "trace:%s,think=5,copies=2", path);
	if (workload_parse(text, &instance, error) != 0 ||
		instance.workload->plan(&instance, &team, error) != 0)
		fail_msg("%s", error);
	assert_int_equal(team.multiple, 2);
	assert_int_equal(team.most, 6);
	workload_name_text(&instance, text);
	snprintf(expected, sizeof(expected), "trace:%s,copies=2,think=5",
		strrchr(path, '/') + 1);
	assert_string_equal(text, expected);
	workload_params_text(&instance, true, text);
	snprintf(expected, sizeof(expected),
		"file=%s,copies=2,think=5,pace=0,window=256", path);
	assert_string_equal(text, expected);
	assert_int_equal(truncate(path, 200), 0);
	assert_int_equal(instance.workload->plan(&instance, &team, error), -1);
	assert_non_null(strstr(error, "no block is allocated"));
}

/* The order of a text's lines is no time. */
static void pace_needs_times(void **state)
{
	struct workload_instance instance = {0};
	struct workload_team team = {0};
	char text[WORKLOAD_TEXT], error[WORKLOAD_TEXT];

	(void)state;
	snprintf(text, sizeof(text), "trace:%s,pace=3000", path);
	for (int i = 0; i < 2; i++) {
		timed = i == 1;
		write_ring(3, 5);
		assert_int_equal(workload_parse(text, &instance, error), 0);
		assert_int_equal(
			instance.workload->plan(&instance, &team, error),
			timed ? 0 : -1);
		if (!timed)
			assert_non_null(strstr(error, "no times"));
	}
	timed = false;
}

/* A file that is damaged after the plan was made. */
static void damaged_file(void **state)
{
	char text[WORKLOAD_TEXT];
	struct crew crew;
	FILE *file;

	(void)state;
	write_ring(3, 50);
	file = fopen(path, "r+");
	assert_non_null(file);
	assert_int_equal(fseek(file, -200, SEEK_END), 0);
	fputs("damage", file);
	fclose(file);
	tracked_clear();
	snprintf(text, sizeof(text), "trace:%s", path);
	assert_int_equal(crew_begin(&crew, text, &tracked_backend, 3), -1);
	crew_end(&crew);
	/* Three threads do not make two copies. */
	write_ring(3, 50);
	snprintf(text, sizeof(text), "trace:%s,copies=2", path);
	assert_int_equal(crew_begin(&crew, text, &tracked_backend, 3), -1);
	crew_end(&crew);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_call_once),
		cmocka_unit_test(same_on_every_variant),
		cmocka_unit_test(frees_of_others),
		cmocka_unit_test(damage_is_seen),
		cmocka_unit_test(no_memory),
		cmocka_unit_test(teams),
		cmocka_unit_test(pace_needs_times),
		cmocka_unit_test(damaged_file),
	};
	int result;

	snprintf(path, sizeof(path), "/tmp/test_replay.%d", (int)getpid());
	result = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	return result;
}
