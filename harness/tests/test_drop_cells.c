// SPDX-License-Identifier: MIT
//
// Which cells a time budget drops, which lanes a launch has, and that with both
// every lane of every cell that stays has enough launches for a verdict.
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "drop_cells.h"
#include "launch_shares.h"
#include "plan_lanes.h"

enum { MOST_CELLS = 102, PASSES = 100, VARIANTS = 8 };

static struct plan_cell cells[MOST_CELLS];
static struct plan_launch launches[MOST_CELLS * PASSES];
static const struct alloc_backend *const lanes[VARIANTS] = {
	&(const struct alloc_backend){.variant = "none"},
	&(const struct alloc_backend){.variant = "global", .serial_bytes = 8},
	&(const struct alloc_backend){.variant = "atomic", .serial_bytes = 8},
	&(const struct alloc_backend){.variant = "tls", .serial_bytes = 8},
	&(const struct alloc_backend){.variant = "slot",
		.serial_bytes = 8,
		.allocates = true,
		.role = ALLOC_ROLE_CONTROL},
	&(const struct alloc_backend){
		.variant = "again", .allocates = true, .role = ALLOC_ROLE_COPY},
	&(const struct alloc_backend){.variant = "plain",
		.allocates = true,
		.role = ALLOC_ROLE_CONTROL},
	&(const struct alloc_backend){
		.variant = "null", .role = ALLOC_ROLE_CONTROL},
};

static struct plan_request request;
static struct plan plan;

static void begin_plan(void)
{
	memset(cells, 0, sizeof(cells));
	memset(&request, 0, sizeof(request));
	memcpy(request.variants, lanes, sizeof(lanes));
	request.variant_count = VARIANTS;
	request.control_spacing = PLAN_CONTROL_SPACING;
	request.launches = PASSES;
	plan = (struct plan){
		.request = &request, .cells = cells, .launches = launches};
}

/* In the order of the plan: pass by pass. */
static void add_launches(unsigned passes)
{
	request.launches = passes;
	plan.launch_count = 0;
	for (unsigned pass = 0; pass < passes; pass++)
		for (size_t i = 0; i < plan.cell_count; i++)
			launches[plan.launch_count++] = (struct plan_launch){
				.cell = i, .launch = pass, .left = true};
}

static void add_cell(const char *workload, size_t allocator, unsigned threads,
	bool headline, double ms)
{
	struct plan_cell *cell = &cells[plan.cell_count++];

	*cell = (struct plan_cell){.allocator = allocator,
		.threads = threads,
		.headline = headline,
		.rounds = 5,
		.start_ns = ms * 0.5e6,
		.round_ns = ms * 0.1e6};
	snprintf(cell->workload, sizeof(cell->workload), "%s", workload);
}

static void add_small_plan(void)
{
	begin_plan();
	add_cell("pair,size=64", 0, 1, true, 10);
	add_cell("pair,size=64", 0, 2, true, 20);
	add_cell("pair,size=64", 1, 1, true, 10);
	add_cell("pair,size=72", 0, 1, true, 10);
	add_cell("pair,size=72", 0, 2, true, 30);
	add_cell("swap", 0, 1, true, 90);
	add_cell("trace:a", 0, 1, true, 10);
	add_cell("trace:b", 0, 1, true, 10);
	add_cell("blowup", 0, 1, false, 1);
	add_launches(PASSES);
}

static void weights(void **state)
{
	static const enum cell_weight want[] = {WEIGHT_FIRST,
		WEIGHT_OTHER_THREADS, WEIGHT_OTHER_ALLOCATOR,
		WEIGHT_OTHER_PARAMETERS, WEIGHT_OTHER_PARAMETERS, WEIGHT_FIRST,
		WEIGHT_FIRST, WEIGHT_FIRST, WEIGHT_EXPLORATORY};

	(void)state;
	add_small_plan();
	for (size_t i = 0; i < plan.cell_count; i++)
		if (cell_weight(&plan, i) != want[i])
			fail_msg("cell %zu: weight %d, not %d", i,
				(int)cell_weight(&plan, i), (int)want[i]);
}

/* Budgets in ms for 17 launches of each; the cells as bits, the first lowest.
 * All of them are 191 ms a pass. */
static void dropped(void **state)
{
	static const struct {
		double room_ms;
		unsigned passes;
		unsigned want;
	} cases[] = {
		{17 * 191, PASSES, 0},
		{17 * 190.5, PASSES, 0x100}, /* exploratory */
		{17 * 189, PASSES, 0x110}, /* parameters: the longest first */
		{17 * 159, PASSES, 0x118},
		{17 * 149, PASSES, 0x11c}, /* allocator */
		{17 * 139, PASSES, 0x11e}, /* threads */
		{17 * 119, PASSES, 0x13e}, /* swap takes longest */
		{17 * 29, PASSES, 0x1be}, /* as long, but last in the plan */
		{0, PASSES, 0x1fe}, /* one is always left */
		/* Six launches of each are all that was asked for. */
		{6 * 191, 6, 0},
		{6 * 190.5, 6, 0x100},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		unsigned found = 0;
		size_t count;

		add_small_plan();
		add_launches(cases[i].passes);
		count = drop_cells(&plan, cases[i].room_ms * 1e6);
		for (size_t k = 0; k < plan.cell_count; k++)
			found |= (unsigned)cells[k].dropped << k;
		if (found != cases[i].want ||
			count != (size_t)__builtin_popcount(found))
			fail_msg("%g ms: cells %#x (%zu), not %#x",
				cases[i].room_ms, found, count, cases[i].want);
	}
}

