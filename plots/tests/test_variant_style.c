// SPDX-License-Identifier: MIT
//
// Looks of variants: any name gets one.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "variant_style.h"

/* Any text may be a variant; each new one looks different. */
static void test_styles(void **state)
{
	const struct variant_style *first, *second;

	(void)state;
	variant_style_forget();
	first = variant_style("mine");
	second = variant_style("other");
	assert_string_not_equal(first->light, second->light);
	assert_int_not_equal(first->point, second->point);
	assert_ptr_equal(first, variant_style("mine"));
	for (int i = 0; i < 200; i++) {
		char name[16];

		snprintf(name, sizeof(name), "v%d", i);
		assert_non_null(variant_style(name));
	}
	assert_true(variant_order("again", "atomic") < 0);
	assert_true(variant_order("tls", "null") < 0);
	variant_style_forget();
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_styles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
