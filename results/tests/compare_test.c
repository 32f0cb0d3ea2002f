// SPDX-License-Identifier: MIT
//
// Comparisons of small runs whose answers are known, and what must not change
// them.
#include "fixture.h"

static struct run other_run;

static void test_known_answers(void **state)
{
	/* Eight launches: the interval is from the least to the largest, at
	 * 1 − 2/2⁸; p is 2/2⁸ where all are on one side, and 1 where half
	 * are. Of six p, Holm takes four times 6/256, BH 6/4 · 2/256. */
	static const struct {
		const char *variant;
		double low, high, p, holm, bh;
		enum verdict verdict;
		size_t needed; /* as expected.py has the formula */
	} cases[] = {
		{"slow", 1.10, 1.107, 2 / 256., 2 / 256., 3 / 256.,
			VERDICT_SLOWER, 0},
		{"fast", 1 / 1.10 - 0.007, 1 / 1.10, 2 / 256., 2 / 256.,
			3 / 256., VERDICT_FASTER, 0},
		{"close", 1.015, 1.029, 2 / 256., 2 / 256., 3 / 256.,
			VERDICT_SIZE_UNRESOLVED, 0},
		{"near", 1.005, 1.0057, 2 / 256., 2 / 256., 3 / 256.,
			VERDICT_EQUIVALENT, 0},
		{"wide", 1 / 1.10, 1.10, 1, 1, 1, VERDICT_INCONCLUSIVE, 788},
		{"again", 1 / 1.001, 1.001, 1, 1, 1, VERDICT_EQUIVALENT, 0},
	};

	(void)state;
	compare(&standard);
	assert_int_equal(list.count, 12);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct comparison *head =
			list_find(&list, HEAD, cases[i].variant);
		const struct comparison *tail =
			list_find(&list, TAIL, cases[i].variant);

		assert_int_equal(head->launches, RUN_LAUNCHES);
		check_close("low", head->exact_low, cases[i].low, 1e-12);
		check_close("high", head->exact_high, cases[i].high, 1e-12);
		check_close(
			"exact level", head->exact_level, 1 - 2 / 256., 1e-12);
		check_close("level", head->ci_level, 0.95, 1e-12);
		check_close("p", head->p_raw, cases[i].p, 1e-12);
		check_close("Holm", head->p_adjusted, cases[i].holm, 1e-12);
		check_close("BH", tail->p_adjusted, cases[i].bh, 1e-12);
		assert_string_equal(verdict_name(head->verdict),
			verdict_name(cases[i].verdict));
		assert_int_equal(head->launches_needed, cases[i].needed);
		assert_string_equal(head->family, "headline");
		assert_string_equal(head->adjust_method, "holm");
		assert_string_equal(tail->family, "exploratory");
		assert_string_equal(tail->adjust_method, "bh");
		assert_string_equal(head->metric, "ns_per_op");
		assert_string_equal(head->baseline, "none");
	}
}

static void test_estimates(void **state)
{
	const struct comparison *slow;

	(void)state;
	compare(&standard);
	slow = list_find(&list, HEAD, "slow");
	check_close("ratio", slow->ratio, sqrt(1.103 * 1.104), 1e-12);
	/* Not far from the middle of logs that are nearly evenly spaced. */
	check_close("HL", slow->hodges_lehmann, sqrt(1.103 * 1.104), 1e-5);
	/* Distances from the middle are 0.5, 0.5, 1.5, 1.5, 2.5, … steps. */
	check_close("sigma", slow->sigma, 1.4826 * 2 * 0.001 / 1.1035, 1e-5);
	assert_int_equal(slow->launches_needed, 0);
}

/* Two of the six: the exploratory family has them alone. */
static void test_chosen_variants(void **state)
{
	static const char *const chosen[] = {"slow", "near", NULL};
	struct compare_options options = standard;

	(void)state;
	options.variants = chosen;
	compare(&options);
	assert_int_equal(list.count, 4);
	check_close("Holm of one", list_find(&list, HEAD, "slow")->p_adjusted,
		2 / 256., 1e-12);
	check_close("BH of two", list_find(&list, TAIL, "slow")->p_adjusted,
		2 / 256., 1e-12);
}

/* As many headline cells, with so many launches each. */
static void add_headline_cells(int cells, int launches)
{
	char plan[2048] = "order,cell,headline,seed\n", cell[64];

	run.count = 0;
	for (int i = 0; i < cells; i++) {
		snprintf(cell, sizeof(cell), "work%d/system/t1", i);
		run_add_cell(&run, cell, launches);
		sprintf(plan + strlen(plan), "%d,%s,1,7\n", i, cell);
	}
	run_write_plan(&run, plan);
}

/*
 * Holm within each variant: of eight cells the least p, 2 / 2^n, is taken eight
 * times, whatever the other variants found. Six launches cannot come below 5 %
 * that way (8 · 2/64), and the row says so; nine can (8 · 2/512).
 */