static void room(void **state)
{
	static const struct {
		double budget, spent, want;
	} cases[] = {{200, 0, 200}, {200, 30, 170}, {200, 100, 100},
		{200, 150, 100}, {200, 900, 100}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (least_launches_room(cases[i].budget, cases[i].spent) !=
			cases[i].want)
			fail_msg("%g less %g: %g, not %g", cases[i].budget,
				cases[i].spent,
				least_launches_room(
					cases[i].budget, cases[i].spent),
				cases[i].want);
}

/* What is done, and what nobody has measured, is not dropped. */
static void kept(void **state)
{
	(void)state;
	add_small_plan();
	for (size_t i = 0; i < plan.launch_count; i++)
		if (launches[i].cell == 8 &&
			launches[i].launch < LAUNCHES_LEAST)
			launches[i].left = false;
	cells[4].round_ns = NAN;
	cells[3].failed = true;
	drop_cells(&plan, 0);
	for (size_t i = 0; i < plan.cell_count; i++) {
		bool want = i != 8 && i != 4 && i != 3;

		if (cells[i].dropped != want && i != 0)
			fail_msg("cell %zu: dropped %d, not %d", i,
				cells[i].dropped, want);
	}
}

/* One launch of three from the nineteenth on, of each link order. */
static void riding(void **state)
{
	unsigned of_order[LINK_ORDERS] = {0};

	(void)state;
	begin_plan();
	for (unsigned launch = 0; launch < 99; launch++)
		for (size_t lane = 0; lane < VARIANTS; lane++) {
			bool rides = plan_lane_rides(&request, lane, launch);

			if (!rides && (lane < 5 || launch < LAUNCHES_LEAST))
				fail_msg("%s is not in launch %u",
					lanes[lane]->variant, launch);
			if (lane == 5 && launch >= LAUNCH_PASSES_LEAST)
				of_order[launch % LINK_ORDERS] += rides;
		}
	for (unsigned i = 0; i < LINK_ORDERS; i++)
		assert_int_equal(of_order[i], 81 / 9);
	assert_int_equal(plan_lane_count(&request, 0), 8);
	assert_int_equal(plan_lane_count(&request, 18), 8);
	assert_int_equal(plan_lane_count(&request, 19), 5);
	/* Peers are compared with `plain`. */
	request.peer_count = 1;
	assert_int_equal(plan_lane_count(&request, 19), 6);
	request.control_spacing = 1;
	assert_int_equal(plan_lane_count(&request, 19), 8);
	/* The first lane is what others are held against. */
	request.control_spacing = PLAN_CONTROL_SPACING;
	request.variants[0] = lanes[5];
	assert_true(plan_lane_rides(&request, 0, 19));
}

/* 102 cells: as many workloads, allocators and thread counts as the standard
 * run has, of which some cost ten times what others do. */
static void add_standard_plan(double ms)
{
	char workload[32];

	begin_plan();
	for (unsigned i = 0; plan.cell_count < MOST_CELLS; i++) {
		snprintf(workload, sizeof(workload), "w%u,p=%u", i / 3, i % 3);
		for (size_t k = 0; k < 4 && plan.cell_count < MOST_CELLS; k++)
			add_cell(workload, k / 2, 1 + (unsigned)k % 2, true,
				ms * (1 + i % 10));
	}
	add_launches(PASSES);
}

/* The launches of each cell that has some, by the rules of the run: the fewest
 * of any lane. */
static unsigned fewest_of_any_lane(double budget_ns)
{
	static unsigned count[MOST_CELLS][VARIANTS];
	unsigned fewest = PASSES, pass = 0;

	memset(count, 0, sizeof(count));
	for (size_t i = 0; i < plan.launch_count; i++) {
		const struct plan_launch *launch = &launches[i];
		const struct plan_cell *cell = &cells[launch->cell];

		if (!plan_cell_runs(cell) ||
			!launch_takes_part(cell->share, launch->launch))
			continue;
		if (launch->launch != pass &&
			launch->launch >= LAUNCHES_LEAST && budget_ns <= 0)
			break;
		pass = launch->launch;
		budget_ns -= launch_ns(cell);
		for (size_t k = 0; k < VARIANTS; k++)
			count[launch->cell][k] +=
				plan_lane_rides(&request, k, launch->launch);
	}
	for (size_t i = 0; i < plan.cell_count; i++)
		for (size_t k = 0; k < VARIANTS && !cells[i].dropped; k++)
			if (count[i][k] < fewest)
				fewest = count[i][k];
	return fewest;
}

/* 2^(1-n) times as many comparisons as cells is below 5 %. */
static void enough_at_every_budget(void **state)
{
	unsigned decisive = 1;

	(void)state;
	while (ldexp(MOST_CELLS, 1 - (int)decisive) > 0.05)
		decisive++;
	assert_int_equal(decisive, 12);
	for (unsigned ms = 1; ms <= 90; ms += 11)
		for (unsigned budget_s = 10; budget_s <= 1000; budget_s += 30) {
			unsigned fewest;

			add_standard_plan(ms);
			launch_shares(&plan);
			drop_cells(&plan, budget_s * 1e9);
			fewest = fewest_of_any_lane(budget_s * 1e9);
			if (fewest < LAUNCHES_LEAST || fewest < decisive)
				fail_msg("%u ms, %u s: %u launches", ms,
					budget_s, fewest);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(weights),
		cmocka_unit_test(dropped),
		cmocka_unit_test(room),
		cmocka_unit_test(kept),
		cmocka_unit_test(riding),
		cmocka_unit_test(enough_at_every_budget),
	};

	return cmocka_run_group_tests_name("drop_cells", tests, NULL, NULL);
}
