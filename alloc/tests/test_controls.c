// SPDX-License-Identifier: MIT
//
// What every backend owes to its callers, and what the controls do instead.
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <string.h>

#include "alloc_backend.h"
#include "check.h"

#define FOR_EACH_BACKEND(b)                                                    \
	for (const struct alloc_backend *const *b##_at = alloc_backends,       \
					       *b = *b##_at;                   \
		b != NULL; b = *++b##_at)

static void blocks_can_be_used(void **state)
{
	(void)state;
	FOR_EACH_BACKEND(backend)
	for (size_t n = 0; n <= 5000; n = n * 2 + 1) {
		unsigned char *block = backend->alloc(n);

		in_case("%s alloc(%zu)", backend->variant, n);
		CHECK(block != NULL);
		memset(block, 0x5A, n);
		CHECK_EQUAL(backend->check(block), ALLOC_CHECK_OK);
		block = backend->realloc(block, n + 10);
		CHECK(block != NULL);
		CHECK_FILL(block, n, 0x5A);
		block = backend->realloc(block, 0);
		CHECK(block != NULL);
		backend->free(block);
		backend->free(NULL);
	}
}

static void sizes_add_up(void **state)
{
	(void)state;
	FOR_EACH_BACKEND(backend)
	for (size_t n = 0; n <= 5000; n = n * 2 + 1) {
		void *block = backend->alloc(n);
		size_t usable = backend->usable_size(block);
		size_t slot = backend->slot_size(block);

		in_case("%s alloc(%zu)", backend->variant, n);
		if (backend->allocates) {
			CHECK(usable >= n);
			CHECK(slot >= usable + backend->bytes_added(n, 0));
		} else {
			CHECK_EQUAL(slot, 0);
		}
		backend->free(block);
	}
}

static void aligned_blocks_are(void **state)
{
	(void)state;
	FOR_EACH_BACKEND(backend)
	for (size_t a = 8; a <= 4096; a *= 2) {
		unsigned char *block = backend->aligned_alloc(a, 100);

		in_case("%s alignment %zu", backend->variant, a);
		CHECK(block != NULL);
		CHECK_EQUAL((uintptr_t)block % a, 0);
		memset(block, 0x5A, 100);
		CHECK_EQUAL(backend->check(block), ALLOC_CHECK_OK);
		backend->free(block);
	}
}

static void too_much_is_refused(void **state)
{
	volatile size_t huge = SIZE_MAX / 2 + 1;

	(void)state;
	FOR_EACH_BACKEND(backend)
	{
		void *block = backend->alloc(1);

		in_case("%s", backend->variant);
		CHECK_SAME(backend->alloc(huge), NULL);
		CHECK_SAME(backend->calloc(huge, 2), NULL);
		CHECK_SAME(backend->calloc(1, huge), NULL);
		CHECK_SAME(backend->aligned_alloc(64, huge), NULL);
		CHECK_SAME(backend->realloc(block, huge), NULL);
		CHECK_EQUAL(backend->check(block), ALLOC_CHECK_OK);
		backend->free(block);
	}
}

/* calloc() zeroes; the one block of `null` is what was written last. */
static void calloc_zeroes(void **state)
{
	(void)state;
	FOR_EACH_BACKEND(backend)
	{
		in_case("%s", backend->variant);
		if (!backend->allocates)
			continue;
		for (int i = 0; i < 10; i++) {
			unsigned char *block = backend->alloc(300);

			memset(block, 0x5A, 300);
			backend->free(block);
			block = backend->calloc(3, 100);
			CHECK_FILL(block, 300, 0);
			backend->free(block);
		}
	}
}

static void plain_adds_nothing(void **state)
{
	const struct alloc_backend *plain = alloc_backend_find("plain");
	void *block = plain->alloc(100);

	(void)state;
	CHECK_EQUAL(plain->bytes_added(100, 0), 0);
	CHECK_EQUAL(plain->bytes_added(100, 4096), 0);
	CHECK_EQUAL(plain->slot_size(block), malloc_usable_size(block));
	CHECK_EQUAL(plain->usable_size(block), malloc_usable_size(block));
	CHECK_EQUAL(plain->serial_of(block), 0);
	CHECK_EQUAL(plain->take_serials(5, 1), 0);
	CHECK(plain->allocates && !plain->numbers_blocks);
	plain->free(block);
}

static void *null_block(void *block)
{
	*(void **)block = alloc_backend_find("null")->alloc(1);
	return NULL;
}

static void null_has_one_block_a_thread(void **state)
{
	const struct alloc_backend *null = alloc_backend_find("null");
	char *block = null->alloc(10);
	void *others = NULL;
	pthread_t thread;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, null_block, &others), 0);
	pthread_join(thread, NULL);
	CHECK(others != NULL && others != block);
	CHECK_SAME(null->alloc(1000), block);
	CHECK_SAME(null->calloc(10, 10), block);
	CHECK_SAME(null->aligned_alloc(4096, 1), block);
	CHECK_SAME(null->realloc(block, 5), block);
	block[((size_t)256 << 20) - 1] = 'x';
	CHECK_SAME(null->alloc((size_t)256 << 20), block);
	errno = 0;
	CHECK_SAME(null->alloc(((size_t)256 << 20) + 1), NULL);
	CHECK_EQUAL(errno, ENOMEM);
	CHECK_SAME(null->aligned_alloc(8192, 1), NULL);
	CHECK_EQUAL(null->serial_of(block), 0);
	CHECK_EQUAL(null->bytes_added(10, 64), 0);
	CHECK(!null->allocates && !null->numbers_blocks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_can_be_used),
		cmocka_unit_test(sizes_add_up),
		cmocka_unit_test(aligned_blocks_are),
		cmocka_unit_test(too_much_is_refused),
		cmocka_unit_test(calloc_zeroes),
		cmocka_unit_test(plain_adds_nothing),
		cmocka_unit_test(null_has_one_block_a_thread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
