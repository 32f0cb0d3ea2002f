// SPDX-License-Identifier: MIT
//
// The launches beyond the plan: how they are drawn, which cell has the next,
// and that intervals of identical code miss as often as they say although the
// number of launches depends on what was measured.
//
// Over 400 lines: the ten kinds of data of the simulation are one table.
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "extra_launches.h"
#include "plan_file.h"
#include "prng.h"
#include "statistics.h"

enum { CELLS = 10, PLANNED = 30, MOST = 60, SHARED = 150, EXPERIMENTS = 300 };

static const char *const names[CELLS] = {"counter,work=1/system/t1",
	"counter,work=2/system/t1", "counter,work=3/system/t1",
	"counter,work=4/system/t1", "counter,work=5/system/t1",
	"counter,work=6/system/t1", "counter,work=7/system/t1",
	"counter,work=8/system/t1", "counter,work=9/system/t1",
	"counter,work=10/system/t1"};

static void create(struct plan *plan, struct plan_request *request,
	unsigned launches, unsigned extra)
{
	struct error error = {0};
	char text[32];

	*request = (struct plan_request){.launches = launches,
		.extra_launches = extra,
		.rounds = 4,
		.turn_us = 50,
		.allocator_count = 1,
		.variants = {alloc_backends[0]},
		.variant_count = 1};
	snprintf(request->allocators[0].name, LANE_TEXT, "system");
	*plan = (struct plan){.request = request};
	for (size_t i = 0; i < CELLS; i++) {
		snprintf(text, sizeof(text), "counter,work=%zu", i + 1);
		if (plan_add_cell(plan, text, 0, 1, PLACEMENT_CORES, &error) !=
			0)
			fail_msg("%s", error.text);
		assert_string_equal(plan->cells[i].name, names[i]);
		plan->cells[i].headline = true;
	}
	plan->launches =
		calloc((size_t)CELLS * launches, sizeof(*plan->launches));
	assert_non_null(plan->launches);
	for (size_t i = 0; i < (size_t)CELLS * launches; i++)
		plan->launches[plan->launch_count++] = (struct plan_launch){
			.cell = (i + i / CELLS * 3) % CELLS,
			.launch = (unsigned)(i / CELLS),
			.seed = prng_mix(i + 1),
			.link_order = (unsigned)(i / CELLS % LINK_ORDERS)};
	assert_int_equal(plan_add_extra(plan), 0);
}

static void check_drawn(const struct plan *plan, size_t cell, unsigned index)
{
	const struct plan_launch *launch = plan_extra(plan, cell, index);
	unsigned number = plan->request->launches + index;

	assert_int_equal(launch->cell, cell);
	assert_int_equal(launch->launch, number);
	assert_int_equal(launch->link_order, number % LINK_ORDERS);
	assert_true(launch->env_bytes < PLAN_ENV_BYTES);
	assert_true(launch->left);
	assert_true(plan_is_extra(plan, launch));
	assert_ptr_equal(plan_find_launch(plan, names[cell], number), launch);
}

/* The reader of plan.csv finds the same launches, in a plan of any length. */
static void drawn(void **state)
{
	static const unsigned planned[] = {3, 4, 5};
	static struct plan_request request, again;
	struct error error = {0};
	char path[] = "/tmp/serialbench-extra-XXXXXX";
	struct plan plan, other;

	(void)state;
	close(mkstemp(path));
	for (size_t p = 0; p < 3; p++) {
		size_t all;

		create(&plan, &request, planned[p], 6);
		unlink(path);
		assert_int_equal(plan_write(&plan, path), 0);
		again = request;
		if (plan_read(&other, &again, names, CELLS, path, &error) != 0)
			fail_msg("%s", error.text);
		assert_int_equal(other.launch_count, CELLS * planned[p]);
		assert_int_equal(other.extra_count, CELLS * 6);
		all = plan.launch_count + plan.extra_count;
		for (size_t i = plan.launch_count; i < all; i++) {
			const struct plan_launch *one = &plan.launches[i];

			check_drawn(
				&other, one->cell, one->launch - planned[p]);
			assert_int_equal(other.launches[i].seed, one->seed);
			assert_int_equal(
				other.launches[i].env_bytes, one->env_bytes);
			for (size_t j = 0; j < i; j++)
				assert_true(plan.launches[j].seed != one->seed);
		}
		assert_null(plan_find_launch(&plan, names[0], planned[p] + 6));
		plan_finish(&plan);
		plan_finish(&other);
	}
	unlink(path);
}

static void add(struct extra_launches *extra, size_t cell, unsigned launches,
	double step, double shift)
{
	for (unsigned i = 0; i < launches; i++)
		assert_int_equal(spread_add(&extra->spread, names[cell],
					 "again", shift + step * i),
			0);
}

