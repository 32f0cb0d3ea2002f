// SPDX-License-Identifier: MIT
//
// From lists to cells, and from cells to launches in order. Past 400 lines:
// the tables of cells and refusals are read against one another.
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

#define EIGHT_PUS "core:4 pu:2"

static struct topology *load(const char *synthetic)
{
	struct topology *topology;
	struct error error;

	if (topology_create(&topology, synthetic, &error) != 0)
		fail_msg("%s", error.text);
	return topology;
}

static void request_init(struct plan_request *request)
{
	memset(request, 0, sizeof(*request));
	request->launches = 4;
	request->rounds = 3;
	request->turn_us = 50;
	request->seed = 1;
	request->pin = true;
}

static void add_workload(struct plan_request *request, const char *text)
{
	request->workloads[request->workload_count++] = text;
}

static void add_threads(struct plan_request *request, unsigned threads)
{
	request->threads[request->thread_count++] = threads;
}

static void add_placement(
	struct plan_request *request, enum placement placement)
{
	request->placements[request->placement_count++] = placement;
}

static void add_allocator(struct plan_request *request, const char *name)
{
	snprintf(request->allocators[request->allocator_count++].name,
		LANE_TEXT, "%s", name);
}

/* Two of everything. */
static void fill(struct plan_request *request)
{
	request_init(request);
	add_workload(request, "pair");
	add_workload(request, "counter,work=50");
	add_workload(request, "pair,form=dependent,size=72");
	add_threads(request, 2);
	add_threads(request, 4);
	add_placement(request, PLACEMENT_CORES);
	add_placement(request, PLACEMENT_SMT);
	add_allocator(request, "system");
	add_allocator(request, "jemalloc");
}

static const char *const filled_cells[] = {
	"pair,size=64/system/t2",
	"pair,size=64/system/t2/smt",
	"pair,size=64/system/t4",
	"pair,size=64/system/t4/smt",
	"pair,size=64/jemalloc/t2",
	"pair,size=64/jemalloc/t2/smt",
	"pair,size=64/jemalloc/t4",
	"pair,size=64/jemalloc/t4/smt",
	"counter,work=50/system/t2",
	"counter,work=50/system/t2/smt",
	"counter,work=50/system/t4",
	"counter,work=50/system/t4/smt",
	"pair,size=72,form=dependent/system/t2",
	"pair,size=72,form=dependent/system/t2/smt",
	"pair,size=72,form=dependent/system/t4",
	"pair,size=72,form=dependent/system/t4/smt",
	"pair,size=72,form=dependent/jemalloc/t2",
	"pair,size=72,form=dependent/jemalloc/t2/smt",
	"pair,size=72,form=dependent/jemalloc/t4",
	"pair,size=72,form=dependent/jemalloc/t4/smt",
};

#define FILLED (sizeof(filled_cells) / sizeof(filled_cells[0]))

static void create(struct plan *plan, const struct plan_request *request,
	const struct topology *topology)
{
	struct error error;

	if (plan_create(plan, request, topology, &error) != 0)
		fail_msg("%s", error.text);
}

static void crossed(void **state)
{
	static struct plan_request request;
	struct topology *topology = load(EIGHT_PUS);
	struct plan plan;

	(void)state;
	fill(&request);
	create(&plan, &request, topology);
	for (size_t i = 0; i < FILLED && i < plan.cell_count; i++)
		assert_string_equal(plan.cells[i].name, filled_cells[i]);
	assert_int_equal(plan.cell_count, FILLED);
	assert_string_equal(plan.cells[0].workload, "pair,size=64");
	assert_string_equal(plan.cells[0].workload_name, "pair");
	assert_string_equal(plan.cells[0].params, "size=64,form=throughput");
	assert_string_equal(plan.cells[9].params, "work=50");
	assert_int_equal(plan.cells[3].threads, 4);
	assert_int_equal(plan.cells[3].counted_threads, 4);
	assert_int_equal(plan.cells[3].placement, PLACEMENT_SMT);
	assert_int_equal(plan.cells[4].allocator, 1);
	plan_finish(&plan);
	topology_destroy(topology);
}

/* The same cell asked for twice is one cell: its rows could not be told apart
 * in trials.csv. */
static void no_cell_twice(void **state)
{
	static struct plan_request request;
	struct topology *topology = load(EIGHT_PUS);
	struct plan plan;

	(void)state;
	request_init(&request);
	add_workload(&request, "pair");
	add_workload(&request, "pair,size=64");
	add_workload(&request, "pair,form=throughput");
	add_threads(&request, 2);
	add_threads(&request, 2);
	add_placement(&request, PLACEMENT_CORES);
	add_placement(&request, PLACEMENT_CORES);
	add_allocator(&request, "system");
	create(&plan, &request, topology);
	assert_int_equal(plan.cell_count, 1);
	assert_string_equal(plan.cells[0].name, "pair,size=64/system/t2");
	assert_int_equal(plan.launch_count, request.launches);
	plan_finish(&plan);
	topology_destroy(topology);
}

