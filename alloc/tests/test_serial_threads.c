// SPDX-License-Identifier: MIT
//
// The numbers while four threads allocate: what each scheme guarantees, and no
// more. `global` guarantees nothing, its race is run all the same.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "wrapper.h"

#define THREADS 4
#define BLOCKS ((size_t)20000)
#define THREAD_OF(serial) ((serial) >> 44)

static struct lane {
	pthread_t thread;
	const struct alloc_backend *backend;
	uint32_t number; /* 0 to leave it to the scheme */
	uint64_t serials[BLOCKS];
} lanes[THREADS];

static uint64_t sorted[THREADS * BLOCKS];
static pthread_barrier_t start;

static void *allocate(void *argument)
{
	struct lane *lane = argument;
	const struct alloc_backend *backend = lane->backend;

	if (lane->number != 0 && backend->thread_number != NULL)
		backend->thread_number(lane->number);
	pthread_barrier_wait(&start);
	for (size_t i = 0; i < BLOCKS; i++) {
		void *block = backend->alloc(i % 100);

		lane->serials[i] = backend->serial_of(block);
		backend->free(block);
	}
	return NULL;
}

static int compare(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return (a > b) - (a < b);
}

/* Runs the lanes; a number of 0 leaves numbering to the scheme. */
static void run_lanes(const struct wrapper *w, uint32_t first_number)
{
	pthread_barrier_init(&start, NULL, THREADS);
	for (uint32_t i = 0; i < THREADS; i++) {
		lanes[i].backend = w->backend;
		lanes[i].number = first_number == 0 ? 0 : first_number + i;
		assert_int_equal(pthread_create(&lanes[i].thread, NULL,
					 allocate, &lanes[i]),
			0);
	}
	for (size_t i = 0; i < THREADS; i++) {
		pthread_join(lanes[i].thread, NULL);
		memcpy(sorted + i * BLOCKS, lanes[i].serials,
			sizeof(lanes[i].serials));
	}
	pthread_barrier_destroy(&start);
	qsort(sorted, THREADS * BLOCKS, sizeof(sorted[0]), compare);
}

static void check_unique(void)
{
	for (size_t i = 1; i < THREADS * BLOCKS; i++)
		CHECK(sorted[i] != sorted[i - 1]);
	CHECK(sorted[0] != 0);
}

/* Each thread's own numbers, one after the other. */
static void check_consecutive(void)
{
	for (size_t i = 0; i < THREADS; i++)
		for (size_t k = 1; k < BLOCKS; k++)
			CHECK_EQUAL(lanes[i].serials[k],
				lanes[i].serials[k - 1] + 1);
}

static void check_ordered(void)
{
	for (size_t i = 0; i < THREADS; i++)
		for (size_t k = 1; k < BLOCKS; k++)
			CHECK(lanes[i].serials[k] > lanes[i].serials[k - 1]);
}

static void schemes_keep_their_promises(void **state)
{
	(void)state;
	FOR_EACH_WRAPPER(w)
	{
		const char *scheme = w->backend->serial_scheme;

		in_case("%s", wrapper_name(w));
		run_lanes(w, 0);
		if (strcmp(scheme, "atomic") == 0) {
			check_unique();
			check_ordered();
			CHECK_EQUAL(sorted[THREADS * BLOCKS - 1] - sorted[0],
				THREADS * BLOCKS - 1);
		} else if (strcmp(scheme, "tls") == 0) {
			check_unique();
			check_consecutive();
		} else if (!w->backend->numbers_blocks) {
			CHECK_EQUAL(sorted[0], sorted[THREADS * BLOCKS - 1]);
		}
	}
}

/* Threads that are told their numbers have them in their serials. */
static void threads_are_told_their_numbers(void **state)
{
	const uint32_t first = 1000;

	(void)state;
	FOR_EACH_WRAPPER(w)
	{
		if (w->backend->thread_number == NULL)
			continue;
		in_case("%s", wrapper_name(w));
		run_lanes(w, first);
		check_unique();
		check_consecutive();
		for (uint32_t i = 0; i < THREADS; i++) {
			CHECK_EQUAL(THREAD_OF(lanes[i].serials[0]), first + i);
			CHECK_EQUAL(lanes[i].serials[0] & 0xFFFFF, 1);
		}
	}
}

/* Beyond the table threads share its last number. */
static void numbers_beyond_the_table(void **state)
{
	(void)state;
	FOR_EACH_WRAPPER(w)
	{
		if (w->backend->thread_number == NULL)
			continue;
		in_case("%s", wrapper_name(w));
		run_lanes(w, UINT32_MAX - THREADS);
		for (uint32_t i = 0; i < THREADS; i++)
			CHECK_EQUAL(THREAD_OF(lanes[i].serials[0]),
				((uint32_t)1 << 20) - 1);
	}
}

/* The bump alone, as the correctness probe takes it. */
static void *watch(void *argument)
{
	static _Thread_local uint64_t before[BLOCKS], after[BLOCKS];
	struct lane *lane = argument;

	pthread_barrier_wait(&start);
	lane->backend->watch_serials(BLOCKS, lane->serials, before, after);
	return NULL;
}

static void watched_numbers_are_unique(void **state)
{
	(void)state;
	FOR_EACH_WRAPPER(w)
	{
		if (w->backend->watch_serials == NULL)
			continue;
		in_case("%s", wrapper_name(w));
		pthread_barrier_init(&start, NULL, THREADS);
		for (size_t i = 0; i < THREADS; i++) {
			lanes[i].backend = w->backend;
			pthread_create(
				&lanes[i].thread, NULL, watch, &lanes[i]);
		}
		for (size_t i = 0; i < THREADS; i++) {
			pthread_join(lanes[i].thread, NULL);
			memcpy(sorted + i * BLOCKS, lanes[i].serials,
				sizeof(lanes[i].serials));
		}
		pthread_barrier_destroy(&start);
		qsort(sorted, THREADS * BLOCKS, sizeof(sorted[0]), compare);
		if (strcmp(w->backend->serial_scheme, "global") != 0)
			check_unique();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(schemes_keep_their_promises),
		cmocka_unit_test(threads_are_told_their_numbers),
		cmocka_unit_test(numbers_beyond_the_table),
		cmocka_unit_test(watched_numbers_are_unique),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
