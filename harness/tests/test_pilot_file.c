// SPDX-License-Identifier: MIT
//
// pilot.csv there and back, and damaged ones, by line and column.
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

#include "pilot_file.h"
#include "text_file.h"

static char folder[] = "/tmp/serialbench-pilot-file-XXXXXX";
static char path[64];

#define CELLS 6

/* pair on two allocators, and counters. */
static void create(
	struct plan *plan, struct plan_request *request, unsigned rounds)
{
	struct error error = {0};
	char text[32];

	*request = (struct plan_request){
		.rounds = rounds, .variant_count = 1, .allocator_count = 2};
	request->variants[0] = alloc_backends[0];
	snprintf(request->allocators[0].name, LANE_TEXT, "system");
	snprintf(request->allocators[1].name, LANE_TEXT, "jemalloc");
	*plan = (struct plan){.request = request};
	for (size_t i = 0; i < CELLS; i++) {
		snprintf(text, sizeof(text),
			i < 2 ? "pair" : "counter,work=%zu", i);
		if (plan_add_cell(plan, text, i == 1, 1, PLACEMENT_CORES,
			    &error) != 0)
			fail_msg("%s", error.text);
	}
	assert_int_equal(plan->cell_count, CELLS);
}

#define PILOT_HEADER                                                           \
	"cell,ops,warmup_ops,alone_ns_per_op,relay_ns_per_op,rounds,round_sd," \
	"start_ns,round_ns\n"
#define OF_PAIR "\"pair,size=64/system/t1\","
#define IN_FULL "': allowed is a whole number from "
#define REAL "': allowed is a number from 0"

#define REHEARSED ",5,0.1,1e6,2e6\n"
#define OPS_MOST "281474976710655"

static const struct {
	const char *text, *error; /* behind the path */
} wrong_pilots[] = {
	{"cell,ops,alone_ns_per_op,relay_ns_per_op\n",
		":1:5: no column \"warmup_ops\""},
	{"cell,ops,warmup_ops,alone_ns_per_op,relay_ns_per_op\n",
		":1:6: no column \"rounds\""},
	{PILOT_HEADER OF_PAIR "0,1,1,1" REHEARSED,
		":2:ops: '0" IN_FULL "1 to " OPS_MOST},
	{PILOT_HEADER "\"other\ncell\",,,,,,,,\n" OF_PAIR "3,-1,1,1" REHEARSED,
		":4:warmup_ops: '-1" IN_FULL "0 to " OPS_MOST},
	{PILOT_HEADER OF_PAIR "281474976710656,1,1,1" REHEARSED,
		":2:ops: '281474976710656" IN_FULL "1 to " OPS_MOST},
	{PILOT_HEADER OF_PAIR "3,,1,1" REHEARSED,
		":2:warmup_ops: '" IN_FULL "0 to " OPS_MOST},
	{PILOT_HEADER OF_PAIR "3,1,fast,1" REHEARSED,
		":2:alone_ns_per_op: 'fast" REAL},
	{PILOT_HEADER OF_PAIR "3,1,1,-2.5" REHEARSED,
		":2:relay_ns_per_op: '-2.5" REAL},
	{PILOT_HEADER OF_PAIR "3,1,1,1,,0.1,1,1\n",
		":2:rounds: '" IN_FULL "1 to 10000"},
	{PILOT_HEADER OF_PAIR "3,1,1,1,0,0.1,1,1\n",
		":2:rounds: '0" IN_FULL "1 to 10000"},
	{PILOT_HEADER OF_PAIR "3,1,1,1,10001,0.1,1,1\n",
		":2:rounds: '10001" IN_FULL "1 to 10000"},
	{PILOT_HEADER OF_PAIR "3,1,1,1,4.5,0.1,1,1\n",
		":2:rounds: '4.5" IN_FULL "1 to 10000"},
	{PILOT_HEADER OF_PAIR "3,1,1,1,5,wide,1,1\n",
		":2:round_sd: 'wide" REAL},
	{PILOT_HEADER OF_PAIR "3,1,1,1,5,0.1,-1,1\n", ":2:start_ns: '-1" REAL},
	{PILOT_HEADER OF_PAIR "3,1,1,1,5,0.1,1,nan\n",
		":2:round_ns: 'nan" REAL},
	{PILOT_HEADER OF_PAIR "3,1,1\n",
		":2:relay_ns_per_op: no such field: the row has 4, the header "
		"9"},
	{PILOT_HEADER OF_PAIR "3,1,1,1" REHEARSED OF_PAIR "3,1,1,1" REHEARSED,
		":3:cell: a second row for cell 'pair,size=64/system/t1', as "
		"in line 2"},
	{PILOT_HEADER OF_PAIR "3,1,1,1" REHEARSED,
		":3:cell: no row for cell 'pair,size=64/jemalloc/t1'"},
};