/* One batch, each link order once. */
static void check_batch(struct extra_launches *extra, size_t cell)
{
	unsigned orders = 0;

	for (unsigned i = 0; i < LINK_ORDERS; i++) {
		const struct plan_launch *launch;

		assert_int_equal(extra_is_amid(extra), i > 0);
		launch = extra_next(extra);
		assert_non_null(launch);
		if (launch->cell != cell)
			fail_msg("launch %u of %s, not of %s", launch->launch,
				names[launch->cell], names[cell]);
		assert_false(launch->left);
		orders |= 1u << launch->link_order;
	}
	assert_int_equal(orders, (1u << LINK_ORDERS) - 1);
	assert_false(extra_is_amid(extra));
}

/* The widest has the next batch, wherever it lies; then the next widest. */
static void widest(void **state)
{
	static const double shifts[] = {0, 5, -5};
	static struct plan_request request;
	struct extra_launches extra;
	struct plan plan;

	(void)state;
	for (size_t s = 0; s < 3; s++) {
		create(&plan, &request, 6, 6);
		extra_begin(&extra, &plan);
		assert_null(extra_next(&extra)); /* nothing is known */
		add(&extra, 1, 6, 1, 0);
		add(&extra, 4, 6, 2, shifts[s]);
		add(&extra, 7, 6, 9, 0); /* its pilot failed */
		plan.cells[7].failed = true;
		add(&extra, 8, 6, 9, 0); /* exploratory */
		plan.cells[8].headline = false;
		check_batch(&extra, 4);
		check_batch(&extra, 4);
		check_batch(&extra, 1); /* the other has all it may have */
		check_batch(&extra, 1);
		assert_null(extra_next(&extra));
		extra_finish(&extra);
		plan_finish(&plan);
	}
}

/* A batch that was begun goes first, and needs no figures. */
static void begun(void **state)
{
	static struct plan_request request;
	struct extra_launches extra;
	struct plan plan;

	(void)state;
	create(&plan, &request, 6, 6);
	plan_extra(&plan, 3, 0)->left = false;
	extra_begin(&extra, &plan);
	add(&extra, 4, 6, 2, 0);
	for (unsigned i = 1; i < LINK_ORDERS; i++) {
		assert_true(extra_is_amid(&extra));
		assert_ptr_equal(extra_next(&extra), plan_extra(&plan, 3, i));
	}
	check_batch(&extra, 4);
	extra_finish(&extra);
	plan_finish(&plan);
}

/* ---- Does the interval still miss as often as it says? ---- */

/* All have median 0. */
static double normal_value(double u)
{
	return normal_quantile(u);
}

static double long_tailed_value(double u)
{
	return u < 0.5 ? log(2 * u) : -log(2 - 2 * u);
}

static double skewed_value(double u)
{
	return -log(u) - M_LN2;
}

/* Two layouts, one of which each launch draws. */
static double two_sided_value(double u)
{
	bool upper = u >= 0.5;
	double v = upper ? 2 * u - 1 : 2 * u;

	return (upper ? 1 : -1) + 0.1 * normal_quantile(v > 0 ? v : 1e-9);
}

static double wild_value(double u)
{
	return tan(M_PI * (u - 0.5));
}

struct experiment {
	double values[CELLS][PLANNED + MOST];
	unsigned counts[CELLS];
};

static double interval_width(const double *values, unsigned n)
{
	double sorted[PLANNED + MOST], level;
	size_t rank = sign_interval(n, 0.05, &level);

	memcpy(sorted, values, n * sizeof(*values));
	sort_reals(sorted, n);
	return sorted[n - rank] - sorted[rank - 1];
}

/* The rule of the program. */
static void share_by_spread(struct experiment *experiment, struct plan *plan)
{
	struct extra_launches extra;

	for (size_t i = 0; i < plan->extra_count; i++)
		plan->launches[plan->launch_count + i].left = true;
	extra_begin(&extra, plan);
	for (size_t i = 0; i < CELLS; i++)
		for (unsigned j = 0; j < PLANNED; j++)
			assert_int_equal(
				spread_add(&extra.spread, names[i], "again",
					experiment->values[i][j]),
				0);
	for (unsigned i = 0; i < SHARED; i++) {
		const struct plan_launch *launch = extra_next(&extra);
		size_t cell = launch->cell;

		assert_int_equal(launch->launch, experiment->counts[cell]);
		assert_int_equal(
			spread_add(&extra.spread, names[cell], "again",
				experiment->values[cell]
						  [experiment->counts[cell]++]),
			0);
	}
	extra_finish(&extra);
}

