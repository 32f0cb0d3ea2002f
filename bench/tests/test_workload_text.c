// SPDX-License-Identifier: MIT
//
// Workloads and their parameters as text, read and written.
#include <stdio.h>
#include <string.h>

#include "instance.h"

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

/* 160 characters: one more than a text may have. */
#define TEN "xxxxxxxxxx"
#define FORTY TEN TEN TEN TEN
#define TOO_LONG FORTY FORTY FORTY FORTY

static void accepted(void **state)
{
	static const struct {
		const char *text, *all, *cell;
	} table[] = {
		{"pair", "size=64,form=throughput", "size=64"},
		{"pair,size=1", "size=1,form=throughput", "size=1"},
		{"pair,size=1048576", "size=1048576,form=throughput",
			"size=1048576"},
		{"pair,form=dependent", "size=64,form=dependent",
			"size=64,form=dependent"},
		{"pair,form=dependent,size=72", "size=72,form=dependent",
			"size=72,form=dependent"},
		{"pair,form=throughput", "size=64,form=throughput", "size=64"},
		{"counter", "work=0", "work=0"},
		{"counter,work=1000", "work=1000", "work=1000"},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(table); i++) {
		struct workload_instance instance = {0};
		char error[WORKLOAD_TEXT] = "", text[WORKLOAD_TEXT];

		if (workload_parse(table[i].text, &instance, error) != 0)
			fail_msg("%s: %s", table[i].text, error);
		workload_params_text(&instance, true, text);
		assert_string_equal(text, table[i].all);
		workload_params_text(&instance, false, text);
		assert_string_equal(text, table[i].cell);
	}
}

static void refused(void **state)
{
	static const struct {
		const char *text, *error;
	} table[] = {
		{"pair,size",
			"parameter without a value 'size': write "
			"name=value"},
		{"pair,sise=3",
			"unknown parameter 'sise': pair has size, "
			"form"},
		{"pair,size=64,size=8",
			"parameter given twice 'size': allowed is one value of "
			"each"},
		{"pair,size=64,form=dependent,size=64",
			"parameter given twice 'size': allowed is one value of "
			"each"},
		{"pair,=3", "unknown parameter '': pair has size, form"},
		{"counter,size=3",
			"unknown parameter 'size': counter has "
			"work"},
		{"pair,size=0",
			"bad value of size '0': a whole number from 1 "
			"to 1048576"},
		{"pair,size=1048577",
			"bad value of size '1048577': a whole "
			"number from 1 to 1048576"},
		{"pair,size=",
			"bad value of size '': a whole number from 1 to "
			"1048576"},
		{"pair,size=64k",
			"bad value of size '64k': a whole number "
			"from 1 to 1048576"},
		{"pair,size=99999999999999999999",
			"bad value of size '99999999999999999999': a whole "
			"number from 1 to 1048576"},
		{"pair,form=fast",
			"bad value of form 'fast': throughput … "
			"dependent"},
		{"pair,form=0",
			"bad value of form '0': throughput … "
			"dependent"},
		{"counter,work=-1",
			"bad value of work '-1': a whole number "
			"from 0 to 1000000"},
		{"trace", "workload 'trace' without a file: write trace:FILE"},
		{"trace,copies=2",
			"workload 'trace' without a file: write trace:FILE"},
		{"trace:", "bad path '': name a file"},
		{"trace:/tmp/", "bad path '/tmp/': name a file"},
		{"trace:/nowhere/t", "/nowhere/t: No such file or directory"},
		{"trace:/nowhere/\033[2J\n",
			"/nowhere/?[2J?: No such file or directory"},
		{"trace:/dev/null",
			"/dev/null: byte 0: no trace: allowed is a file of "
			"serialbench record"},
		{"trace:/nowhere/t,copies=0",
			"bad value of copies '0': a whole number from 1 to "
			"512"},
		{"pair:x",
			"a file behind the workload's name 'x': allowed is "
			"none"},
		{TOO_LONG,
			"workload text '" FORTY "': at most 159 "
			"characters"},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(table); i++) {
		struct workload_instance instance = {0};
		char error[WORKLOAD_TEXT] = "";

		assert_int_equal(
			workload_parse(table[i].text, &instance, error), -1);
		assert_string_equal(error, table[i].error);
	}
}

#define WORKLOADS "one of `serialbench list workloads`"

static void unknown_workload(void **state)
{
	static const char *const texts[] = {"pear", "", ",size=64", "Pair"};
	static const char *const errors[] = {
		"unknown workload 'pear': " WORKLOADS,
		"unknown workload '': " WORKLOADS,
		"unknown workload 'size=64': " WORKLOADS,
		"unknown workload 'Pair': " WORKLOADS,
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(texts); i++) {
		struct workload_instance instance = {0};
		char error[WORKLOAD_TEXT] = "";

		assert_int_equal(
			workload_parse(texts[i], &instance, error), -1);
		assert_string_equal(error, errors[i]);
	}
}

/* Every workload reads back what it writes of itself. */
static void round_trip(void **state)
{
	(void)state;
	for (size_t i = 0; workloads[i] != NULL; i++) {
		struct workload_instance written = {0}, read = {0};
		char error[WORKLOAD_TEXT], text[WORKLOAD_TEXT];
		char whole[2 * WORKLOAD_TEXT];

		/* test_replay.c has one that is about a file. */
		if (workload_subject(workloads[i]) != NULL)
			continue;
		assert_int_equal(
			workload_parse(workloads[i]->name, &written, error), 0);
		workload_params_text(&written, true, text);
		snprintf(whole, sizeof(whole), "%s%s%s", workloads[i]->name,
			text[0] != '\0' ? "," : "", text);
		assert_int_equal(workload_parse(whole, &read, error), 0);
		assert_ptr_equal(read.workload, workloads[i]);
		assert_memory_equal(
			read.params, written.params, sizeof(read.params));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepted),
		cmocka_unit_test(refused),
		cmocka_unit_test(unknown_workload),
		cmocka_unit_test(round_trip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
