// SPDX-License-Identifier: MIT
//
// Workloads whose point is who frees, who is born, and how many bytes are
// held: each of them exactly, and at the checkpoints of a whole course.
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

static void begin(struct crew *crew, const char *text, unsigned threads)
{
	tracked_clear();
	if (crew_begin(crew, text, &tracked_backend, threads) != 0)
		fail_msg("%s: out of memory", text);
}

static void end(struct crew *crew)
{
	crew_end(crew);
	assert_int_equal(tracked_calls.live, 0);
}

/* Where a turn ends with a life, the birth is in the next one, so it is in
 * one of them only: the turns do not matter. */
static void births(void **state)
{
	static const struct {
		const char *text;
		uint64_t operations, births; /* of a thread */
	} cases[] = {
		{"startup", 30, 29},
		{"startup,life=7", 30, 4},
		{"startup,life=10", 30, 2},
		{"mleak", 30, 29},
		{"t-test1,life=10", 30, 2},
		{"t-test1,life=0", 100, 0},
		/* One block of at most 16 KiB fits: two calls. */
		{"blowup,live=16,churn=0", 30, 29},
		{"blowup,live=16,churn=2", 50, 9},
	};
	static const uint64_t turns[] = {1, 4, 50};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++)
		for (size_t j = 0; j < LENGTH(turns); j++) {
			uint64_t left = cases[i].operations, now;
			struct crew crew;

			begin(&crew, cases[i].text, 1);
			for (; left > 0; left -= now) {
				now = left < turns[j] ? left : turns[j];
				crew_run(&crew, now);
			}
			if (crew.births != cases[i].births)
				fail_msg("%s, turns of %llu: %llu births",
					cases[i].text,
					(unsigned long long)turns[j],
					(unsigned long long)crew.births);
			end(&crew);
		}
}

/* Blocks by number of allocation, in the order in which they are freed; with
 * one thread what it hands on comes back, after the stock. */
static void lifo_reverse_order(void **state)
{
	static const struct {
		const char *text;
		uint64_t freed[10];
	} cases[] = {
		{"lifo-reverse,blocks=5,lifo=100",
			{4, 3, 2, 1, 0, 9, 8, 7, 6, 5}},
		{"lifo-reverse,blocks=5,lifo=0",
			{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}},
		{"lifo-reverse,blocks=5,lifo=40",
			{4, 3, 0, 1, 2, 9, 8, 5, 6, 7}},
		{"lifo-reverse,blocks=5,lifo=50,remote=40",
			{20, 18, 19, 0, 1, 25, 23, 24, 2, 3}},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct crew crew;

		begin(&crew, cases[i].text, 1);
		crew_run(&crew, 10);
		for (size_t j = 0; j < 10; j++)
			if (tracked_freed[j] != cases[i].freed[j])
				fail_msg("%s: free %zu is of block %llu",
					cases[i].text, j,
					(unsigned long long)tracked_freed[j]);
		end(&crew);
	}
}

/* In one turn each thread frees what it made itself, but for the stock and
 * what was handed to it; how much that is depends on who runs when. */
static void remote_frees(void **state)
{
	static const struct {
		const char *text;
		uint64_t least, most; /* of the frees of two threads */
	} cases[] = {
		{"lifo-reverse,blocks=50", 0, 0},
		/* The stock at least, a fifth of all at most. */
		{"lifo-reverse,blocks=50,remote=20", 160, 400},
		{"acdc,quantum=1", 0, 0},
		{"acdc,quantum=1,shared=100,life=1", 512, 2000},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct crew crew;

		begin(&crew, cases[i].text, 2);
		crew_run(&crew, 1000);
		if (tracked_calls.remote_frees < cases[i].least ||
			tracked_calls.remote_frees > cases[i].most)
			fail_msg("%s: %llu remote frees", cases[i].text,
				(unsigned long long)tracked_calls.remote_frees);
		end(&crew);
	}
}

