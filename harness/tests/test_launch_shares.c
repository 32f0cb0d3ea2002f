// SPDX-License-Identifier: MIT
//
// What share of the passes a cell takes part in, and in which of them.
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "launch_shares.h"

enum { PASSES = 300 };

/* Four times the cost is half the launches, down to a quarter. */
static void shares(void **state)
{
	static const struct {
		double start_ns, round_ns;
		bool failed;
		double want;
	} cases[] = {
		{9e6, 1e6, false, 1},
		{36e6, 4e6, false, 0.5},
		{10e6, 5e6, false, 0.6324555320336759},
		{9e9, 1e9, false, LAUNCH_SHARE_LEAST},
		{1e6, 1e3, true, 1},
		{NAN, 1e6, false, 1},
		{9e6, NAN, false, 1},
	};
	enum { CELLS = sizeof(cases) / sizeof(*cases) };
	struct plan_cell cells[CELLS] = {0};
	struct plan plan = {.cells = cells, .cell_count = CELLS};

	(void)state;
	for (size_t i = 0; i < CELLS; i++)
		cells[i] = (struct plan_cell){.rounds = 5,
			.start_ns = cases[i].start_ns,
			.round_ns = cases[i].round_ns,
			.failed = cases[i].failed};
	launch_shares(&plan);
	for (size_t i = 0; i < CELLS; i++)
		if (!(fabs(cells[i].share - cases[i].want) < 1e-12))
			fail_msg("cell %zu: %.17g, not %.17g", i,
				cells[i].share, cases[i].want);
}

/* Nothing was rehearsed: every cell in every pass. */
static void unknown(void **state)
{
	struct plan_cell cells[2] = {{.start_ns = NAN, .round_ns = NAN},
		{.start_ns = NAN, .round_ns = NAN}};
	struct plan plan = {.cells = cells, .cell_count = 2};

	(void)state;
	launch_shares(&plan);
	for (size_t i = 0; i < 2; i++)
		assert_true(cells[i].share == 1);
}

/* Its share of the passes, and as many launches of each link order. */
static void passes(void **state)
{
	static const double cases[] = {0.25, 0.3, 0.4999, 0.5, 0.77, 0.999, 1};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		unsigned of_order[LINK_ORDERS] = {0}, count = 0;

		for (unsigned pass = 0; pass < PASSES; pass++) {
			bool takes = launch_takes_part(cases[i], pass);

			if (pass < LAUNCH_PASSES_LEAST && !takes)
				fail_msg("share %g: not in pass %u", cases[i],
					pass);
			of_order[pass % LINK_ORDERS] += takes;
			count += takes;
		}
		for (unsigned j = 1; j < LINK_ORDERS; j++)
			if (of_order[j] != of_order[0])
				fail_msg("share %g: %u launches of link order "
					 "%u, %u of order 0",
					cases[i], of_order[j], j, of_order[0]);
		if (fabs(count - cases[i] * PASSES) >
			LAUNCH_PASSES_LEAST + LINK_ORDERS)
			fail_msg("share %g: in %u of %d passes", cases[i],
				count, PASSES);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shares),
		cmocka_unit_test(unknown),
		cmocka_unit_test(passes),
	};

	return cmocka_run_group_tests_name("launch_shares", tests, NULL, NULL);
}
