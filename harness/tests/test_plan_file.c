// SPDX-License-Identifier: MIT
//
// plan.csv there and back, and damaged ones, by line and column.
//
// Over 400 lines: the tables of what is refused, each with its exact message.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "plan_file.h"
#include "text_file.h"

static char folder[] = "/tmp/serialbench-plan-file-XXXXXX";
static char path[64];
static struct topology *topology;

static const char *const cells[] = {"pair,size=64/system/t1",
	"pair,size=64/jemalloc/t1", "pair,size=64/system/t2/smt",
	"pair,size=64/jemalloc/t2/smt", "counter,work=7/system/t1",
	"counter,work=7/system/t2/smt"};
#define CELLS (sizeof(cells) / sizeof(cells[0]))

static void name_allocators(struct plan_request *request)
{
	snprintf(request->allocators[0].name, LANE_TEXT, "system");
	snprintf(request->allocators[1].name, LANE_TEXT, "jemalloc");
	request->allocator_count = 2;
}

static void fill(struct plan_request *request, uint64_t seed)
{
	*request = (struct plan_request){
		.workloads = {"pair", "counter,work=7"},
		.workload_count = 2,
		.threads = {1, 2},
		.thread_count = 2,
		.placements = {PLACEMENT_CORES, PLACEMENT_SMT},
		.placement_count = 2,
		.launches = 3,
		.rounds = 4,
		.turn_us = 50,
		.seed = seed,
		.pin = true,
	};
	name_allocators(request);
	request->variants[request->variant_count++] = alloc_backends[0];
}

/* The cells above, and an order in which every pass has each of them. */
static void create(
	struct plan *plan, struct plan_request *request, uint64_t seed)
{
	struct error error = {0};

	memset(plan, 0, sizeof(*plan));
	fill(request, seed);
	plan->request = request;
	for (size_t i = 0; i < CELLS; i++) {
		bool pair = i < 4, one = i < 2 || i == 4;

		assert_int_equal(
			plan_add_cell(plan, request->workloads[!pair],
				pair ? i % 2 : 0, one ? 1 : 2,
				one ? PLACEMENT_CORES : PLACEMENT_SMT, &error),
			0);
		assert_string_equal(plan->cells[i].name, cells[i]);
		plan->cells[i].headline = i % 2 == 0;
	}
	plan->launches =
		calloc(CELLS * request->launches, sizeof(*plan->launches));
	assert_non_null(plan->launches);
	for (size_t i = 0; i < CELLS * request->launches; i++)
		plan->launches[plan->launch_count++] = (struct plan_launch){
			.cell = (i * 5 + i / CELLS) % CELLS,
			.launch = (unsigned)(i / CELLS),
			.seed = seed * 0x9e3779b97f4a7c15u * (i + 1),
			.link_order = (unsigned)(i % LINK_ORDERS),
			.env_bytes = (unsigned)i * 7,
			.left = true,
		};
}

static int read_back(
	struct plan *plan, struct plan_request *request, struct error *error)
{
	memset(request, 0, sizeof(*request));
	name_allocators(request);
	request->variants[request->variant_count++] = alloc_backends[0];
	request->pin = true;
	return plan_read(plan, request, cells, CELLS, path, error);
}

static void there_and_back(void **state)
{
	static struct plan_request request, again;
	struct error error = {0};
	char id[PLAN_ID], id_again[PLAN_ID];
	struct plan plan, other;

	(void)state;
	create(&plan, &request, 3);
	assert_int_equal(plan_write(&plan, path), 0);
	if (read_back(&other, &again, &error) != 0)
		fail_msg("%s", error.text);
	unlink(path);
	assert_int_equal(other.cell_count, CELLS);
	assert_int_equal(other.launch_count, plan.launch_count);
	assert_int_equal(again.launches, request.launches);
	assert_int_equal(again.rounds, request.rounds);
	assert_int_equal(plan_most_rounds(&other), request.rounds);
	assert_int_equal(again.turn_us, request.turn_us);
	for (size_t i = 0; i < CELLS; i++)
		assert_memory_equal(&other.cells[i].threads,
			&plan.cells[i].threads, sizeof(unsigned));
	for (size_t i = 0; i < plan.launch_count; i++) {
		assert_int_equal(other.launches[i].seed, plan.launches[i].seed);
		assert_true(other.launches[i].left);
	}
	plan_identify(&plan, id);
	plan_identify(&other, id_again);
	assert_string_equal(id, id_again);
	other.launches[7].env_bytes++;
	plan_identify(&other, id_again);
	assert_string_not_equal(id, id_again);
	again.pin = false;
	other.launches[7].env_bytes--;
	plan_identify(&other, id_again);
	assert_string_not_equal(id, id_again);
	plan_finish(&plan);
	plan_finish(&other);
}

