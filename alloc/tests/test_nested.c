// SPDX-License-Identifier: MIT
//
// A domain on top of another one, as CPython's object domain asks its raw
// domain for what is large: the inner call takes a number in the middle of the
// outer one. No number is given twice, in a new thread too, and where the outer
// call fails.
#include <pthread.h>
#include <string.h>

#include "arena.h"
#include "check.h"
#include "wrapper.h"

#define OUTER_BLOCKS 8

static struct {
	const struct wrapper *wrapper;
	bool fail; /* after the inner call has succeeded */
	size_t surprises;
	size_t count;
	size_t serials[4 * OUTER_BLOCKS];
} nest;

static void remember(const void *block)
{
	nest.serials[nest.count++] = nest.wrapper->serial(block);
}

static void *inner_malloc(void *context, size_t size)
{
	void *inner = nest.wrapper->malloc(&arena_domains[0], size);

	(void)context;
	remember(inner);
	return nest.fail ? NULL : inner;
}

static void *inner_calloc(void *context, size_t count, size_t size)
{
	void *inner = inner_malloc(context, count * size);

	return inner == NULL ? NULL : memset(inner, 0, count * size);
}

static const struct dbgalloc_underlying underlying = {
	.malloc = inner_malloc,
	.calloc = inner_calloc,
};

static const struct debug_domain outer = {
	.api_id = DEBUG_API_OBJECT,
	.underlying = &underlying,
};

static void *allocate(void *unused)
{
	const struct wrapper *w = nest.wrapper;

	for (size_t i = 0; i < OUTER_BLOCKS; i++) {
		void *block;

		nest.fail = i % 4 == 1;
		block = i % 2 == 0 ? w->malloc(&outer, 20)
				   : w->calloc(&outer, 1, 20);
		nest.surprises += (block == NULL) != nest.fail;
		if (block != NULL)
			remember(block);
		remember(w->malloc(&arena_domains[0], 1));
	}
	return unused;
}

/* All different, and none from elsewhere: gaps are the failed calls' at most.
 */
static void check_numbers(void)
{
	size_t least = SIZE_MAX, greatest = 0;

	CHECK_EQUAL(nest.surprises, 0);
	CHECK_EQUAL(nest.count, 3 * OUTER_BLOCKS - OUTER_BLOCKS / 4);
	for (size_t i = 0; i < nest.count; i++) {
		size_t serial = nest.serials[i];

		least = serial < least ? serial : least;
		greatest = serial > greatest ? serial : greatest;
		for (size_t k = 0; k < i; k++)
			if (serial == nest.serials[k])
				fail_msg("%s: blocks %zu and %zu are both %zx",
					wrapper_name(nest.wrapper), k, i,
					serial);
	}
	if (greatest - least >= 3 * OUTER_BLOCKS)
		fail_msg("%s: numbers from %zx to %zx",
			wrapper_name(nest.wrapper), least, greatest);
}

static void no_number_is_given_twice(void **state)
{
	(void)state;
	FOR_EACH_WRAPPER(w)
	for (int in_thread = 0; in_thread < 2; in_thread++) {
		pthread_t thread;

		if (!w->backend->numbers_blocks)
			continue;
		in_case("%s%s", wrapper_name(w),
			in_thread ? ", new thread" : "");
		arena_reset();
		memset(&nest, 0, sizeof(nest));
		nest.wrapper = w;
		if (in_thread) {
			CHECK_EQUAL(
				pthread_create(&thread, NULL, allocate, NULL),
				0);
			pthread_join(thread, NULL);
		} else {
			allocate(NULL);
		}
		check_numbers();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_number_is_given_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
