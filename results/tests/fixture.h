// SPDX-License-Identifier: MIT
//
// A run of two cells, one of them headline, set up anew for each test.
#ifndef SERIALBENCH_RESULTS_FIXTURE_H
#define SERIALBENCH_RESULTS_FIXTURE_H

#include "error_text.h"
#include "runs.h"

#define HEAD "pair,size=64/system/t2"
#define TAIL "churn/system/t1"
#define PLAN "order,cell,headline,seed\n0,\"" HEAD "\",1,7\n1," TAIL ",0,7\n"

static const struct compare_options standard = {.margin = 0.02, .alpha = 0.05};

static struct run run;
static struct comparison_list list;
static struct error error;

static int set_up(void **state)
{
	(void)state;
	run_start(&run);
	run_add_cell(&run, HEAD, RUN_LAUNCHES);
	run_add_cell(&run, TAIL, RUN_LAUNCHES);
	run_write_plan(&run, PLAN);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	comparison_list_finish(&list);
	run_finish(&run);
	return 0;
}

static void compare(const struct compare_options *options)
{
	comparison_list_finish(&list);
	run_write(&run);
	if (compare_run(&list, run.directory.path, options, &error) != 0)
		fail_msg("%s", error.text);
}

#define RUN_TEST(function)                                                     \
	cmocka_unit_test_setup_teardown(function, set_up, tear_down)

#endif /* SERIALBENCH_RESULTS_FIXTURE_H */
