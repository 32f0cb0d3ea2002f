// SPDX-License-Identifier: MIT
//
// All figures of a small trace that is worked out by hand, the points of a
// longer one, and one that a killed program left.
#include "trace_file.h"

#include <inttypes.h>
#include <unistd.h>

#include "trace_summary.h"
#include "trace_text.h"

static const char by_hand[] = "trace 1\n"
			      "T0 malloc 0\n"
			      "T0 malloc 48\n"
			      "T0 create T1\n"
			      "T0 calloc 10 10\n"
			      "T1 free T0#2\n"
			      "T1 memalign 64 128\n"
			      "T0 realloc T1#1 300\n"
			      "T0 realloc #4 999999 failed\n"
			      "T0 malloc 5 failed\n"
			      "T0 realloc #4 0 freed\n"
			      "T1 posix_memalign 16 1\n"
			      "T1 aligned_alloc 8 8\n"
			      "T0 free #1\n"
			      "T0 fork 4711\n"
			      "T1 end\n"
			      "T0 free T1#3\n"
			      "ended exit\n";

/* Live behind each of its events. */
static const uint64_t hand_blocks[] = {
	1, 2, 2, 3, 2, 3, 3, 3, 3, 2, 3, 4, 3, 3, 3, 2};
static const uint64_t hand_bytes[] = {0, 48, 48, 148, 100, 228, 400, 400, 400,
	100, 101, 109, 109, 109, 109, 101};

#define HAND_EVENTS (sizeof(hand_blocks) / sizeof(hand_blocks[0]))

static struct trace_summary summary;

/* Makes the text a trace and reads it. */
static void summarize(const char *text)
{
	FILE *in = fmemopen((void *)text, strlen(text), "r");
	char path[] = "/tmp/serialbench-summary-XXXXXX";
	struct trace_reader reader = {.fd = -1};
	struct error error = {0};
	int fd = mkstemp(path);

	assert_non_null(in);
	assert_true(fd >= 0);
	close(fd);
	if (trace_text_read(in, "text", path, &error) != 0 ||
		trace_reader_open(&reader, path, &error) != 0 ||
		trace_verify(&reader, &error) != 0 ||
		trace_summary_read(&reader, &summary, &error) != 0)
		fail_msg("%s", error.text);
	trace_reader_finish(&reader);
	fclose(in);
	unlink(path);
}

#define FIGURE(name, wanted)                                                   \
	{                                                                      \
#name, offsetof(struct trace_summary, name), wanted            \
	}

static const struct {
	const char *name;
	size_t offset;
	uint64_t wanted;
} figures[] = {
	FIGURE(events, 16),
	FIGURE(kinds[TRACE_MALLOC], 3),
	FIGURE(kinds[TRACE_CALLOC], 1),
	FIGURE(kinds[TRACE_REALLOC], 3),
	FIGURE(kinds[TRACE_ALIGNED_ALLOC], 1),
	FIGURE(kinds[TRACE_MEMALIGN], 1),
	FIGURE(kinds[TRACE_POSIX_MEMALIGN], 1),
	FIGURE(kinds[TRACE_FREE], 3),
	FIGURE(kinds[TRACE_THREAD_CREATE], 1),
	FIGURE(kinds[TRACE_THREAD_END], 1),
	FIGURE(kinds[TRACE_FORK], 1),
	FIGURE(failed, 2),
	FIGURE(freed_by_realloc, 1),
	FIGURE(allocations, 7),
	FIGURE(allocated_bytes, 585),
	FIGURE(ended, 5),
	FIGURE(freed_by_others, 2),
	FIGURE(reallocated_by_others, 1),
	FIGURE(left_blocks, 2),
	FIGURE(left_bytes, 101),
	FIGURE(peak_bytes, 400),
	FIGURE(blocks_at_peak, 3),
	FIGURE(peak_blocks, 4),
};

static void check_classes(const char *what, const uint64_t *got,
	const uint64_t *wanted, unsigned wanted_count)
{
	for (unsigned i = 0; i < TRACE_CLASSES; i++) {
		uint64_t want = i < wanted_count ? wanted[i] : 0;

		if (got[i] != want)
			fail_msg("%s, class %u: %" PRIu64 ", not %" PRIu64,
				what, i, got[i], want);
	}
}

static void test_by_hand(void **state)
{
	static const uint64_t sizes[] = {1, 1, 0, 0, 1, 0, 1, 1, 1, 1};
	static const uint64_t lifetimes[] = {3, 1, 0, 1};
	static const uint64_t bytes[] = {3, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1};

	(void)state;
	summarize(by_hand);
	for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++) {
		uint64_t got;

		memcpy(&got, (const char *)&summary + figures[i].offset,
			sizeof(got));
		if (got != figures[i].wanted)
			fail_msg("%s: %" PRIu64 ", not %" PRIu64,
				figures[i].name, got, figures[i].wanted);
	}
	assert_int_equal(summary.threads, 2);
	assert_int_equal(summary.most_alive, 2);
	check_classes("sizes", summary.sizes, sizes, 10);
	check_classes("lifetimes", summary.lifetimes, lifetimes, 4);
	check_classes("lifetimes in bytes", summary.lifetime_bytes, bytes, 11);
	assert_int_equal(summary.point_count, HAND_EVENTS);
	for (size_t i = 0; i < HAND_EVENTS; i++) {
		const struct trace_point *point = &summary.points[i];

		if (point->events != i + 1 || point->blocks != hand_blocks[i] ||
			point->bytes != hand_bytes[i] ||
			point->most_blocks != hand_blocks[i] ||
			point->most_bytes != hand_bytes[i])
			fail_msg("point %zu: %" PRIu64 " events, %" PRIu64
				 " blocks, %" PRIu64 " bytes",
				i, point->events, point->blocks, point->bytes);
	}
}