/* Every pass is one launch of every cell. */
static void every_pass_whole(void **state)
{
	static struct plan_request request;
	struct topology *topology = load(EIGHT_PUS);
	struct plan plan;
	size_t moved = 0;

	(void)state;
	fill(&request);
	create(&plan, &request, topology);
	assert_int_equal(plan.launch_count, FILLED * request.launches);
	for (unsigned pass = 0; pass < request.launches; pass++) {
		unsigned seen[FILLED] = {0};

		for (size_t i = 0; i < FILLED; i++) {
			const struct plan_launch *launch =
				&plan.launches[pass * FILLED + i];

			assert_in_range(launch->cell, 0, FILLED - 1);
			seen[launch->cell]++;
			moved += launch->cell != i;
			assert_int_equal(launch->launch, pass);
			assert_int_equal(launch->link_order, pass % 3);
			assert_in_range(launch->env_bytes, 0, 4095);
		}
		for (size_t i = 0; i < FILLED; i++)
			if (seen[i] != 1)
				fail_msg("pass %u holds %s %u times", pass,
					plan.cells[i].name, seen[i]);
	}
	assert_true(moved > FILLED);
	for (size_t i = 0; i < plan.launch_count; i++)
		for (size_t j = 0; j < i; j++)
			assert_true(
				plan.launches[i].seed != plan.launches[j].seed);
	plan_finish(&plan);
	topology_destroy(topology);
}

/* Every start from 0 to a page, about as often, the same for the same seed. */
static void heap_starts(void **state)
{
	enum { STARTS = PLAN_HEAP_BYTES / 16 + 1, LAUNCHES = 100 * STARTS };
	unsigned seen[STARTS] = {0};

	(void)state;
	for (uint64_t i = 0; i < LAUNCHES; i++) {
		struct plan_launch launch = {.seed = i}, again = launch;
		unsigned bytes = plan_heap_bytes(&launch);

		assert_int_equal(bytes % 16, 0);
		assert_in_range(bytes, 0, PLAN_HEAP_BYTES);
		assert_int_equal(plan_heap_bytes(&again), bytes);
		seen[bytes / 16]++;
	}
	for (unsigned i = 0; i < STARTS; i++)
		if (seen[i] < 50 || seen[i] > 150)
			fail_msg("%u bytes: %u of %d", 16 * i, seen[i],
				LAUNCHES);
}

static bool same_launches(const struct plan *one, const struct plan *other)
{
	for (size_t i = 0; i < one->launch_count; i++)
		if (one->launches[i].cell != other->launches[i].cell ||
			one->launches[i].seed != other->launches[i].seed ||
			one->launches[i].env_bytes !=
				other->launches[i].env_bytes)
			return false;
	return one->launch_count == other->launch_count;
}

static void same_seed_same_plan(void **state)
{
	static struct plan_request request;
	struct topology *topology = load(EIGHT_PUS);
	struct plan one, same, other;

	(void)state;
	fill(&request);
	create(&one, &request, topology);
	create(&same, &request, topology);
	request.seed = 2;
	create(&other, &request, topology);
	assert_true(same_launches(&one, &same));
	assert_false(same_launches(&one, &other));
	plan_finish(&one);
	plan_finish(&same);
	plan_finish(&other);
	topology_destroy(topology);
}

struct refusal {
	const char *workload;
	unsigned threads;
	enum placement placement;
	const char *error;
};

#define WORKLOADS "one of `serialbench list workloads`"

static const struct refusal refusals[] = {
	{"pear", 1, PLACEMENT_CORES,
		"--workload: unknown workload 'pear': " WORKLOADS},
	{"", 1, PLACEMENT_CORES, "--workload: unknown workload '': " WORKLOADS},
	{"pair,length=1", 1, PLACEMENT_CORES,
		"--workload: unknown parameter 'length': pair has size, form"},
	{"counter,work", 1, PLACEMENT_CORES,
		"--workload: parameter without a value 'work': write "
		"name=value"},
	{"counter,work=-1", 1, PLACEMENT_CORES,
		"--workload: bad value of work '-1': a whole number from 0 to "
		"1000000"},
	{"pair,size=1048577", 1, PLACEMENT_CORES,
		"--workload: bad value of size '1048577': a whole number from "
		"1 to 1048576"},
	{"pair,form=both", 1, PLACEMENT_CORES,
		"--workload: bad value of form 'both': throughput … "
		"dependent"},
	{"pair", 9, PLACEMENT_CORES, NULL},
	{"pair", 5, PLACEMENT_CORES, NULL},
	{"pair", 3, PLACEMENT_SMT, NULL},
	{"pair", 2, PLACEMENT_CROSS_NUMA, NULL},
	{"pair", 8, PLACEMENT_OVERSUBSCRIBED, NULL},
	{"relayed", 1, PLACEMENT_CORES, "--threads 1: relayed needs 2 or more"},
};

