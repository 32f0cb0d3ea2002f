// SPDX-License-Identifier: MIT
//
// What all workloads of the literature promise: as many calls as operations,
// whatever the turns; the same stream on every backend; every block freed.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "catalogue.h"
#include "crew.h"
#include "tracked_backend.h"

static const unsigned thread_counts[] = {1, 2, 4};
static const uint64_t turns[] = {1, 7, 1000};

#define TURNS 4 /* of that length */

#define EXPECT(what, one, threads, got, want)                                  \
	do {                                                                   \
		uint64_t got_ = (got), want_ = (want);                         \
		if (got_ != want_)                                             \
			fail_msg("%s, %u threads: %s is %llu, not %llu",       \
				(one)->text, threads, what,                    \
				(unsigned long long)got_,                      \
				(unsigned long long)want_);                    \
	} while (0)

static uint64_t allocations(void)
{
	return tracked_calls.allocs + tracked_calls.callocs +
		tracked_calls.aligned_allocs;
}

/* Half operations: an allocation, a free; a realloc is two. */
static uint64_t halves(void)
{
	return allocations() + tracked_calls.frees + 2 * tracked_calls.reallocs;
}

/* Exact; a realloc that begins in the last half operation of a thread is ahead
 * of its turn by as much. */
static void expect_halves(const struct catalogue_case *one, unsigned threads,
	uint64_t got, uint64_t want)
{
	if (one->straddles && got > want && got <= want + threads)
		return;
	EXPECT("half operations", one, threads, got, want);
}

/* What the threads say that they hold is what they hold. */
static void expect_live_bytes(
	const struct crew *crew, const struct catalogue_case *one)
{
	const struct workload *workload = crew->instance.workload;
	unsigned threads = crew->instance.threads;
	uint64_t bytes = 0;

	if (workload->live_bytes == NULL)
		return;
	for (unsigned i = 0; i < threads; i++)
		bytes += workload->live_bytes(&crew->threads[i]);
	EXPECT("live bytes", one, threads, bytes, tracked_calls.live_bytes);
}

/* Some turns of `most` operations, then the case's other ones in one; every
 * turn is exact. Returns the checksum. */
static uint64_t run_in_turns(struct crew *crew,
	const struct catalogue_case *one, uint64_t most, bool tracked)
{
	unsigned threads = crew->instance.threads;
	uint64_t left = one->operations, begun = halves();

	for (unsigned turn = 0; left > 0; turn++) {
		uint64_t now = left < most || turn == TURNS ? left : most;

		left -= now;
		crew_run(crew, now);
		if (!tracked)
			continue;
		expect_halves(one, threads, halves() - begun,
			2 * (one->operations - left) * threads);
		EXPECT("live blocks", one, threads, tracked_calls.live,
			allocations() - tracked_calls.frees);
		expect_live_bytes(crew, one);
		if (one->held != VARIES)
			EXPECT("held blocks", one, threads, tracked_calls.live,
				one->held * threads);
	}
	return crew_checksum(crew);
}

static uint64_t run_tracked(
	const struct catalogue_case *one, unsigned threads, uint64_t most)
{
	struct crew crew;
	uint64_t checksum;

	tracked_clear();
	assert_int_equal(
		crew_begin(&crew, one->text, &tracked_backend, threads), 0);
	checksum = run_in_turns(&crew, one, most, true);
	crew_end(&crew);
	EXPECT("blocks at the end", one, threads, tracked_calls.live, 0);
	EXPECT("frees", one, threads, tracked_calls.frees, allocations());
	return checksum;
}

static void calls_are_operations(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(catalogue); i++)
		for (size_t t = 0; t < LENGTH(thread_counts); t++) {
			const struct catalogue_case *one = &catalogue[i];
			unsigned threads = thread_counts[t];
			uint64_t first = run_tracked(one, threads, turns[0]);

			assert_true(first != 0);
			for (size_t j = 1; j < LENGTH(turns); j++)
				EXPECT("checksum", one, threads,
					run_tracked(one, threads, turns[j]),
					first);
		}
}

/* What the wrapper adds is seen in its own tests; here it would end the
 * program at a block that is freed twice or written over. */
static void same_on(const struct catalogue_case *one,
	const struct alloc_backend *backend, unsigned threads,
	uint64_t expected)
{
	struct crew crew;

	assert_int_equal(crew_begin(&crew, one->text, backend, threads), 0);
	EXPECT(backend->variant, one, threads,
		run_in_turns(&crew, one, one->operations, false), expected);
	if (backend->allocates)
		EXPECT("verify()", one, threads, (uint64_t)crew_verify(&crew),
			0);
	crew_end(&crew);
}

static void same_on_every_backend(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(catalogue); i++)
		for (unsigned threads = 1; threads <= 4; threads += 3) {
			uint64_t expected =
				run_tracked(&catalogue[i], threads, 1000);

			for (size_t v = 0; alloc_backends[v] != NULL; v++)
				same_on(&catalogue[i], alloc_backends[v],
					threads, expected);
		}
}

/* Only the calls that the workload is about. */
static void kinds_of_calls(void **state)
{
	static const struct {
		const char *text;
		bool callocs, aligned_allocs, reallocs;
	} cases[] = {
		{"stack", false, false, false},
		{"glibc-thread", false, false, false},
		{"threadtest", false, false, false},
		{"larson", false, false, false},
		{"realloc-growth", false, false, true},
		{"calloc", true, false, false},
		{"aligned", false, true, false},
		{"large,cap=1", false, false, false},
		{"linux-scalability", false, false, false},
		{"alloc-test", false, false, false},
		{"lifo-reverse,remote=10", false, false, false},
		{"realloc-burst", false, false, true},
		{"blowup", false, false, false},
		{"mleak", true, false, false},
		{"fragmentation", false, false, false},
		{"acdc,shared=10", false, false, false},
		{"t-test1", true, true, true},
		{"interpreter", true, false, true},
		{"startup", false, false, false},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct crew crew;

		tracked_clear();
		crew_begin(&crew, cases[i].text, &tracked_backend, 1);
		crew_run(&crew, 50);
		assert_int_equal(tracked_calls.callocs > 0, cases[i].callocs);
		assert_int_equal(tracked_calls.aligned_allocs > 0,
			cases[i].aligned_allocs);
		assert_int_equal(tracked_calls.reallocs > 0, cases[i].reallocs);
		crew_end(&crew);
	}
}

static void other_seed_other_checksum(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(catalogue); i++) {
		struct crew crew;

		tracked_clear();
		crew_begin(&crew, catalogue[i].text, &tracked_backend, 2);
		crew_run(&crew, 20);
		/* The threads' seeds differ, and so do their streams. */
		assert_true(
			crew.instance.workload->checksum(&crew.threads[0]) !=
			crew.instance.workload->checksum(&crew.threads[1]));
		crew_end(&crew);
	}
}

/* Dashes on the command line, underscores in C. */
static void names(void **state)
{
	static const char *const texts[] = {
		"glibc-thread", "realloc-growth", "t-test1"};

	(void)state;
	for (size_t i = 0; i < LENGTH(texts); i++)
		assert_non_null(workload_find(texts[i]));
	assert_null(workload_find("glibc_thread"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_are_operations),
		cmocka_unit_test(same_on_every_backend),
		cmocka_unit_test(kinds_of_calls),
		cmocka_unit_test(other_seed_other_checksum),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
