// SPDX-License-Identifier: MIT
//
// Summaries of small runs whose answers are known, from trials to rows.
#include "fixture.h"

#include "statistics.h"
#include "summary.h"

#define OTHER "pair,size=72/jemalloc/t2"
#define FAR "pair,size=64/system/t2/smt"
#define TRACE "trace:/a,b/c.trace/jemalloc/t2"
#define WIDE_PLAN                                                              \
	"cell,headline\n\"" HEAD "\",1\n\"" OTHER "\",1\n\"" FAR               \
	"\",1\n\"" TRACE "\",1\n" TAIL ",0\n"

static struct summary summary;

static void summarise(const struct compare_options *options)
{
	comparison_list_finish(&list);
	summary_finish(&summary);
	run_write(&run);
	if (compare_and_summarise(
		    &list, &summary, run.directory.path, options, &error) != 0)
		fail_msg("%s", error.text);
}

static int end(void **state)
{
	summary_finish(&summary);
	return tear_down(state);
}

/* A variant of a cell takes this much longer, in all launches. */
static void slow_down(const char *cell, const char *variant, double factor)
{
	for (size_t i = 0; i < run.count; i++)
		if (strcmp(run.trials[i].cell, cell) == 0 &&
			strcmp(run.trials[i].variant, variant) == 0)
			run.trials[i].ns_per_op *= factor;
}

static const struct summary_row *find(enum summary_scope scope,
	const char *name, const char *placement, const char *variant)
{
	for (size_t i = 0; i < summary.count; i++) {
		const struct summary_row *row = &summary.rows[i];

		if (row->scope == scope && strcmp(row->name, name) == 0 &&
			strcmp(row->placement, placement) == 0 &&
			strcmp(row->variant, variant) == 0)
			return row;
	}
	fail_msg("no row of %s over %s, %s", variant, name, placement);
	abort(); /* never comes here, which gcc does not know */
}

/* One headline cell: the suite, its allocator and its workload are that cell,
 * and exploratory ones are in none. */
static void test_one_cell(void **state)
{
	static const struct {
		enum summary_scope scope;
		const char *name;
	} scopes[] = {
		{SUMMARY_SUITE, "all"},
		{SUMMARY_ALLOCATOR, "system"},
		{SUMMARY_WORKLOAD, "pair"},
	};

	(void)state;
	summarise(&standard);
	assert_int_equal(summary.count, 3 * (RUN_VARIANTS - 1));
	for (size_t i = 1; i < RUN_VARIANTS; i++)
		for (size_t k = 0; k < 3; k++) {
			const char *variant = run_variants[i].name;
			const struct comparison *cell =
				list_find(&list, HEAD, variant);
			const struct summary_row *row = find(scopes[k].scope,
				scopes[k].name, "cores", variant);

			check_close("ratio", row->ratio, cell->ratio, 1e-12);
			check_true("inside the least and the greatest launch",
				row->ci_low >= cell->ci_low * (1 - 1e-12) &&
					row->ci_high <=
						cell->ci_high * (1 + 1e-12));
			assert_int_equal(row->threads, 2);
			assert_int_equal(row->cells, 1);
			assert_int_equal(row->launches, RUN_LAUNCHES);
			assert_int_equal(row->least_launches, RUN_LAUNCHES);
			assert_int_equal(row->resamples, SUMMARY_RESAMPLES);
			check_close("level", row->ci_level, 0.95, 0);
			check_close("margin", row->margin, 0.02, 0);
			assert_string_equal(row->metric, "ns_per_op");
			assert_string_equal(row->baseline, "none");
		}
	assert_string_equal(summary.rows[0].variant, "again");
	assert_string_equal(summary.rows[1].variant, "slow");
}

static void test_verdicts(void **state)
{
	static const struct {
		const char *variant;
		enum verdict verdict;
	} cases[] = {
		{"slow", VERDICT_SLOWER},
		{"fast", VERDICT_FASTER},
		{"close", VERDICT_SIZE_UNRESOLVED},
		{"near", VERDICT_EQUIVALENT},
		{"wide", VERDICT_INCONCLUSIVE},
		{"again", VERDICT_EQUIVALENT},
	};

	(void)state;
	summarise(&standard);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(verdict_name(find(SUMMARY_SUITE, "all",
					    "cores", cases[i].variant)
							 ->verdict),
			verdict_name(cases[i].verdict));
}