static void refused(void **state)
{
	struct topology *topology = load(EIGHT_PUS);

	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		static struct plan_request request;
		struct error error = {0}, place = {0};
		unsigned pus[TOPOLOGY_MAX_THREADS];
		struct plan plan;

		request_init(&request);
		add_workload(&request, refusals[i].workload);
		add_threads(&request, refusals[i].threads);
		add_placement(&request, refusals[i].placement);
		add_allocator(&request, "system");
		topology_place(topology, refusals[i].placement,
			refusals[i].threads, request.seed, pus, &place);
		if (plan_create(&plan, &request, topology, &error) == 0) {
			/* Four cores of two: five threads fit on eight PUs. */
			assert_true(refusals[i].error == NULL &&
				place.text[0] == '\0');
			plan_finish(&plan);
			continue;
		}
		assert_string_equal(error.text,
			refusals[i].error != NULL ? refusals[i].error
						  : place.text);
		assert_null(strchr(error.text, '\n'));
		assert_int_equal(plan.cell_count, 0);
	}
	topology_destroy(topology);
}

/* More threads than PUs only where that was asked for. */
static void more_threads_than_pus(void **state)
{
	static struct plan_request request;
	struct topology *topology = load("core:2 pu:1");
	struct error error = {0};
	struct plan plan;

	(void)state;
	request_init(&request);
	add_workload(&request, "pair");
	add_threads(&request, 3);
	add_placement(&request, PLACEMENT_CORES);
	add_allocator(&request, "system");
	assert_int_equal(plan_create(&plan, &request, topology, &error), -1);
	if (strstr(error.text, "3") == NULL ||
		strstr(error.text, "2") == NULL ||
		strstr(error.text, "oversubscribed") == NULL)
		fail_msg("'%s' names not 3 threads, 2 PUs and what is allowed",
			error.text);
	request.placements[0] = PLACEMENT_OVERSUBSCRIBED;
	create(&plan, &request, topology);
	assert_string_equal(
		plan.cells[0].name, "pair,size=64/system/t3/oversubscribed");
	plan_finish(&plan);

	/* "all" takes what exists. */
	request.placements_that_exist = true;
	request.placement_count = 0;
	request.threads[0] = 2;
	for (unsigned i = 0; i < PLACEMENTS; i++)
		add_placement(&request, (enum placement)i);
	create(&plan, &request, topology);
	assert_in_range(plan.cell_count, 1, PLACEMENTS - 1);
	assert_string_equal(plan.cells[0].name, "pair,size=64/system/t2");
	plan_finish(&plan);

	/* … but not nothing. */
	request.threads[0] = 400;
	request.placement_count = 1;
	error.text[0] = '\0';
	assert_int_equal(plan_create(&plan, &request, topology, &error), -1);
	assert_string_not_equal(&error, "");
	topology_destroy(topology);
}

/* Only the consumers of a relay count. */
static void counted_threads(void **state)
{
	static struct plan_request request;
	struct topology *topology = load(EIGHT_PUS);
	struct plan plan;

	(void)state;
	request_init(&request);
	add_workload(&request, "relayed");
	add_threads(&request, 4);
	add_placement(&request, PLACEMENT_CORES);
	add_allocator(&request, "system");
	create(&plan, &request, topology);
	assert_string_equal(plan.cells[0].name, "relayed/system/t4");
	assert_string_equal(plan.cells[0].params, "");
	assert_int_equal(plan.cells[0].counted_threads, 2);
	plan_finish(&plan);
	topology_destroy(topology);
}

/* A name that does not fit could not be told from another. */
static void name_too_long(void **state)
{
	static struct plan_request request;
	struct topology *topology = load(EIGHT_PUS);
	struct error error = {0};
	char name[LANE_TEXT];
	struct plan plan;

	(void)state;
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	request_init(&request);
	add_workload(&request, "pair");
	add_threads(&request, 1);
	add_placement(&request, PLACEMENT_CORES);
	add_allocator(&request, name);
	assert_int_equal(plan_create(&plan, &request, topology, &error), -1);
	assert_non_null(strstr(error.text, "pair,size=64/nnn"));
	topology_destroy(topology);
}