/* What happens between two points is not lost: five blocks come and go. */
static void test_points(void **state)
{
	size_t bytes;
	char *text;
	FILE *out = open_memstream(&text, &bytes);

	(void)state;
	assert_non_null(out);
	fprintf(out, "trace 1\n");
	for (int round = 0; round < 103; round++) {
		for (int i = 1; i <= 5; i++)
			fprintf(out, "T0 malloc 10\n");
		for (int i = 1; i <= 5; i++)
			fprintf(out, "T0 free #%d\n", round * 5 + i);
	}
	fprintf(out, "ended exit\n");
	fclose(out);
	summarize(text);
	free(text);
	assert_int_equal(summary.point_count, TRACE_POINTS);
	for (unsigned i = 0; i < TRACE_POINTS; i++) {
		const struct trace_point *point = &summary.points[i];

		assert_int_equal(point->events, 1030 * (i + 1) / 100);
		assert_int_equal(point->bytes, point->blocks * 10);
		assert_int_equal(point->most_blocks, 5);
		assert_int_equal(point->most_bytes, 50);
	}
	assert_int_equal(summary.points[TRACE_POINTS - 1].blocks, 0);
	assert_int_equal(summary.peak_bytes, 50);
}

static void test_without_end(void **state)
{
	(void)state;
	summarize("trace 1\nT0 create T1\nT0 malloc 7\nT1 malloc 9\n");
	assert_int_equal(summary.events, 3);
	assert_int_equal(summary.left_blocks, 2);
	assert_int_equal(summary.left_bytes, 16);
	assert_int_equal(summary.ended, 0);
	summarize("trace 1\n");
	assert_int_equal(summary.events, 0);
	assert_int_equal(summary.point_count, 0);
	assert_int_equal(summary.peak_blocks, 0);
}

static void test_threads(void **state)
{
	(void)state;
	summarize("trace 1\nT0 create T1\nT1 malloc 7\nT1 end\nT0 create T2\n"
		  "T2 malloc 7\nT2 end\nT0 malloc 7\nended exit\n");
	assert_int_equal(summary.threads, 3);
	assert_int_equal(summary.most_alive, 2);
}

static void test_class_limits(void **state)
{
	static const uint64_t numbers[] = {
		0, 1, 2, 3, 4, 255, 256, 257, UINT64_C(1) << 63, UINT64_MAX};
	static const unsigned classes[] = {0, 1, 2, 2, 3, 8, 9, 9, 64, 64};

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		unsigned class = trace_class(numbers[i]);

		if (class != classes[i] ||
			numbers[i] < trace_class_least(class) ||
			numbers[i] > trace_class_most(class))
			fail_msg("%" PRIu64 ": class %u, not %u", numbers[i],
				class, classes[i]);
	}
	for (unsigned i = 1; i < TRACE_CLASSES; i++)
		assert_int_equal(
			trace_class_least(i), trace_class_most(i - 1) + 1);
}

static void test_peak_warning(void **state)
{
	static const struct {
		enum trace_clock clock;
		uint32_t threads;
		bool ended;
		uint64_t counted, peak;
		bool warns;
	} cases[] = {
		{TRACE_CLOCK_NONE, 2, true, 1000, 949, true},
		{TRACE_CLOCK_NONE, 2, true, 1000, 950, false},
		{TRACE_CLOCK_NONE, 2, true, 1000, 2000, false},
		{TRACE_CLOCK_NONE, 1, true, 1000, 100, false},
		{TRACE_CLOCK_NS, 2, true, 1000, 100, false},
		{TRACE_CLOCK_NONE, 2, false, 1000, 100, false},
		{TRACE_CLOCK_NONE, 2, true, 0, 0, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char path[] = "trace";
		struct trace_reader reader = {
			.path = path,
			.header.clock = cases[i].clock,
			.thread_count = cases[i].threads,
			.ended = cases[i].ended,
			.end.peak_bytes = cases[i].counted,
		};
		struct error warning = {0};

		if (trace_reader_peak_warning(
			    &reader, cases[i].peak, &warning) != cases[i].warns)
			fail_msg("case %zu: '%s'", i, warning.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_peak_warning),
		cmocka_unit_test(test_by_hand),
		cmocka_unit_test(test_points),
		cmocka_unit_test(test_without_end),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_class_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