/* Every launch is in one shard, and every shard has every cell. */
static void shards(void **state)
{
	static struct plan_request request;
	unsigned shards_of[18] = {0};

	(void)state;
	for (unsigned shard = 1; shard <= 3; shard++) {
		unsigned seen[CELLS] = {0};
		struct plan plan;

		create(&plan, &request, 1);
		plan_take_shard(&plan, shard, 3);
		for (size_t i = 0; i < plan.launch_count; i++) {
			shards_of[i] += plan.launches[i].left;
			seen[plan.launches[i].cell] += plan.launches[i].left;
		}
		for (size_t i = 0; i < CELLS; i++)
			assert_int_equal(seen[i], 1);
		assert_ptr_equal(plan_find_launch(&plan, cells[2], 1),
			&plan.launches[6 + 5]);
		assert_null(plan_find_launch(&plan, cells[2], 3));
		assert_null(plan_find_launch(&plan, "none", 0));
		plan_finish(&plan);
	}
	for (size_t i = 0; i < 18; i++)
		assert_int_equal(shards_of[i], 1);
}

#define HEADER                                                                 \
	"order,cell,headline,launch,seed,link_order,env_bytes,rounds,turn_"    \
	"us\n"
#define COUNT "': allowed is a whole number from 0 to "

static const struct {
	const char *text, *error; /* behind the path */
} damaged[] = {
	{"", ":1:1: no header line"},
	{"order,cell\n", ":1:3: no column \"headline\""},
	{HEADER, ":2:cell: 0 launches of 6 cells: a plan has as many of each"},
	{HEADER "0,x,1,0,1,0,0,4,50\n",
		":3:cell: 1 launches of 6 cells: a plan has as many of each"},
	{HEADER "0,x,1,0,1,0,0,4,50\n1,2\n",
		":3:headline: no such field: the row has 2, the header 9"},
};

/* Rows of one pass; the first that is wrong is told by its column. */
static const struct {
	const char *row, *error; /* of line 3; behind "path:3:" */
} wrong_rows[] = {
	{"1,\"%s\",2,0,1,0,0,4,50", "headline: '2" COUNT "1"},
	{"1,\"%s\",1,1,1,0,0,4,50",
		"launch: '1': allowed is the number of the pass, from 0"},
	{"2,\"%s\",1,0,1,0,0,4,50",
		"order: '2': allowed is the number of the row, from 0"},
	{"1,\"%s\",1,0,-1,0,0,4,50", "seed: '-1" COUNT "18446744073709551615"},
	{"1,\"%s\",1,0,,0,0,4,50", "seed: '" COUNT "18446744073709551615"},
	{"1,\"%s\",1,0,1,3,0,4,50", "link_order: '3" COUNT "2"},
	{"1,\"%s\",1,0,1,0,4096,4,50", "env_bytes: '4096" COUNT "4095"},
	{"1,\"%s\",1,0,1,0,0,5,50",
		"rounds: '5': allowed is the same number above 0, or none, in "
		"every row"},
	{"1,\"%s\",1,0,1,0,0,0,50",
		"rounds: '0': allowed is the same number above 0, or none, in "
		"every row"},
	{"1,\"%s\",1,0,1,0,0,,50",
		"rounds: '': allowed is the same number above 0, or none, in "
		"every row"},
	{"1,\"%s\",1,0,1,0,0,4,51",
		"turn_us: '51': allowed is the same number above 0 in every "
		"row"},
	{"1,none,1,0,1,0,0,4,50",
		"cell: 'none': allowed is a cell of the run's meta.json"},
	{"1,\"pair,size=64/system/t1\",1,0,1,0,0,4,50",
		"cell: 'pair,size=64/system/t1': allowed is each cell once in "
		"a "
		"pass"},
};

static void write_pass(const char *wrong)
{
	char text[2048] = HEADER;

	for (size_t i = 0; i < CELLS; i++) {
		char *end = text + strlen(text);
		size_t room = sizeof(text) - strlen(text);

		if (i == 1)
			snprintf(end, room, wrong, cells[i]);
		else
			snprintf(end, room, "%zu,\"%s\",1,0,1,0,0,4,50", i,
				cells[i]);
		strcat(text, "\n");
	}
	write_text(path, text);
}