/* Four cells on two threads: which rows each is in, and their means. */
static void test_scopes(void **state)
{
	static const struct {
		enum summary_scope scope;
		const char *name, *placement;
		size_t cells, launches, least;
		double factor; /* of the mean over the one cell's */
	} cases[] = {
		{SUMMARY_SUITE, "all", "cores", 3, 21, 6, 2}, /* ∛(1·2·4) */
		{SUMMARY_SUITE, "all", "smt", 1, 7, 7, 3},
		{SUMMARY_ALLOCATOR, "system", "cores", 1, 8, 8, 1},
		{SUMMARY_ALLOCATOR, "system", "smt", 1, 7, 7, 3},
		{SUMMARY_ALLOCATOR, "jemalloc", "cores", 2, 13, 6,
			2.8284271247},
		{SUMMARY_WORKLOAD, "pair", "cores", 2, 15, 7, 1.4142135624},
		{SUMMARY_WORKLOAD, "pair", "smt", 1, 7, 7, 3},
		{SUMMARY_WORKLOAD, "trace", "cores", 1, 6, 6, 4},
	};

	(void)state;
	run.count = 0;
	run_add_cell(&run, HEAD, 8);
	run_add_cell(&run, OTHER, 7);
	run_add_cell(&run, FAR, 7);
	run_add_cell(&run, TRACE, 6);
	run_write_plan(&run, WIDE_PLAN);
	slow_down(OTHER, "again", 2);
	slow_down(FAR, "again", 3);
	slow_down(TRACE, "again", 4);
	summarise(&standard);
	assert_int_equal(summary.count, 8 * (RUN_VARIANTS - 1));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		/* In this order, A' first. */
		const struct summary_row *row =
			&summary.rows[i * (RUN_VARIANTS - 1)];

		assert_ptr_equal(row,
			find(cases[i].scope, cases[i].name, cases[i].placement,
				"again"));
		assert_int_equal(row->cells, cases[i].cells);
		assert_int_equal(row->launches, cases[i].launches);
		assert_int_equal(row->least_launches, cases[i].least);
		/* Of an odd number of launches the median is no mean of
		 * reciprocals. */
		check_close("ratio", row->ratio, cases[i].factor, 1.1e-3);
		check_true("interval has the ratio",
			row->ci_low <= row->ratio &&
				row->ratio <= row->ci_high);
	}
}

/* A variant that a cell has not, and one of which no launch is left. */
static void test_missing(void **state)
{
	const struct summary_row *slow, *near;

	(void)state;
	run.count = 0;
	run_add_cell(&run, HEAD, 8);
	run_add_cell(&run, OTHER, 8);
	run_write_plan(&run, WIDE_PLAN);
	for (size_t i = 0; i < run.count; i++) {
		struct trial *trial = &run.trials[i];

		if (strcmp(trial->cell, OTHER) != 0)
			continue;
		if (strcmp(trial->variant, "slow") == 0)
			strcpy(trial->variant, "else");
		if (strcmp(trial->variant, "near") == 0)
			trial->ns_per_op = NAN;
	}
	summarise(&standard);
	slow = find(SUMMARY_SUITE, "all", "cores", "slow");
	near = find(SUMMARY_SUITE, "all", "cores", "near");
	assert_int_equal(slow->cells, 1);
	assert_int_equal(near->cells, 1);
	check_close("slow", slow->ratio, list_find(&list, HEAD, "slow")->ratio,
		1e-12);
	check_close("near", near->ratio, list_find(&list, HEAD, "near")->ratio,
		1e-12);
	assert_int_equal(find(SUMMARY_SUITE, "all", "cores", "fast")->cells, 2);
	assert_int_equal(find(SUMMARY_SUITE, "all", "cores", "else")->cells, 1);
}

/* Five launches in one cell: a mean, but no interval of it. */
static void test_few_launches(void **state)
{
	const struct summary_row *suite, *one;

	(void)state;
	run.count = 0;
	run_add_cell(&run, HEAD, 8);
	run_add_cell(&run, OTHER, 5);
	run_write_plan(&run, WIDE_PLAN);
	summarise(&standard);
	suite = find(SUMMARY_SUITE, "all", "cores", "slow");
	one = find(SUMMARY_ALLOCATOR, "system", "cores", "slow");
	assert_int_equal(suite->least_launches, 5);
	check_true("a mean", suite->ratio > 1.1);
	check_close("low", suite->ci_low, NAN, 0);
	check_close("high", suite->ci_high, NAN, 0);
	check_close("level", suite->ci_level, NAN, 0);
	assert_int_equal(suite->resamples, 0);
	assert_int_equal(suite->verdict, VERDICT_INCONCLUSIVE);
	assert_int_equal(one->verdict, VERDICT_SLOWER);
}