static void test_holm_within_variants(void **state)
{
	const struct comparison *slow, *near, *wide;

	(void)state;
	add_headline_cells(8, 6);
	compare(&standard);
	slow = list_find(&list, "work3/system/t1", "slow");
	near = list_find(&list, "work3/system/t1", "near");
	check_close("Holm of 8", slow->p_adjusted, 16 / 64., 1e-12);
	assert_int_equal(slow->verdict, VERDICT_INCONCLUSIVE);
	assert_string_equal(slow->remark,
		"6 launches cannot decide among 8 comparisons: it takes 9");
	/* What the interval proves needs no p. */
	assert_int_equal(near->verdict, VERDICT_EQUIVALENT);
	assert_string_equal(near->remark, "");

	add_headline_cells(8, 9);
	compare(&standard);
	slow = list_find(&list, "work3/system/t1", "slow");
	wide = list_find(&list, "work3/system/t1", "wide");
	check_close("Holm of 8", slow->p_adjusted, 16 / 512., 1e-12);
	assert_int_equal(slow->verdict, VERDICT_SLOWER);
	assert_string_equal(slow->remark, "");
	/* Undecided, but not for want of launches. */
	assert_int_equal(wide->verdict, VERDICT_INCONCLUSIVE);
	assert_string_equal(wide->remark, "");
}

static void test_order(void **state)
{
	static const char *const wanted[][2] = {{HEAD, "again"},
		{TAIL, "again"}, {HEAD, "slow"}, {HEAD, "fast"},
		{HEAD, "close"}, {HEAD, "near"}, {HEAD, "wide"}, {TAIL, "slow"},
		{TAIL, "fast"}, {TAIL, "close"}, {TAIL, "near"},
		{TAIL, "wide"}};

	(void)state;
	compare(&standard);
	assert_int_equal(list.count, 12);
	for (size_t i = 0; i < list.count; i++) {
		assert_string_equal(list.items[i].cell, wanted[i][0]);
		assert_string_equal(list.items[i].variant, wanted[i][1]);
	}
}

static void test_no_plan(void **state)
{
	char path[512];

	(void)state;
	check_path(path, &run.directory, "plan.csv");
	unlink(path);
	compare(&standard);
	assert_int_equal(list.count, 12);
	for (size_t i = 0; i < list.count; i++)
		assert_string_equal(list.items[i].family, "exploratory");
	/* Now of twelve, eight of them with the least p. */
	check_close("BH", list_find(&list, HEAD, "slow")->p_adjusted,
		12 / 8. * 2 / 256, 1e-12);
}

static void test_cpu_metric(void **state)
{
	struct compare_options options = standard;
	struct comparison wall;

	(void)state;
	compare(&standard);
	wall = *list_find(&list, HEAD, "slow");
	for (size_t i = 0; i < run.count; i++) {
		run.trials[i].ns_per_op = 7;
		run.trials[i].ops *= 1 + run.trials[i].position;
		run.trials[i].cpu_ns *= (double)(1 + run.trials[i].position);
	}
	options.metric = "cpu_ns_per_op";
	compare(&options);
	check_same_comparison(list_find(&list, HEAD, "slow"), &wall);
	assert_string_equal(list.items[0].metric, "cpu_ns_per_op");
}

static void check_same_list(const struct comparison_list *want)
{
	assert_int_equal(list.count, want->count);
	for (size_t i = 0; i < want->count; i++)
		check_same_comparison(list_find(&list, want->items[i].cell,
					      want->items[i].variant),
			&want->items[i]);
}

static void test_rows_in_any_order(void **state)
{
	struct comparison_list before;
	uint64_t seed = 8;

	(void)state;
	compare(&standard);
	before = list;
	list = (struct comparison_list){0};
	for (size_t i = run.count - 1; i > 0; i--) {
		size_t j = random_bits(&seed) % (i + 1);
		struct trial trial = run.trials[i];

		run.trials[i] = run.trials[j];
		run.trials[j] = trial;
	}
	compare(&standard);
	check_same_list(&before);
	comparison_list_finish(&before);
}

static void test_scale(void **state)
{
	struct comparison_list before;

	(void)state;
	compare(&standard);
	before = list;
	list = (struct comparison_list){0};
	for (size_t i = 0; i < run.count; i++)
		run.trials[i].ns_per_op *= 1234.5;
	compare(&standard);
	check_same_list(&before);
	comparison_list_finish(&before);
}

/* The other way round, the ratio and its interval are inverted. */
static void test_swap(void **state)
{
	struct compare_options options = standard;
	struct comparison there, back;

	(void)state;
	for (size_t i = 1; i < RUN_VARIANTS; i++) {
		compare(&standard);
		there = *list_find(&list, HEAD, run_variants[i].name);
		options.baseline = run_variants[i].name;
		compare(&options);
		back = *list_find(&list, HEAD, "none");
		check_close("ratio", back.ratio, 1 / there.ratio, 1e-12);
		check_close("low", back.ci_low, 1 / there.ci_high, 1e-12);
		check_close("high", back.ci_high, 1 / there.ci_low, 1e-12);
		check_close("HL", back.hodges_lehmann, 1 / there.hodges_lehmann,
			1e-12);
		check_close("p", back.p_raw, there.p_raw, 0);
	}
}