static void refused(void **state)
{
	static struct plan_request request;
	struct error error;
	char want[ERROR_TEXT];
	struct plan plan;

	(void)state;
	for (size_t i = 0; i < sizeof(damaged) / sizeof(damaged[0]); i++) {
		write_text(path, damaged[i].text);
		assert_int_equal(read_back(&plan, &request, &error), -1);
		snprintf(want, sizeof(want), "%s%s", path, damaged[i].error);
		assert_string_equal(error.text, want);
		assert_int_equal(plan.cell_count, 0);
	}
	for (size_t i = 0; i < sizeof(wrong_rows) / sizeof(wrong_rows[0]);
		i++) {
		write_pass(wrong_rows[i].row);
		assert_int_equal(read_back(&plan, &request, &error), -1);
		snprintf(want, sizeof(want), "%s:3:%s", path,
			wrong_rows[i].error);
		assert_string_equal(error.text, want);
	}
	write_pass("1,\"%s\",1,0,1,0,0,4,50");
	assert_int_equal(read_back(&plan, &request, &error), 0);
	plan_finish(&plan);
	unlink(path);
}

/* Names that no plan of this build has. */
static void wrong_cells(void **state)
{
	static const char *const names[] = {"", "pair", "pair,size=64/t1",
		"pair,size=64/system", "pair,size=64/system/1",
		"pair,size=64/system/t1x", "pair,size=64/system/t1/cores",
		"pair,size=64/system/t2/nowhere", "pair,size=64/tcmalloc/t1",
		"pair/system/t1", "nothing/system/t1",
		"counter,work=7/jemalloc/t1", "pair,size=64/system/t0",
		"pair,size=64/system/t01", "pair,size=64/system/t-1",
		"pair,size=64/system/t4294967295", "\n\x1b[2J"};
	static struct plan_request request;
	struct error error;
	char place[96];
	struct plan plan;

	(void)state;
	write_pass("1,\"%s\",1,0,1,0,0,4,50");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		memset(&request, 0, sizeof(request));
		name_allocators(&request);
		if (plan_read(&plan, &request, &names[i], 1, path, &error) == 0)
			fail_msg("'%s' is taken", names[i]);
		assert_null(strpbrk(error.text, "\n\x1b"));
		snprintf(place, sizeof(place), "%s:8:cell: cell '%.20s", path,
			names[i][0] != '\n' ? names[i] : "");
		if (strncmp(error.text, place, strlen(place)) != 0)
			fail_msg("\"%s\", not \"%s…\"", error.text, place);
	}
	unlink(path);
}

/* It is in the plan, and no cell of this build. */
static void cell_of_other_build(void **state)
{
	static const char *const name = "triple,size=64/system/t1";
	static struct plan_request request;
	struct error error;
	char want[ERROR_TEXT];
	struct plan plan;

	(void)state;
	write_text(path,
		HEADER "0,\"pair,size=64/system/t1\",1,0,1,0,0,4,50\n"
		       "1,\"triple,size=64/system/t1\",1,0,1,0,0,4,50\n");
	memset(&request, 0, sizeof(request));
	name_allocators(&request);
	assert_int_equal(
		plan_read(&plan, &request, &name, 1, path, &error), -1);
	snprintf(want, sizeof(want),
		"%s:3:cell: cell 'triple,size=64/system/t1' of the run's "
		"meta.json: --workload: ",
		path);
	error.text[strlen(want)] = '\0';
	assert_string_equal(error.text, want);
	unlink(path);
}

/* A plan that names no rounds is another than one that does. */
static void open_rounds(void **state)
{
	static struct plan_request request, again;
	struct error error = {0};
	char id[PLAN_ID], id_again[PLAN_ID];
	struct plan plan, other;

	(void)state;
	create(&plan, &request, 3);
	plan_identify(&plan, id_again);
	request.rounds = 0;
	plan_identify(&plan, id);
	assert_string_not_equal(id, id_again);
	assert_int_equal(plan_write(&plan, path), 0);
	if (read_back(&other, &again, &error) != 0)
		fail_msg("%s", error.text);
	unlink(path);
	plan_identify(&other, id_again);
	assert_string_equal(id, id_again);
	assert_int_equal(again.rounds, 0);
	assert_int_equal(plan_most_rounds(&other), 0);
	plan_finish(&plan);
	plan_finish(&other);
}

static int set_up(void **state)
{
	struct error error;

	(void)state;
	if (mkdtemp(folder) == NULL ||
		topology_create(&topology, "core:4 pu:2", &error) != 0)
		return -1;
	snprintf(path, sizeof(path), "%s/file.csv", folder);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	topology_destroy(topology);
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(open_rounds),
		cmocka_unit_test(shards),
		cmocka_unit_test(refused),
		cmocka_unit_test(wrong_cells),
		cmocka_unit_test(cell_of_other_build),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
