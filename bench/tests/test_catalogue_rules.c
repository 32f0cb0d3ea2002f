// SPDX-License-Identifier: MIT
//
// What each workload of the literature does in particular, and that verify()
// finds what is wrong.
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

/* One byte of one held block, flipped and flipped back. */
static void damage_is_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(catalogue); i++) {
		struct crew crew;
		uint64_t live;

		begin(&crew, catalogue[i].text, 2);
		crew_run(&crew, catalogue[i].operations / 2);
		assert_int_equal(crew_verify(&crew), 0);
		live = tracked_calls.live;
		for (uint64_t j = 0; j < live; j += 1 + live / 5)
			for (int last = 0; last < 2; last++) {
				tracked_flip(j, last);
				if (crew_verify(&crew) == 0)
					fail_msg("%s: block %llu of %llu",
						catalogue[i].text,
						(unsigned long long)j,
						(unsigned long long)live);
				tracked_flip(j, last);
				assert_int_equal(crew_verify(&crew), 0);
			}
		crew_end(&crew);
		assert_int_equal(tracked_calls.live, 0);
	}
}

static void faults_are_found(void **state)
{
	static const struct {
		const char *text;
		enum tracked_fault fault;
	} cases[] = {
		{"calloc", FAULT_DIRTY_CALLOC},
		{"calloc,size=1", FAULT_DIRTY_CALLOC},
		{"aligned", FAULT_MISALIGNED},
		{"aligned,alignment=4096,size=1", FAULT_MISALIGNED},
		{"realloc-growth", FAULT_FORGETFUL_REALLOC},
		{"realloc-growth,form=chain", FAULT_FORGETFUL_REALLOC},
		{"realloc-growth,form=shrink", FAULT_FORGETFUL_REALLOC},
		{"realloc-growth,form=linear,to=24", FAULT_FORGETFUL_REALLOC},
		{"realloc-burst", FAULT_FORGETFUL_REALLOC},
		{"mleak", FAULT_DIRTY_CALLOC},
		{"interpreter", FAULT_DIRTY_CALLOC},
		{"interpreter", FAULT_FORGETFUL_REALLOC},
		{"t-test1", FAULT_DIRTY_CALLOC},
		{"t-test1", FAULT_MISALIGNED},
		{"t-test1,max=1", FAULT_FORGETFUL_REALLOC},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct crew crew;

		begin(&crew, cases[i].text, 1);
		assert_int_equal(crew_verify(&crew), 0);
		tracked_fault = cases[i].fault;
		if (crew_verify(&crew) == 0)
			fail_msg("%s: fault %d", cases[i].text, cases[i].fault);
		crew_end(&crew);
	}
	for (size_t i = 0; i < LENGTH(catalogue); i++) {
		struct crew crew;

		begin(&crew, catalogue[i].text, 1);
		tracked_fault = FAULT_OVERFLOWING;
		if (crew_verify(&crew) == 0)
			fail_msg("%s: an overflow", catalogue[i].text);
		tracked_fault = FAULT_EXHAUSTED;
		tracked_left = 0;
		if (crew_verify(&crew) == 0)
			fail_msg("%s: no memory", catalogue[i].text);
		crew_end(&crew);
	}
}

/* Set-up says so, and nothing is left behind. */
static void out_of_memory_in_setup(void **state)
{
	static const uint64_t lefts[] = {0, 1, 3};

	(void)state;
	for (size_t i = 0; i < LENGTH(catalogue); i++)
		for (size_t j = 0; j < LENGTH(lefts); j++) {
			struct crew crew;
			uint64_t needed;

			begin(&crew, catalogue[i].text, 1);
			needed = tracked_calls.allocs + tracked_calls.callocs;
			crew_end(&crew);
			tracked_clear();
			tracked_fault = FAULT_EXHAUSTED;
			tracked_left = lefts[j];
			assert_int_equal(crew_begin(&crew, catalogue[i].text,
						 &tracked_backend, 1),
				needed > lefts[j] ? -1 : 0);
			crew_end(&crew);
			assert_int_equal(tracked_calls.live, 0);
		}
}

/* A block that nobody touches is missed all the same. */
static void untouched_but_missed(void **state)
{
	struct crew crew;

	(void)state;
	begin(&crew, "large,form=untouched,cap=1", 1);
	tracked_fault = FAULT_EXHAUSTED;
	tracked_left = 2;
	crew_run(&crew, 3);
	tracked_fault = FAULT_NONE;
	assert_int_equal(crew_verify(&crew), -1);
	crew_end(&crew);
}

/* The second batch is whole whatever phase the first one began in. */
static void stack_orders(void **state)
{
	static const struct {
		const char *text;
		uint64_t order[5];
	} cases[] = {
		{"stack,k=5,order=lifo", {4, 3, 2, 1, 0}},
		{"stack,k=5,order=fifo", {0, 1, 2, 3, 4}},
		{"stack,k=5,order=half", {0, 1, 4, 3, 2}},
		{"threadtest,objects=5", {0, 1, 2, 3, 4}},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct crew crew;

		begin(&crew, cases[i].text, 1);
		crew_run(&crew, 15);
		for (size_t j = 0; j < 5; j++)
			assert_int_equal(
				tracked_freed[5 + j], 5 + cases[i].order[j]);
		crew_end(&crew);
	}
}