/* Without a plan, or with one that has no headline cell. */
static void test_no_headline(void **state)
{
	(void)state;
	run_write_plan(&run, "cell,headline\n" TAIL ",0\n");
	summarise(&standard);
	assert_int_equal(summary.count, 0);
	assert_int_equal(list.count, 12);
	compare(&standard);
	assert_int_equal(list.count, 12);
	run_write_plan(&run, "cell,headline\nx,1\n");
	for (size_t i = 0; i < run.count; i++)
		strcpy(run.trials[i].cell,
			strcmp(run.trials[i].cell, HEAD) == 0 ? "x" : TAIL);
	/* Not a cell's name: a headline, but of no row. */
	summarise(&standard);
	assert_int_equal(summary.count, 0);
	assert_string_equal(list_find(&list, "x", "slow")->family, "headline");
}

static void check_same(const struct summary *want)
{
	assert_int_equal(summary.count, want->count);
	for (size_t i = 0; i < want->count; i++) {
		const struct summary_row *got = &summary.rows[i];

		assert_string_equal(got->variant, want->rows[i].variant);
		check_close("ratio", got->ratio, want->rows[i].ratio, 1e-12);
		check_close("low", got->ci_low, want->rows[i].ci_low, 1e-12);
		check_close("high", got->ci_high, want->rows[i].ci_high, 1e-12);
		assert_int_equal(got->verdict, want->rows[i].verdict);
	}
}

/* What must not change it: a second time, other units, another order of rows
 * within a round. */
static void test_changes_nothing(void **state)
{
	struct summary before;

	(void)state;
	summarise(&standard);
	before = summary;
	summary = (struct summary){0};
	summarise(&standard);
	check_same(&before);
	for (size_t i = 0; i < run.count; i++)
		run.trials[i].ns_per_op *= 1234.5;
	summarise(&standard);
	check_same(&before);
	for (size_t i = 0; i + 1 < run.count; i += RUN_VARIANTS)
		for (size_t k = 0; k < RUN_VARIANTS / 2; k++) {
			struct trial *one = &run.trials[i + k];
			struct trial *other =
				&run.trials[i + RUN_VARIANTS - 1 - k];
			struct trial trial = *one;

			*one = *other;
			*other = trial;
		}
	summarise(&standard);
	assert_int_equal(summary.count, before.count);
	for (size_t i = 0; i < before.count; i++) {
		const struct summary_row *row = &before.rows[i];

		check_close("low",
			find(row->scope, row->name, "cores", row->variant)
				->ci_low,
			row->ci_low, 1e-12);
	}
	summary_finish(&before);
}

/* The other way round, and by another measure. */
static void test_options(void **state)
{
	static const char *const chosen[] = {"slow", "near", NULL};
	struct compare_options options = standard;
	double ratio;

	(void)state;
	summarise(&standard);
	ratio = find(SUMMARY_SUITE, "all", "cores", "slow")->ratio;
	options.baseline = "slow";
	options.margin = 0.2;
	summarise(&options);
	check_close("ratio", find(SUMMARY_SUITE, "all", "cores", "none")->ratio,
		1 / ratio, 1e-12);
	assert_int_equal(find(SUMMARY_SUITE, "all", "cores", "none")->verdict,
		VERDICT_EQUIVALENT);
	assert_string_equal(summary.rows[0].baseline, "slow");
	options = standard;
	options.metric = "cpu_ns_per_op";
	options.variants = chosen;
	summarise(&options);
	assert_int_equal(summary.count, 3 * 2);
	assert_string_equal(summary.rows[0].metric, "cpu_ns_per_op");
	check_close("ratio", summary.rows[0].ratio, ratio, 1e-12);
}

static void test_errors(void **state)
{
	struct compare_options options = standard;

	(void)state;
	summarise(&standard);
	options.baseline = "nothing";
	comparison_list_finish(&list);
	summary_finish(&summary);
	assert_int_equal(compare_and_summarise(&list, &summary,
				 run.directory.path, &options, &error),
		-1);
	assert_int_equal(summary.count, 0);
	assert_null(summary.rows);
	run_write_plan(&run, "cell,headline\nx,yes\n");
	assert_int_equal(compare_and_summarise(&list, &summary,
				 run.directory.path, &standard, &error),
		-1);
	check_contains(error.text, "/plan.csv:2:headline: \"yes\"");
	assert_int_equal(summary.count, 0);
}

#define SUMMARY_TEST(function)                                                 \
	cmocka_unit_test_setup_teardown(function, set_up, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUMMARY_TEST(test_one_cell),
		SUMMARY_TEST(test_verdicts),
		SUMMARY_TEST(test_scopes),
		SUMMARY_TEST(test_missing),
		SUMMARY_TEST(test_few_launches),
		SUMMARY_TEST(test_no_headline),
		SUMMARY_TEST(test_changes_nothing),
		SUMMARY_TEST(test_options),
		SUMMARY_TEST(test_errors),
	};

	return cmocka_run_group_tests_name("summary", tests, NULL, NULL);
}
