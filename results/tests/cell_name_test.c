// SPDX-License-Identifier: MIT
//
// Names of cells, taken apart, and their order.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cell_name.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	const char *text, *workload, *allocator, *placement;
	unsigned threads;
} names[] = {
	{"pair,size=64/system/t2", "pair,size=64", "system", "", 2},
	{"counter,work=50/jemalloc/t1/smt", "counter,work=50", "jemalloc",
		"smt", 1},
	{"trace:/a/t3/b.trace/system/t16", "trace:/a/t3/b.trace", "system", "",
		16},
	{"pair", "pair", "", "", 0},
	{"pair/t2", "pair/t2", "", "", 0},
	{"pair/system/tx", "pair/system/tx", "", "", 0},
	{"", "", "", "", 0},
	{"<script>/system/t2", "<script>", "system", "", 2},
};

static void test_parse(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		struct cell_name name;

		cell_name_parse(&name, names[i].text);
		assert_string_equal(name.workload, names[i].workload);
		assert_string_equal(name.allocator, names[i].allocator);
		assert_string_equal(name.placement, names[i].placement);
		assert_int_equal(name.threads, names[i].threads);
	}
}

static void test_order(void **state)
{
	static const char *const sorted[] = {"a/system/t1", "a/system/t2",
		"a/system/t16", "a/jemalloc/t1", "b/system/t1"};

	(void)state;
	for (size_t i = 0; i + 1 < COUNT(sorted); i++) {
		struct cell_name a, b;

		cell_name_parse(&a, sorted[i]);
		cell_name_parse(&b, sorted[i + 1]);
		assert_true(cell_name_order(&a, &b) < 0);
		assert_true(cell_name_order(&b, &a) > 0);
		assert_int_equal(cell_name_order(&a, &a), 0);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