/* Bytes of a block on the average, and of all at most. */
static void sizes(void **state)
{
	static const struct {
		const char *text;
		uint64_t operations, mean_least, mean_most, most;
	} cases[] = {
		/* 24 bytes of all classes but the last, 4 of that one. */
		{"alloc-test", 20000, 24, 32, 16384 * 32},
		/* A quarter of the largest. */
		{"lifo-reverse,blocks=1000", 500, 230, 275, 1000 * 275},
		{"realloc-burst", 20000, 150, 400, 10000 * 400},
		{"t-test1", 5000, 1900, 2200, 1001 * 2200},
		{"blowup,live=1024,churn=500", 300, 7000, 10500, 1 << 20},
		{"linux-scalability,size=100", 5000, 100, 100, 1000000},
		/* Groups of 512 bytes of three quanta of 1 KiB. */
		{"acdc,quantum=1,largest=4,life=1,delay=1", 3000, 16, 16, 3584},
		/* The longest life is 3: groups of four ticks. */
		{"acdc,quantum=8,largest=4,life=3", 9000, 16, 16, 4 * 8192},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct crew crew;
		uint64_t mean;

		begin(&crew, cases[i].text, 1);
		crew_run(&crew, cases[i].operations);
		assert_int_not_equal(tracked_calls.live, 0);
		mean = tracked_calls.live_bytes / tracked_calls.live;
		if (mean < cases[i].mean_least || mean > cases[i].mean_most ||
			tracked_calls.most_bytes > cases[i].most)
			fail_msg("%s: mean %llu, most %llu", cases[i].text,
				(unsigned long long)mean,
				(unsigned long long)tracked_calls.most_bytes);
		end(&crew);
	}
}

/* The law of alloc-test does not fill or empty its slots: half are in use. The
 * first of 5^6 parts has 0.8^6 of all visits, so of 16384 slots few change. */
static void alloc_test_slots(void **state)
{
	struct crew crew;
	uint64_t blocks;

	(void)state;
	begin(&crew, "alloc-test,slots=16384", 1);
	blocks = tracked_calls.allocs;
	assert_int_equal(blocks, 8192);
	crew_run(&crew, 20000);
	assert_in_range(tracked_calls.live, 7400, 9000);
	end(&crew);
}

/* What a checkpoint of the only thread sees. */
static struct {
	uint64_t checkpoints, most, wrong;
} seen;

static void end_thread(struct workload_thread *thread)
{
	thread->end_asked = true;
}

static void look(struct workload_thread *thread)
{
	uint64_t live = thread->instance->workload->live_bytes(thread);

	seen.checkpoints++;
	seen.wrong += live != tracked_calls.live_bytes;
	if (live > seen.most)
		seen.most = live;
}

static const struct workload_host looking = {
	.end_thread = end_thread, .checkpoint = look};

/* The checkpoints of a course see the most that is ever held. */
static void courses(void **state)
{
	static const struct {
		const char *text;
		uint64_t checkpoints; /* at least */
		uint64_t most_least, most_most; /* bytes */
	} cases[] = {
		{"alloc-test,slots=1000", 32, 10000, 40000},
		{"blowup,live=1024,churn=10", 18, 1007 << 10, 1024 << 10},
		{"blowup,live=128,churn=0", 9, 112 << 10, 128 << 10},
		{"mleak,slots=10", 50, 1280, 1280},
		{"fragmentation,budget=256", 20, 256 << 10, 256 << 10},
		{"fragmentation,form=pairs,budget=1024", 10, 1024 << 10,
			1024 << 10},
		{"fragmentation,form=survivors,budget=256", 20, 256 << 10,
			320 << 10},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		const struct workload *workload;
		struct crew crew;

		begin(&crew, cases[i].text, 1);
		memset(&seen, 0, sizeof(seen));
		crew.instance.host = &looking;
		workload = crew.instance.workload;
		crew_run(&crew, workload->course(&crew.instance));
		assert_int_equal(crew_verify(&crew), 0);
		if (seen.wrong > 0 || seen.checkpoints < cases[i].checkpoints ||
			seen.most < cases[i].most_least ||
			seen.most > cases[i].most_most)
			fail_msg("%s: %llu of %llu checkpoints wrong, most "
				 "%llu",
				cases[i].text, (unsigned long long)seen.wrong,
				(unsigned long long)seen.checkpoints,
				(unsigned long long)seen.most);
		/* A little more may have been there in between. */
		assert_in_range(tracked_calls.most_bytes, seen.most,
			seen.most + seen.most / 4);
		end(&crew);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(births),
		cmocka_unit_test(lifo_reverse_order),
		cmocka_unit_test(remote_frees),
		cmocka_unit_test(sizes),
		cmocka_unit_test(alloc_test_slots),
		cmocka_unit_test(courses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
