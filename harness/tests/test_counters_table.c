// SPDX-License-Identifier: MIT
//
// counters.csv from a plan of one cell: where the runner finds no counters,
// and where it does, with workers on this machine's own kernel.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "counters_table.h"
#include "csv_table.h"
#include "fake_perf.h"

enum { OPS = 5000, ROUNDS = 3 };

static const char *const columns[] = {
	"cycles", "instructions", "cache_misses", "l1d_load_misses"};

static void make_plan(struct plan *plan, struct plan_request *request,
	const struct topology *topology)
{
	struct error error;

	*request = (struct plan_request){
		.workloads = {"pair,size=64"},
		.workload_count = 1,
		.threads = {1},
		.thread_count = 1,
		.placements = {PLACEMENT_CORES},
		.placement_count = 1,
		.variants = {alloc_backend_find("none"),
			alloc_backend_find("null")},
		.variant_count = 2,
		.allocator_count = 1,
		.launches = 2,
		.rounds = ROUNDS,
		.seed = 1,
	};
	if (allocator_find(&request->allocators[0], "system", &error) != 0 ||
		plan_create(plan, request, topology, &error) != 0)
		fail_msg("%s", error.text);
	assert_int_equal(plan->cell_count, 1);
	plan->cells[0].ops = OPS;
	plan->cells[0].warmup_ops = 100;
}

static void read_back(struct csv_table *table, const char *path)
{
	struct error error;

	if (csv_table_read(table, path, &error) != 0)
		fail_msg("%s", error.text);
	unlink(path);
	assert_int_equal(table->rows, 2);
}

static const char *field(
	const struct csv_table *table, size_t row, const char *column)
{
	return csv_table_text(table, row, csv_table_column(table, column));
}

/* All fields of counts are empty, or none that a machine must have. */
static void check_row(const struct csv_table *table, size_t row)
{
	bool counted = strcmp(field(table, row, "status"), "counted") == 0;

	assert_string_equal(
		field(table, row, "cell"), "pair,size=64/system/t1");
	assert_string_equal(
		field(table, row, "variant"), row == 0 ? "none" : "null");
	for (size_t i = 0; i < 4 && !counted; i++)
		assert_string_equal(field(table, row, columns[i]), "");
	assert_true(!counted || field(table, row, "cycles")[0] != '\0');
}

static void tables(void **state)
{
	char path[] = "/tmp/serialbench-counters-XXXXXX/a.csv";
	struct error error;
	char *slash = strrchr(path, '/');
	struct topology *topology;
	struct plan_request request;
	struct csv_table table;
	struct plan plan;

	(void)state;
#ifdef HARNESS_TESTS_SANITIZED
	print_message("a sanitizer takes the worker's malloc over\n");
	skip();
#endif
	*slash = '\0';
	assert_non_null(mkdtemp(path));
	*slash = '/';
	if (topology_create(&topology, NULL, &error) != 0)
		fail_msg("%s", error.text);
	make_plan(&plan, &request, topology);
	for (int can = 0; can < 2; can++) {
		memset(&fake, 0, sizeof(fake));
		fake.errors[PERF_CYCLES] = can ? 0 : EACCES;
		assert_int_equal(counters_table_write(
					 &plan, topology, 20000000000u, path),
			0);
		read_back(&table, path);
		for (size_t i = 0; i < 2; i++) {
			check_row(&table, i);
			if (can)
				assert_int_equal(
					csv_table_real(&table, i,
						csv_table_column(
							&table, "ops")),
					OPS * ROUNDS);
			else
				assert_non_null(
					strstr(field(&table, i, "status"),
						"EACCES (Permission denied)"));
			assert_true(can || field(&table, i, "ops")[0] == '\0');
		}
		csv_table_finish(&table);
	}
	plan_finish(&plan);
	topology_destroy(topology);
	*slash = '\0';
	assert_int_equal(rmdir(path), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(tables)};

	perf_system = &fake_system;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