static void presets(void **state)
{
	static const struct {
		enum plan_preset preset;
		unsigned pus;
		size_t workloads;
		unsigned threads[6]; /* closed by 0 */
	} cases[] = {
		{PRESET_QUICK, 1, 2, {1}},
		{PRESET_QUICK, 2, 2, {1, 2}},
		{PRESET_QUICK, 8, 2, {1, 8}},
		{PRESET_STANDARD, 1, 30, {1}},
		{PRESET_STANDARD, 2, 30, {1, 2}},
		{PRESET_STANDARD, 8, 30, {1, 8}},
		{PRESET_THOROUGH, 1, 79, {1}},
		{PRESET_THOROUGH, 2, 79, {1, 2}},
		{PRESET_THOROUGH, 6, 79, {1, 2, 4, 6}},
		{PRESET_THOROUGH, 8, 79, {1, 2, 4, 8}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		static struct plan_request request;
		size_t count = 0;

		memset(&request, 0, sizeof(request));
		plan_apply_preset(&request, cases[i].preset, cases[i].pus);
		while (cases[i].threads[count] != 0)
			count++;
		if (request.thread_count != count ||
			memcmp(request.threads, cases[i].threads,
				count * sizeof(unsigned)) != 0)
			fail_msg("%s on %u PUs: %zu thread counts, from %u",
				plan_preset_name(cases[i].preset), cases[i].pus,
				request.thread_count, request.threads[0]);
		assert_int_equal(request.workload_count, cases[i].workloads);
		/* Fewer than six launches have no interval at 5 %. */
		assert_true(request.launches >= 6);
		assert_int_equal(request.rounds, 0); /* the pilot's */
		assert_true(request.turn_us > 0);
		assert_int_equal(request.placement_count, 1);
		assert_int_equal(request.placements[0], PLACEMENT_CORES);
		assert_false(request.confirmatory);
	}
}

static void presets_keep_what_is_asked(void **state)
{
	static struct plan_request request;

	(void)state;
	fill(&request);
	plan_apply_preset(&request, PRESET_THOROUGH, 8);
	assert_int_equal(request.workload_count, 3);
	assert_int_equal(request.thread_count, 2);
	assert_int_equal(request.placement_count, 2);
	assert_int_equal(request.launches, 4);
	assert_int_equal(request.rounds, 3);
	assert_int_equal(request.turn_us, 50);
	assert_true(request.confirmatory);
	assert_true(plan_is_headline(&request, "pair,size=3"));
	request.confirmatory = false;
	assert_true(plan_is_headline(&request, "counter,work=1000"));
	assert_false(plan_is_headline(&request, "pair,size=32768"));
}

/* plan.csv against the plan, line by line. */
static void written(void **state)
{
	static struct plan_request request;
	struct topology *topology = load(EIGHT_PUS);
	char path[] = "/tmp/serialbench-plan-XXXXXX", line[512], want[512];
	struct plan plan;
	FILE *file;

	(void)state;
	assert_non_null(mkdtemp(path));
	strcpy(want, path);
	strcat(want, "/plan.csv");
	fill(&request);
	create(&plan, &request, topology);
	assert_int_equal(plan_write(&plan, want), 0);
	file = fopen(want, "re");
	assert_non_null(file);
	unlink(want);
	rmdir(path);
	assert_non_null(fgets(line, sizeof(line), file));
	assert_string_equal(line,
		"order,cell,headline,launch,seed,link_order,env_bytes,rounds,"
		"turn_us\n");
	for (size_t i = 0; i < plan.launch_count; i++) {
		const struct plan_launch *launch = &plan.launches[i];
		const char *name = plan.cells[launch->cell].name;

		assert_non_null(fgets(line, sizeof(line), file));
		snprintf(want, sizeof(want),
			"%zu,\"%s\",%d,%u,%llu,%u,%u,3,50\n", i, name,
			plan.cells[launch->cell].headline, launch->launch,
			(unsigned long long)launch->seed, launch->link_order,
			launch->env_bytes);
		assert_string_equal(line, want);
	}
	assert_null(fgets(line, sizeof(line), file));
	fclose(file);
	assert_int_equal(plan_write(&plan, "/dev/null/plan.csv"), -1);
	plan_finish(&plan);
	topology_destroy(topology);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(crossed),
		cmocka_unit_test(no_cell_twice),
		cmocka_unit_test(every_pass_whole),
		cmocka_unit_test(heap_starts),
		cmocka_unit_test(same_seed_same_plan),
		cmocka_unit_test(refused),
		cmocka_unit_test(more_threads_than_pus),
		cmocka_unit_test(counted_threads),
		cmocka_unit_test(name_too_long),
		cmocka_unit_test(presets),
		cmocka_unit_test(presets_keep_what_is_asked),
		cmocka_unit_test(written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