static void check_fails(const struct compare_options *options, const char *what)
{
	run_write(&run);
	assert_int_equal(
		compare_run(&list, run.directory.path, options, &error), -1);
	check_contains(error.text, what);
	assert_int_equal(list.count, 0);
}

static void test_errors(void **state)
{
	struct compare_options options = standard;

	(void)state;
	options.baseline = "nothing";
	check_fails(&options, "no trials of the baseline \"nothing\"");
	options = standard;
	options.metric = "speed";
	check_fails(&options, "no metric \"speed\"; there are ns_per_op");
	options = standard;
	options.margin = 0;
	check_fails(&options, "the margin must be above 0");
	options = standard;
	options.alpha = 1;
	check_fails(&options, "alpha between 0 and 1");
	run_write_plan(&run, "order,cell\n0,x\n");
	check_fails(&standard, "/plan.csv:1:3: no column \"headline\"");
	run_write_plan(&run, "cell,headline\n\"a\nb\",1\nx,yes\n");
	check_fails(
		&standard, "/plan.csv:4:headline: \"yes\": allowed is 0 or 1");
	run_write_plan(&run, PLAN);
	run.trials[3].launch = UINT64_C(1) << 32;
	check_fails(&standard,
		"/trials.csv:5:launch: must be given, and below 2^32");
	run.trials[3].launch = 0;
	run.trials[3].round = RECORD_NO_COUNT;
	check_fails(&standard,
		"/trials.csv:5:round: must be given, and below 2^32");
	run.trials[3] = run.trials[2];
	check_fails(&standard,
		"/trials.csv:5:round: a second row of round 0 of launch 0, "
		"variant fast, as in line 4");
	assert_int_equal(
		compare_run(&list, "no-such-run", &standard, &error), -1);
	check_contains(error.text, "no-such-run/trials.csv: No such file");
}

/* The second run has 9 launches in one cell, all 5 % slower but "fast", which
 * is 5 % faster; of the first run it knows one cell only. */
static void test_two_runs(void **state)
{
	const struct comparison *none;

	(void)state;
	run.count = 0;
	run_add_cell(&run, HEAD, 9);
	run_add_cell(&run, TAIL, 9);
	run_start(&other_run);
	run_add_cell(&other_run, HEAD, 9);
	for (size_t i = 0; i < run.count; i++) {
		struct trial *trial = &run.trials[i];

		/* As if launches did not differ in the machine's mood. */
		trial->ns_per_op /= 1 + 0.3 * (double)trial->launch;
		trial->ns_per_op *= 1 + 0.001 * (double)trial->launch;
	}
	for (size_t i = 0; i < other_run.count; i++) {
		struct trial *trial = &other_run.trials[i];

		*trial = run.trials[i];
		trial->ns_per_op *=
			strcmp(trial->variant, "fast") ? 1.05 : 1 / 1.05;
	}
	run_write(&run);
	run_write(&other_run);
	if (compare_runs(&list, run.directory.path, other_run.directory.path,
		    &standard, &error) != 0)
		fail_msg("%s", error.text);
	run_finish(&other_run);
	assert_int_equal(list.count, RUN_VARIANTS);
	none = list_find(&list, HEAD, "none");
	check_close("ratio", none->ratio, 1.05, 1e-12);
	check_close("HL", none->hodges_lehmann, 1.05, 1e-12);
	check_close("p", none->p_raw, 2 / 48620., 1e-9); /* 2 / C(18, 9) */
	assert_int_equal(none->launches, 9);
	assert_int_equal(none->verdict, VERDICT_SLOWER);
	assert_string_equal(none->family, "headline");
	assert_non_null(strstr(run.directory.path, none->baseline));
	assert_int_equal(
		list_find(&list, HEAD, "fast")->verdict, VERDICT_FASTER);
	assert_int_equal(
		list_find(&list, HEAD, "wide")->verdict, VERDICT_INCONCLUSIVE);
}

static void test_two_runs_apart(void **state)
{
	(void)state;
	run_start(&other_run);
	run_add_cell(&other_run, "another/system/t1", 2);
	run_write(&run);
	run_write(&other_run);
	assert_int_equal(compare_runs(&list, run.directory.path,
				 other_run.directory.path, &standard, &error),
		-1);
	run_finish(&other_run);
	check_contains(error.text, "share no cell");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RUN_TEST(test_known_answers),
		RUN_TEST(test_estimates),
		RUN_TEST(test_holm_within_variants),
		RUN_TEST(test_chosen_variants),
		RUN_TEST(test_order),
		RUN_TEST(test_no_plan),
		RUN_TEST(test_cpu_metric),
		RUN_TEST(test_rows_in_any_order),
		RUN_TEST(test_scale),
		RUN_TEST(test_swap),
		RUN_TEST(test_errors),
		RUN_TEST(test_two_runs),
		RUN_TEST(test_two_runs_apart),
	};

	return cmocka_run_group_tests_name("compare", tests, NULL, NULL);
}
