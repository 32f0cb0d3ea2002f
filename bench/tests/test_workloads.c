// SPDX-License-Identifier: MIT
//
// What every workload promises, and what pair and counter do exactly.
#include <string.h>

#include "fake_backend.h"
#include "instance.h"

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

static void contract(void **state)
{
	(void)state;
	for (size_t i = 0; workloads[i] != NULL; i++) {
		const struct workload *workload = workloads[i];
		const char *missing = workload_missing(workload);
		size_t count = 0;

		if (missing != NULL)
			fail_msg("%s lacks %s", workload->name, missing);
		/* Found by its name, so no other has it. */
		assert_ptr_equal(workload_find(workload->name), workload);
		for (; workload->params[count].name != NULL; count++) {
			const struct workload_param *param =
				&workload->params[count];

			assert_in_range(param->standard - param->least, 0,
				param->most - param->least);
			assert_non_null(param->description);
			assert_non_null(param->source);
		}
		assert_true(count <= WORKLOAD_MAX_PARAMS);
	}
	assert_null(workload_find("no such workload"));
}

static uint64_t course_of_one(const struct workload_instance *instance)
{
	(void)instance;
	return 1;
}

/* The validator names each member that is demanded. */
static void missing_members(void **state)
{
	struct workload broken;

	(void)state;
#define WITHOUT(member, value)                                                 \
	broken = *workload_find("pair");                                       \
	broken.member = value;                                                 \
	assert_string_equal(workload_missing(&broken), #member)
	WITHOUT(abi, WORKLOAD_ABI + 1);
	WITHOUT(name, NULL);
	WITHOUT(description, NULL);
	WITHOUT(source, NULL);
	WITHOUT(params, NULL);
	WITHOUT(run, NULL);
	WITHOUT(checksum, NULL);
#undef WITHOUT
	broken = *workload_find("pair");
	broken.roles = (const char *const[]){"producer", NULL};
	assert_string_equal(workload_missing(&broken), "role_of");
	broken = *workload_find("pair");
	broken.live_bytes = broken.checksum;
	assert_string_equal(workload_missing(&broken), "course");
	broken.live_bytes = NULL;
	broken.course = course_of_one;
	assert_string_equal(workload_missing(&broken), "live_bytes");
	broken = *workload_find("fleet");
	broken.make_common = NULL;
	assert_string_equal(workload_missing(&broken), "make_common");
	broken = *workload_find("fleet");
	broken.common_bytes = NULL;
	assert_string_equal(workload_missing(&broken), "common_bytes");
}

/* One alloc and one free for each operation, and no other call. */
static void pair_operations(void **state)
{
	static const struct {
		const char *text;
		size_t size;
		uint64_t operations;
	} table[] = {
		{"pair", 64, 0},
		{"pair", 64, 1},
		{"pair,size=1", 1, 1000},
		{"pair,size=4096", 4096, 1000},
		{"pair,size=72,form=dependent", 72, 1},
		{"pair,size=72,form=dependent", 72, 12345},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(table); i++) {
		struct one_thread one;

		memset(&fake_calls, 0, sizeof(fake_calls));
		one_thread_begin(&one, table[i].text, &fake_counting);
		assert_int_equal(one_thread_run(&one, table[i].operations),
			table[i].operations);
		assert_int_equal(fake_calls.allocs, table[i].operations);
		assert_int_equal(fake_calls.frees, table[i].operations);
		assert_int_equal(fake_calls.live, 0);
		assert_int_equal(fake_calls.others, 0);
		assert_int_equal(fake_calls.serials, 0);
		if (table[i].operations > 0)
			assert_int_equal(fake_calls.size, table[i].size);
		one_thread_end(&one);
	}
}

static void counter_operations(void **state)
{
	static const struct {
		const char *text;
		unsigned work;
		uint64_t operations;
	} table[] = {
		{"counter", 0, 0},
		{"counter", 0, 1},
		{"counter,work=50", 50, 12345},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(table); i++) {
		struct one_thread one;

		memset(&fake_calls, 0, sizeof(fake_calls));
		one_thread_begin(&one, table[i].text, &fake_counting);
		assert_int_equal(one_thread_run(&one, table[i].operations),
			table[i].operations);
		assert_int_equal(fake_calls.serials, table[i].operations);
		assert_int_equal(fake_calls.work, table[i].work);
		assert_int_equal(fake_calls.allocs, 0);
		assert_int_equal(fake_calls.others, 0);
		one_thread_end(&one);
	}
}

static uint64_t serial_now(const struct alloc_backend *backend)
{
	void *block = backend->alloc(16);
	uint64_t serial = backend->serial_of(block);

	backend->free(block);
	return serial;
}

/* The numbers of two blocks are apart by those that lie between. */
static void counter_takes_numbers(void **state)
{
	(void)state;
	for (size_t i = 0; alloc_backends[i] != NULL; i++) {
		const struct alloc_backend *backend = alloc_backends[i];
		struct one_thread one;
		uint64_t before;

		if (!backend->numbers_blocks)
			continue;
		one_thread_begin(&one, "counter,work=2", backend);
		before = serial_now(backend);
		assert_int_equal(one_thread_run(&one, 1000), 1000);
		assert_int_equal(serial_now(backend) - before, 1001);
		one_thread_end(&one);
	}
}

/* Of 1000 operations in batches of the given size. */
static uint64_t checksum_in_batches(
	const char *text, const struct alloc_backend *backend, uint64_t batch)
{
	struct one_thread one;
	uint64_t left = 1000, checksum;

	one_thread_begin(&one, text, backend);
	while (left > 0) {
		uint64_t now = left < batch ? left : batch;

		assert_int_equal(one_thread_run(&one, now), now);
		left -= now;
	}
	checksum = one_thread_checksum(&one);
	one_thread_end(&one);
	return checksum;
}

static void checksums(void **state)
{
	static const char *const texts[] = {
		"pair", "pair,size=72,form=dependent", "counter,work=1"};
	static const uint64_t batches[] = {1, 7, 250, 999, 1000};

	(void)state;
	for (size_t i = 0; i < LENGTH(texts); i++) {
		uint64_t expected =
			checksum_in_batches(texts[i], &fake_counting, 1000);

		assert_true(expected != 0);
		for (size_t j = 0; j < LENGTH(batches); j++) {
			assert_int_equal(checksum_in_batches(texts[i],
						 &fake_counting, batches[j]),
				expected);
			for (size_t k = 0; alloc_backends[k] != NULL; k++)
				assert_int_equal(
					checksum_in_batches(texts[i],
						alloc_backends[k], batches[j]),
					expected);
		}
	}
}

/* A checksum tells another count and another seed. */
static void checksum_differs(void **state)
{
	struct one_thread one;
	uint64_t first;

	(void)state;
	one_thread_begin(&one, "pair", &fake_counting);
	one_thread_run(&one, 10);
	first = one_thread_checksum(&one);
	one_thread_run(&one, 1);
	assert_true(one_thread_checksum(&one) != first);
	one_thread_end(&one);
	one_thread_begin(&one, "pair", &fake_counting);
	one.thread.seed++;
	one_thread_run(&one, 10);
	assert_true(one_thread_checksum(&one) != first);
	one_thread_end(&one);
}

static void verify(void **state)
{
	static const struct {
		const char *text;
		const struct alloc_backend *backend;
		int result;
	} table[] = {
		{"pair,size=1", &fake_counting, 0},
		{"pair,size=8192", &fake_counting, 0},
		{"pair,size=64", &fake_exhausted, -1},
		{"pair,size=64", &fake_overflowing, -1},
		{"pair,size=8192", &fake_aliasing, -1},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(table); i++) {
		struct one_thread one;

		one_thread_begin(&one, table[i].text, table[i].backend);
		assert_int_equal(one.instance.workload->verify(&one.thread),
			table[i].result);
		one_thread_end(&one);
	}
	for (size_t i = 0; alloc_backends[i] != NULL; i++) {
		struct one_thread one;

		one_thread_begin(&one, "pair", alloc_backends[i]);
		if (alloc_backends[i]->allocates)
			assert_int_equal(
				one.instance.workload->verify(&one.thread), 0);
		one_thread_end(&one);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(contract),
		cmocka_unit_test(missing_members),
		cmocka_unit_test(pair_operations),
		cmocka_unit_test(counter_operations),
		cmocka_unit_test(counter_takes_numbers),
		cmocka_unit_test(checksums),
		cmocka_unit_test(checksum_differs),
		cmocka_unit_test(verify),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
