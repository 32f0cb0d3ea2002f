// SPDX-License-Identifier: MIT
//
// What a comparison leaves out: excluded rounds, launches with a failed lane,
// turns without a figure; and what remains when little is left.
#include "fixture.h"

/* One lane's mark takes the whole round, whatever the others measured. */
static void test_excluded_rounds(void **state)
{
	struct comparison before;

	(void)state;
	compare(&standard);
	before = *list_find(&list, HEAD, "slow");
	for (uint64_t launch = 0; launch < RUN_LAUNCHES; launch++) {
		run_find(&run, HEAD, "wide", launch, 0)->excluded = 1;
		run_find(&run, HEAD, "wide", launch, 2)->excluded = 1;
		run_find(&run, HEAD, "slow", launch, 0)->ns_per_op *= 50;
		run_find(&run, HEAD, "none", launch, 2)->ns_per_op *= 50;
	}
	compare(&standard);
	check_same_comparison(list_find(&list, HEAD, "slow"), &before);
}

/* A launch whose rounds are all excluded is no launch. */
static void test_excluded_launch(void **state)
{
	(void)state;
	for (uint64_t round = 0; round < RUN_ROUNDS; round++)
		run_find(&run, HEAD, "none", 0, round)->excluded = 1;
	compare(&standard);
	assert_int_equal(list_find(&list, HEAD, "slow")->launches, 7);
	assert_int_equal(list_find(&list, TAIL, "slow")->launches, 8);
	check_close(
		"low", list_find(&list, HEAD, "slow")->exact_low, 1.101, 1e-12);
}

static void test_failed_lane(void **state)
{
	struct trial *crashed = run_find(&run, HEAD, "wide", 7, 2);

	(void)state;
	strcpy(crashed->status, "crashed");
	crashed->ns_per_op = NAN;
	compare(&standard);
	assert_int_equal(list_find(&list, HEAD, "slow")->launches, 7);
	assert_int_equal(list_find(&list, HEAD, "wide")->launches, 7);
	assert_int_equal(list_find(&list, TAIL, "slow")->launches, 8);
	check_close("high", list_find(&list, HEAD, "slow")->exact_high, 1.106,
		1e-12);
}

/* It stays in sight, and counts as a comparison. */
static void test_no_launch_left(void **state)
{
	const struct comparison *slow;

	(void)state;
	for (uint64_t launch = 0; launch < RUN_LAUNCHES; launch++)
		strcpy(run_find(&run, HEAD, "slow", launch, 1)->status, "hung");
	compare(&standard);
	assert_int_equal(list.count, 12);
	slow = list_find(&list, HEAD, "slow");
	assert_int_equal(slow->launches, 0);
	assert_int_equal(slow->launches_needed, 0);
	check_close("ratio", slow->ratio, NAN, 0);
	check_close("p", slow->p_raw, 1, 0);
	assert_int_equal(slow->verdict, VERDICT_INCONCLUSIVE);
}

static void test_missing_turns(void **state)
{
	const struct comparison *slow;

	(void)state;
	run_find(&run, HEAD, "slow", 0, 0)->ns_per_op = NAN;
	run_find(&run, HEAD, "none", 0, 2)->ns_per_op = NAN;
	run_find(&run, HEAD, "slow", 1, 0)->ns_per_op = NAN;
	run_find(&run, HEAD, "slow", 1, 2)->ns_per_op = NAN;
	compare(&standard);
	slow = list_find(&list, HEAD, "slow");
	assert_int_equal(slow->launches, 8);
	check_close("low", slow->exact_low, 1.10, 1e-12);
	check_close("high", slow->exact_high, 1.107, 1e-12);
}

static void test_few_launches(void **state)
{
	const struct comparison *slow;

	(void)state;
	run.count = 0;
	run_add_cell(&run, HEAD, 5);
	compare(&standard);
	slow = list_find(&list, HEAD, "slow");
	check_close("ratio", slow->ratio, 1.102, 1e-12);
	check_close("low", slow->ci_low, NAN, 0);
	check_close("high", slow->ci_high, NAN, 0);
	check_close("level", slow->ci_level, NAN, 0);
	check_close("p", slow->p_raw, 2 / 32., 1e-12);
	assert_int_equal(slow->verdict, VERDICT_INCONCLUSIVE);
	assert_int_equal(slow->launches_needed, 6);
}

/* A worker that came to no round at all, twice: its launch is out. */
static void test_failed_before_a_round(void **state)
{
	struct trial failed = *run_find(&run, HEAD, "wide", 3, 0);

	(void)state;
	strcpy(failed.status, "crashed");
	failed.round = RECORD_NO_COUNT;
	failed.ns_per_op = NAN;
	run.trials[run.count++] = failed;
	run.trials[run.count++] = failed;
	compare(&standard);
	assert_int_equal(list_find(&list, HEAD, "slow")->launches, 7);
	assert_int_equal(list_find(&list, TAIL, "slow")->launches, 8);
}

static void remove_trial(struct trial *trial)
{
	*trial = run.trials[--run.count];
}

/* Rows that are not there at all: a turn has no partner in another round. */
static void test_missing_rows(void **state)
{
	const struct comparison *slow;

	(void)state;
	remove_trial(run_find(&run, HEAD, "none", 0, 0));
	remove_trial(run_find(&run, HEAD, "slow", 0, 2));
	remove_trial(run_find(&run, HEAD, "none", 7, 2));
	remove_trial(run_find(&run, HEAD, "slow", 7, 0));
	compare(&standard);
	slow = list_find(&list, HEAD, "slow");
	assert_int_equal(slow->launches, 8);
	check_close("low", slow->exact_low, 1.10, 1e-12);
	check_close("high", slow->exact_high, 1.107, 1e-12);
}

/* One launch a cell, so that launches of the same number are neighbours. */
static void test_failure_stays_in_its_cell(void **state)
{
	(void)state;
	run.count = 0;
	run_add_cell(&run, HEAD, 1);
	run_add_cell(&run, TAIL, 1);
	strcpy(run_find(&run, HEAD, "wide", 0, 1)->status, "hung");
	compare(&standard);
	assert_int_equal(list_find(&list, HEAD, "slow")->launches, 0);
	assert_int_equal(list_find(&list, TAIL, "slow")->launches, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RUN_TEST(test_excluded_rounds),
		RUN_TEST(test_excluded_launch),
		RUN_TEST(test_failed_lane),
		RUN_TEST(test_no_launch_left),
		RUN_TEST(test_missing_turns),
		RUN_TEST(test_few_launches),
		RUN_TEST(test_failed_before_a_round),
		RUN_TEST(test_missing_rows),
		RUN_TEST(test_failure_stays_in_its_cell),
	};

	return cmocka_run_group_tests_name("left out", tests, NULL, NULL);
}