/* The one that suggests itself, and is wrong. */
static void share_by_interval(struct experiment *experiment, struct plan *plan)
{
	double widths[CELLS];

	(void)plan;
	for (size_t i = 0; i < CELLS; i++)
		widths[i] = interval_width(experiment->values[i], PLANNED);
	for (unsigned b = 0; b < SHARED / LINK_ORDERS; b++) {
		unsigned *counts = experiment->counts;
		size_t most = CELLS;

		for (size_t i = 0; i < CELLS; i++)
			if (counts[i] < PLANNED + MOST &&
				(most == CELLS || widths[i] > widths[most]))
				most = i;
		counts[most] += LINK_ORDERS;
		widths[most] =
			interval_width(experiment->values[most], counts[most]);
	}
}

static bool misses(double *values, unsigned n, double *chance)
{
	double level;
	size_t rank = sign_interval(n, 0.05, &level);

	*chance += 1 - level;
	sort_reals(values, n);
	return values[rank - 1] > 0 || values[n - rank] < 0;
}

/* Cells of one spread, or the widest 25 times the narrowest. */
static size_t simulate(struct plan *plan, double (*value)(double u), bool equal,
	void (*share)(struct experiment *, struct plan *), double *chance)
{
	static struct experiment experiment;
	uint64_t seed = 17;
	size_t missed = 0;

	*chance = 0;
	for (unsigned e = 0; e < EXPERIMENTS; e++) {
		for (size_t i = 0; i < CELLS; i++) {
			double scale = equal ? 1 : pow(25, (double)i / 9);

			experiment.counts[i] = PLANNED;
			for (size_t j = 0; j < PLANNED + MOST; j++) {
				double u = (double)(prng_next(&seed) >> 11);

				experiment.values[i][j] =
					scale * value((u + 0.5) * 0x1p-53);
			}
		}
		share(&experiment, plan);
		for (size_t i = 0; i < CELLS; i++)
			missed += misses(experiment.values[i],
				experiment.counts[i], chance);
	}
	*chance /= EXPERIMENTS * CELLS;
	return missed;
}

static void check_band(
	const char *name, size_t missed, size_t all, double chance)
{
	size_t low, high;

	binomial_band(all, chance, 0.001, &low, &high);
	print_message("%s: %zu of %zu miss, expected %.0f, band %zu to %zu\n",
		name, missed, all, (double)all * chance, low, high);
	if (missed < low || missed > high)
		fail_msg("%s: %zu of %zu miss, not %zu to %zu", name, missed,
			all, low, high);
}

static void false_positives(void **state)
{
	static const struct {
		const char *name;
		double (*value)(double u);
		bool equal;
	} cases[] = {{"normal, equal", normal_value, true},
		{"normal, unequal", normal_value, false},
		{"long-tailed, equal", long_tailed_value, true},
		{"long-tailed, unequal", long_tailed_value, false},
		{"skewed, equal", skewed_value, true},
		{"skewed, unequal", skewed_value, false},
		{"two-sided, equal", two_sided_value, true},
		{"two-sided, unequal", two_sided_value, false},
		{"wild, equal", wild_value, true},
		{"wild, unequal", wild_value, false}};
	enum { CASES = sizeof(cases) / sizeof(cases[0]) };
	static struct plan_request request;
	double chances = 0;
	size_t all = 0;
	struct plan plan;

	(void)state;
	create(&plan, &request, PLANNED, MOST);
	for (size_t i = 0; i < CASES; i++) {
		double chance;
		size_t missed = simulate(&plan, cases[i].value, cases[i].equal,
			share_by_spread, &chance);

		check_band(cases[i].name, missed, (size_t)EXPERIMENTS * CELLS,
			chance);
		chances += chance / CASES;
		all += missed;
	}
	check_band("all", all, (size_t)CASES * EXPERIMENTS * CELLS, chances);
	plan_finish(&plan);
}

/* The test can fail: going by the interval's own ends is seen to be wrong. */
static void control(void **state)
{
	double chance;
	size_t low, high;
	size_t missed = simulate(
		NULL, two_sided_value, false, share_by_interval, &chance);

	(void)state;
	binomial_band(EXPERIMENTS * CELLS, chance, 0.001, &low, &high);
	print_message("by the interval: %zu of %d miss, band %zu to %zu\n",
		missed, EXPERIMENTS * CELLS, low, high);
	if (missed <= high)
		fail_msg("%zu misses are within %zu to %zu", missed, low, high);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(drawn),
		cmocka_unit_test(widest),
		cmocka_unit_test(begun),
		cmocka_unit_test(false_positives),
		cmocka_unit_test(control),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
