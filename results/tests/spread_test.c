// SPDX-License-Identifier: MIT
//
// How far launches lie apart: known figures, whatever is blind to them, and
// the same from a file as launch by launch.
#include "check.h"
#include "csv_writer.h"
#include "spread.h"

enum { LAUNCHES = 20, ROUNDS = 3, LANES = 3 };

static const char *const lanes[LANES] = {"none", "near", "far"};
static const char cell[] = "pair/system/t1";

/* Ten and more launches at 0, 1, 2, …: the tenth from either end. */
static void test_known(void **state)
{
	static const struct {
		size_t launches;
		double want; /* times the root of the launches */
	} cases[] = {{5, 0}, {6, 5}, {9, 8}, {10, 7}, {19, 16}, {20, 15},
		{30, 23}, {100, 79}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (int shift = -100; shift <= 100; shift += 100) {
			struct spread spread = {.baseline = "none"};
			size_t n = cases[i].launches;

			for (size_t j = 0; j < n; j++)
				assert_int_equal(
					spread_add(&spread, cell, "far",
						(double)(j * 7 % n) + shift),
					0);
			/* 7 has no factor with any of the counts. */
			check_close(cell, spread_of(&spread, cell),
				cases[i].want / sqrt((double)n), 1e-12);
			check_close("other", spread_of(&spread, "other"), 0, 0);
			spread_finish(&spread);
		}
}

/* The median of a cell's variants, the mirror image as wide as the image. */
static void test_lanes(void **state)
{
	struct spread spread = {.baseline = "none"};

	(void)state;
	for (int i = 0; i < 10; i++) {
		assert_int_equal(spread_add(&spread, cell, "a", i), 0);
		assert_int_equal(spread_add(&spread, cell, "b", -3 * i), 0);
		assert_int_equal(spread_add(&spread, cell, "c", 100 * i), 0);
		assert_int_equal(spread_add(&spread, "wide", "a", 50 * i), 0);
	}
	for (int i = 0; i < 5; i++)
		assert_int_equal(spread_add(&spread, cell, "few", 1e6 * i), 0);
	check_close(cell, spread_of(&spread, cell), 3 * 7 / sqrt(10), 1e-12);
	check_close(
		"wide", spread_of(&spread, "wide"), 50 * 7 / sqrt(10), 1e-12);
	spread_finish(&spread);
}

/* One launch of all lanes. Launch 7 has a failure, and in every launch one
 * round is left out that would change it. */
static size_t fill_launch(struct trial *rows, unsigned launch, uint64_t *seed)
{
	size_t count = 0;

	for (unsigned round = 0; round < ROUNDS; round++)
		for (unsigned lane = 0; lane < LANES; lane++) {
			struct trial *row = &rows[count++];

			*row = (struct trial){.schema_version = 1,
				.launch = launch,
				.round = round,
				.position = lane,
				.ops = 100,
				.excluded = round == launch % ROUNDS,
				.ns_per_op = exp(lane * random_real(seed))};
			strcpy(row->cell, cell);
			strcpy(row->variant, lanes[lane]);
			strcpy(row->status,
				launch == 7 && lane == 1 ? "crashed" : "ok");
			row->ns_per_op *= row->excluded ? 1e3 * (lane + 1) : 1;
		}
	return count;
}

static void test_file_and_rows(void **state)
{
	static const char *const names[] = {"trials.csv", NULL};
	struct trial rows[ROUNDS * LANES];
	struct spread whole, part = {.baseline = "none"};
	struct check_directory directory;
	struct csv_writer writer;
	struct error error = {0};
	char path[512];
	uint64_t seed = 5;

	(void)state;
	check_directory_make(&directory);
	check_path(path, &directory, names[0]);
	assert_int_equal(csv_writer_create(&writer, path, trial_header), 0);
	for (unsigned i = 0; i < LAUNCHES; i++) {
		size_t count = fill_launch(rows, i, &seed);

		for (size_t j = 0; j < count; j++)
			assert_int_equal(trial_write(&writer, &rows[j]), 0);
		if (spread_take(&part, rows, count, &error) != 0)
			fail_msg("%s", error.text);
	}
	assert_int_equal(csv_writer_close(&writer), 0);
	if (spread_read(&whole, directory.path, "none", &error) != 0)
		fail_msg("%s", error.text);
	check_true("there is a spread", spread_of(&whole, cell) > 0.05);
	check_true(
		"left-out rounds are not in it", spread_of(&whole, cell) < 1);
	check_close("launch by launch", spread_of(&part, cell),
		spread_of(&whole, cell), 1e-12);
	spread_finish(&part);
	spread_finish(&whole);
	check_directory_finish(&directory, names);
}

static void test_bad_input(void **state)
{
	struct spread spread;
	struct error error;

	(void)state;
	assert_int_equal(spread_read(&spread, "/nowhere", "none", &error), -1);
	check_contains(error.text, "/nowhere/trials.csv");
	spread_finish(&spread);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_lanes),
		cmocka_unit_test(test_file_and_rows),
		cmocka_unit_test(test_bad_input),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