static void refused_pilots(void **state)
{
	static struct plan_request request;
	struct error error = {0};
	char want[ERROR_TEXT];
	struct plan plan;

	(void)state;
	create(&plan, &request, 4);
	for (size_t i = 0; i < sizeof(wrong_pilots) / sizeof(wrong_pilots[0]);
		i++) {
		write_text(path, wrong_pilots[i].text);
		assert_int_equal(pilot_file_read(&plan, path, &error), -1);
		snprintf(want, sizeof(want), "%s%s", path,
			wrong_pilots[i].error);
		assert_string_equal(error.text, want);
	}
	unlink(path);
	plan_finish(&plan);
}

/* What a pilot settled, with rounds where the run names none. */
static void settle(struct plan *plan)
{
	for (size_t i = 0; i < CELLS; i++) {
		struct plan_cell *cell = &plan->cells[i];

		cell->ops = 1000 + i;
		cell->warmup_ops = i;
		cell->alone_ns_per_op = 1.0 / (double)(i + 1);
		cell->relay_ns_per_op = 0.1;
		if (plan->request->rounds > 0)
			continue;
		cell->rounds = 3 + (unsigned)i;
		cell->round_sd = 0.01 / (double)(i + 1);
		cell->start_ns = 1e7 + (double)i;
		cell->round_ns = 1e6 / 3;
	}
	plan->cells[2].failed = true;
	plan->cells[3].ops = 0; /* no launch of it */
}

static bool same_real(double a, double b)
{
	return isnan(a) ? isnan(b) : a == b;
}

static void check_pilots(const struct plan *plan, const struct plan *other)
{
	for (size_t i = 0; i < CELLS; i++) {
		const struct plan_cell *a = &plan->cells[i];
		const struct plan_cell *b = &other->cells[i];

		assert_int_equal(b->failed, i == 2 || i == 3);
		if (b->failed)
			continue;
		assert_int_equal(b->ops, 1000 + i);
		assert_int_equal(b->warmup_ops, i);
		assert_true(a->alone_ns_per_op == b->alone_ns_per_op);
		assert_int_equal(b->rounds, a->rounds);
		assert_true(same_real(b->round_sd, a->round_sd));
		assert_true(same_real(b->start_ns, a->start_ns));
		assert_true(same_real(b->round_ns, a->round_ns));
	}
}

/* Rounds that are named, and rounds that the pilot chose. */
static void pilots(void **state)
{
	static struct plan_request request, again;
	struct error error = {0};
	struct plan plan, other;

	(void)state;
	for (unsigned named = 0; named <= 4; named += 4) {
		create(&plan, &request, named);
		create(&other, &again, named);
		settle(&plan);
		assert_int_equal(pilot_file_write(&plan, path), 0);
		if (pilot_file_read(&other, path, &error) != 0)
			fail_msg("%s", error.text);
		check_pilots(&plan, &other);
		assert_int_equal(plan_most_rounds(&plan), named ? 4 : 8);
		plan_finish(&other);
		/* The plan's own number is right, whatever the file says. */
		create(&other, &again, 7);
		assert_int_equal(pilot_file_read(&other, path, &error), 0);
		for (size_t i = 0; i < CELLS; i++)
			assert_int_equal(other.cells[i].rounds, 7);
		unlink(path);
		plan_finish(&plan);
		plan_finish(&other);
	}
}

static int set_up(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/pilot.csv", folder);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refused_pilots),
		cmocka_unit_test(pilots),
	};

	return cmocka_run_group_tests_name(
		"pilot_file", tests, set_up, tear_down);
}