static void stack_random_order(void **state)
{
	struct crew crew;
	unsigned moved = 0, seen[50] = {0};

	(void)state;
	begin(&crew, "stack,k=50,order=random", 1);
	crew_run(&crew, 150);
	for (size_t i = 0; i < 50; i++) {
		uint64_t index = tracked_freed[50 + i] - 50;

		assert_in_range(index, 0, 49);
		seen[index]++;
		moved += index != i;
		/* The order is drawn once. */
		assert_int_equal(tracked_freed[100 + i] - 100, index);
	}
	for (size_t i = 0; i < 50; i++)
		assert_int_equal(seen[i], 1);
	assert_true(moved > 25);
	crew_end(&crew);
}

/* A life is 100 slots / bleeding; where a turn ends with one, the birth is in
 * the next turn, so it is in one of them only. */
static void larson_births(void **state)
{
	static const struct {
		const char *text;
		uint64_t life; /* 0: for ever */
	} cases[] = {
		{"larson,bleeding=0,slots=10", 0},
		{"larson,bleeding=1,slots=2", 200},
		{"larson,bleeding=2,slots=10", 500},
		{"larson,bleeding=10,slots=10", 100},
		{"larson,bleeding=100,slots=1", 1},
	};
	static const uint64_t turns[] = {1, 7, 50, 1000};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++)
		for (size_t j = 0; j < LENGTH(turns); j++) {
			uint64_t life = cases[i].life, left = 1000, now;
			struct crew crew;

			begin(&crew, cases[i].text, 2);
			for (; left > 0; left -= now) {
				now = left < turns[j] ? left : turns[j];
				crew_run(&crew, now);
			}
			assert_int_equal(
				crew.births, life > 0 ? 2 * (999 / life) : 0);
			crew_end(&crew);
		}
}

/* Threads that die leave blocks to others: the paper's rate, about. */
static void larson_bleeds(void **state)
{
	static const struct {
		const char *text;
		uint64_t least, most; /* of 4000 frees, by another thread */
	} cases[] = {
		/* The main thread's blocks, and no more. */
		{"larson,bleeding=0,slots=40", 40, 40},
		/* Ten lives, each of which frees nearly all that it got. */
		{"larson,bleeding=10,slots=40", 390, 400},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct crew crew;

		begin(&crew, cases[i].text, 1);
		assert_int_equal(tracked_calls.remote_frees, 0);
		crew_run(&crew, 4000);
		assert_in_range(tracked_calls.remote_frees, cases[i].least,
			cases[i].most);
		crew_end(&crew);
	}
}

/* Mean of the inverse-square law: ln(max/min) / (1/min - 1/max) = 36 bytes. */
static void glibc_thread_sizes(void **state)
{
	struct crew crew;

	(void)state;
	begin(&crew, "glibc-thread,slots=8000", 1);
	assert_in_range(tracked_calls.live_bytes / 8000, 18, 72);
	crew_run(&crew, 1000);
	assert_in_range(tracked_calls.live_bytes / 8000, 18, 72);
	crew_end(&crew);
	begin(&crew, "glibc-thread,slots=100,min=20,max=20", 1);
	crew_run(&crew, 1000);
	assert_int_equal(tracked_calls.live_bytes, 2000);
	crew_end(&crew);
}

static void most_bytes(void **state)
{
	static const struct {
		const char *text;
		uint64_t most;
	} cases[] = {
		{"larson,slots=1,min=64,max=65", 64},
		{"larson,slots=1,min=64,max=3", 64},
		{"realloc-growth,form=linear,from=16,to=1000,step=100", 916},
		{"realloc-growth,form=shrink,from=16,to=64,factor=200", 64},
		{"large,cap=4,min=1,max=2", (uint64_t)4 << 20},
		{"large,cap=3", (uint64_t)3 << 20},
		{"large,form=batch,cap=4", (uint64_t)4000 << 10},
		{"large,form=untouched,cap=7", (uint64_t)7 << 20},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct crew crew;
		uint64_t most;

		begin(&crew, cases[i].text, 1);
		crew_run(&crew, 30);
		most = tracked_calls.most_bytes;
		/* Here a realloc holds both blocks for a moment. */
		if (tracked_calls.reallocs == 0)
			assert_in_range(most, 1, cases[i].most);
		else
			assert_in_range(most, cases[i].most, 2 * cases[i].most);
		crew_end(&crew);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(damage_is_found),
		cmocka_unit_test(faults_are_found),
		cmocka_unit_test(out_of_memory_in_setup),
		cmocka_unit_test(untouched_but_missed),
		cmocka_unit_test(stack_orders),
		cmocka_unit_test(stack_random_order),
		cmocka_unit_test(larson_births),
		cmocka_unit_test(larson_bleeds),
		cmocka_unit_test(glibc_thread_sizes),
		cmocka_unit_test(most_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
