// SPDX-License-Identifier: MIT
//
// Unevenness of threads from the skew of their finish, as a figure of its own
// and as the metric of a comparison.
#include <unistd.h>

#include "check.h"
#include "compare.h"
#include "csv_writer.h"
#include "fairness.h"

enum { LAUNCHES = 8, ROUNDS = 3 };

/* The last thread takes `times` as long as the first. */
static void write_turn(struct csv_writer *writer, const char *variant,
	unsigned launch, unsigned round, double times)
{
	struct trial trial = {.schema_version = 1,
		.launch = launch,
		.round = round,
		.ops = 100,
		.ns_per_op = 10,
		.wall_ns = 1000 * times,
		.finish_skew_ns = 1000 * times - 1000};

	strcpy(trial.cell, "pair/system/t2");
	strcpy(trial.variant, variant);
	strcpy(trial.status, "ok");
	assert_int_equal(trial_write(writer, &trial), 0);
}

/* `slow` differs by launch, and one round of each launch is far off. */
static void write_run(const char *path)
{
	struct csv_writer writer;

	assert_int_equal(csv_writer_create(&writer, path, trial_header), 0);
	for (unsigned i = 0; i < LAUNCHES; i++)
		for (unsigned j = 0; j < ROUNDS; j++) {
			write_turn(&writer, "none", i, j, 1);
			write_turn(&writer, "slow", i, j,
				j == 1 ? 9 : 1.2 + 0.01 * i);
		}
	assert_int_equal(csv_writer_close(&writer), 0);
}

static void test_unevenness(void **state)
{
	static const char *const names[] = {"trials.csv", NULL};
	struct compare_options options = {
		.metric = "unevenness", .margin = 0.02, .alpha = 0.05};
	struct comparison_list list = {0};
	struct check_directory directory;
	struct fairness fairness;
	struct error error;
	char path[512];

	(void)state;
	check_directory_make(&directory);
	check_path(path, &directory, "trials.csv");
	write_run(path);
	assert_int_equal(fairness_read(&fairness, directory.path, &error), 0);
	assert_int_equal(fairness.count, 2);
	assert_string_equal(fairness.items[0].variant, "none");
	check_close("none", fairness.items[0].unevenness, 1, 1e-12);
	assert_string_equal(fairness.items[1].cell, "pair/system/t2");
	assert_int_equal(fairness.items[1].launches, LAUNCHES);
	check_close(
		"slow", fairness.items[1].unevenness, sqrt(1.23 * 1.24), 1e-12);
	check_close("low", fairness.items[1].low, 1.20, 1e-12);
	check_close("high", fairness.items[1].high, 1.27, 1e-12);
	assert_int_equal(
		compare_run(&list, directory.path, &options, &error), 0);
	assert_int_equal(list.count, 1);
	check_close("ratio", list.items[0].ratio, sqrt(1.23 * 1.24), 1e-12);
	check_true("slow is called slower",
		list.items[0].verdict == VERDICT_SLOWER);
	comparison_list_finish(&list);
	fairness_finish(&fairness);
	check_directory_finish(&directory, names);
}

static void test_bad_input(void **state)
{
	struct fairness fairness;
	struct error error;

	(void)state;
	assert_int_equal(fairness_read(&fairness, "/nowhere", &error), -1);
	check_contains(error.text, "/nowhere/trials.csv");
	fairness_finish(&fairness);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unevenness),
		cmocka_unit_test(test_bad_input),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
