// SPDX-License-Identifier: MIT
//
// trials.csv against its plan: what counts as a whole launch, where it lies in
// the file, and what is no row of the plan's.
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "csv_writer.h"
#include "trials_scan.h"

enum { LANES = 3, ROUNDS = 2, LAUNCHES = 3, ALL = LANES * ROUNDS };

static char folder[] = "/tmp/serialbench-scan-XXXXXX";
static char path[64];
static struct plan_request request;
static struct plan_cell cells[] = {
	{.name = "a,b=1/system/t1", .rounds = ROUNDS},
	{.name = "c/system/t1", .rounds = ROUNDS}};
static struct plan_launch launches[2 * LAUNCHES];
static const struct plan plan = {.request = &request,
	.cells = cells,
	.cell_count = 2,
	.launches = launches,
	.launch_count = 2 * LAUNCHES};

/* What is written: a launch of the plan by its order, of so many rows, ended
 * as it says. */
struct piece {
	size_t order;
	unsigned rows;
	enum lane_status status; /* of row `bad` */
	unsigned bad;
	bool late; /* the bad row is of no round, and first */
};

static void fill_row(struct trial *row, const struct piece *piece, unsigned i)
{
	const struct plan_launch *launch = &launches[piece->order];
	unsigned turn = piece->late && i > 0 ? i - 1 : i;
	bool bad = piece->status != LANE_OK && i == piece->bad;

	memset(row, 0, sizeof(*row));
	row->schema_version = RECORD_SCHEMA_VERSION;
	snprintf(row->cell, RECORD_TEXT, "%s", cells[launch->cell].name);
	row->launch = launch->launch;
	row->seed = launch->seed;
	row->link_order = launch->link_order;
	row->env_bytes = launch->env_bytes;
	row->round = bad && piece->late ? ROUNDS : turn / LANES;
	row->position = turn % LANES;
	row->ns_per_op = 1;
	row->ops = bad ? 1 : 100;
	row->checksum = 5 + row->round;
	row->excluded = row->round == 1;
	snprintf(row->variant, RECORD_TEXT, "%s",
		request.variants[(turn + row->round) % LANES]->variant);
	snprintf(row->build_id, RECORD_TEXT, "build");
	snprintf(row->allocator_version, RECORD_TEXT, "version");
	snprintf(row->status, RECORD_TEXT, "%s",
		lane_status_name(bad ? piece->status : LANE_OK));
	snprintf(row->exclude_reason, RECORD_TEXT, "%s",
		bad ? "it says \"no\", twice" : "");
}

/* How a row is made wrong. */
typedef void spoil(struct trial *row);

static void write_trials(const struct piece *pieces, size_t count,
	spoil *spoil_row, unsigned spoiled)
{
	struct csv_writer writer;
	struct trial row;
	unsigned written = 0;

	unlink(path);
	assert_int_equal(csv_writer_create(&writer, path, trial_header), 0);
	for (size_t i = 0; i < count; i++)
		for (unsigned j = 0; j < pieces[i].rows; j++) {
			fill_row(&row, &pieces[i], j);
			if (spoil_row != NULL && written == spoiled)
				spoil_row(&row);
			assert_int_equal(trial_write(&writer, &row), 0);
			written++;
		}
	csv_writer_close(&writer);
}

#define WHOLE(order)                                                           \
	{                                                                      \
		order, ALL, LANE_OK, 0, false                                  \
	}
#define MOST 4

static const struct {
	const char *what;
	struct piece pieces[MOST];
	size_t count, whole; /* pieces, and launches that are found */
	bool failed; /* the last that is found */
	bool open; /* the rounds of the cells are not known */
} cases[] = {
	{"nothing", {{0}}, 0, 0, false},
	{"whole launches", {WHOLE(0), WHOLE(1), WHOLE(2)}, 3, 3, false},
	{"in another order", {WHOLE(4), WHOLE(1)}, 2, 2, false},
	{"one row", {WHOLE(0), {1, 1, LANE_OK, 0, false}}, 2, 1, false},
	{"all rows but one", {WHOLE(0), {1, ALL - 1, LANE_OK, 0, false}}, 2, 1,
		false},
	{"crashed at once", {WHOLE(0), {1, 1, LANE_CRASHED, 0, false}}, 2, 2,
		true},
	{"hung amid", {WHOLE(0), {1, 5, LANE_HUNG, 4, false}}, 2, 2, true},
	{"and went on", {{1, 5, LANE_HUNG, 4, false}, WHOLE(0)}, 2, 2, false},
	{"miscounted", {WHOLE(0), {1, ALL, LANE_MISCOUNTED, 4, false}}, 2, 2,
		true},
	{"miscounted first", {{1, LANES, LANE_MISCOUNTED, 0, false}}, 1, 1,
		true},
	{"miscounted, half a round", {{1, 5, LANE_MISCOUNTED, 3, false}}, 1, 0,
		false},
	{"damaged", {WHOLE(0), {1, ALL + 1, LANE_DAMAGED, 0, true}}, 2, 2,
		true},
	{"damaged, a row less", {WHOLE(0), {1, ALL, LANE_DAMAGED, 0, true}}, 2,
		1, false},
	{"damaged, one row", {{1, 1, LANE_DAMAGED, 0, true}}, 1, 0, false},
	{"any", {WHOLE(0), {1, LANES, LANE_OK, 0, 0}}, 2, 2, 0, true},
	{"any, torn", {WHOLE(0), {1, 4, LANE_OK, 0, 0}}, 2, 1, 0, true},
	{"any, hung", {{1, 5, LANE_HUNG, 4, false}}, 1, 1, true, true},
	{"any, late", {{1, ALL + 1, LANE_DAMAGED, 0, 1}}, 1, 1, true, true},
	{"any, a row less", {{1, ALL, LANE_DAMAGED, 0, 1}}, 1, 0, 0, true},
};

static off_t file_bytes(void)
{
	struct stat file;

	assert_int_equal(stat(path, &file), 0);
	return file.st_size;
}

static void append(const char *text)
{
	FILE *file = fopen(path, "ae");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void found(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct trials_scan scan;
		struct error error = {0};
		off_t whole;

		cells[0].rounds = cells[1].rounds = cases[i].open ? 0 : ROUNDS;
		write_trials(cases[i].pieces, cases[i].whole, NULL, 0);
		whole = file_bytes();
		write_trials(cases[i].pieces, cases[i].count, NULL, 0);
		append("1,torn");
		if (trials_scan(&scan, &plan, path, &error) != 0)
			fail_msg("%s: %s", cases[i].what, error.text);
		if (scan.count != cases[i].whole)
			fail_msg("%s: %zu launches, not %zu", cases[i].what,
				scan.count, cases[i].whole);
		assert_int_equal(scan.whole, whole);
		assert_int_equal(scan.header, strlen(trial_header) + 1);
		for (size_t j = 0; j < scan.count; j++) {
			const struct trials_launch *launch = &scan.launches[j];
			bool failed = cases[i].pieces[j].status != LANE_OK;
			unsigned rounds = cases[i].pieces[j].rows / LANES;

			assert_ptr_equal(launch->launch,
				&launches[cases[i].pieces[j].order]);
			assert_int_equal(launch->from,
				j == 0 ? scan.header : scan.launches[j - 1].to);
			assert_int_equal(launch->failed, failed);
			assert_int_equal(launch->rounds, failed ? 0 : rounds);
			assert_int_equal(
				launch->rounds_excluded, !failed && rounds > 1);
		}
		if (scan.count > 0) {
			assert_int_equal(
				scan.launches[scan.count - 1].to, scan.whole);
			assert_int_equal(scan.launches[scan.count - 1].failed,
				cases[i].failed);
		}
		trials_scan_finish(&scan);
	}
	cells[0].rounds = cells[1].rounds = ROUNDS;
}

static void other_cell(struct trial *row)
{
	snprintf(row->cell, RECORD_TEXT, "x/system/t1");
}

static void other_launch(struct trial *row)
{
	row->launch = LAUNCHES;
}

static void other_seed(struct trial *row)
{
	row->seed++;
}

static void other_link_order(struct trial *row)
{
	row->link_order = 9;
}

static void other_environment(struct trial *row)
{
	row->env_bytes++;
}

static void other_build(struct trial *row)
{
	snprintf(row->build_id, RECORD_TEXT, "old");
}

static void other_version(struct trial *row)
{
	snprintf(row->allocator_version, RECORD_TEXT, "old");
}

static void other_round(struct trial *row)
{
	row->round++;
}

static void other_position(struct trial *row)
{
	row->position = 0;
}

static void other_checksum(struct trial *row)
{
	row->checksum++;
}

static void no_seed(struct trial *row)
{
	row->seed = RECORD_NO_COUNT;
}

static void other_variant(struct trial *row)
{
	snprintf(row->variant, RECORD_TEXT, "\x1b[2Jmine");
}

static void same_variant(struct trial *row)
{
	snprintf(row->variant, RECORD_TEXT, "%s", request.variants[0]->variant);
}

static void other_role(struct trial *row)
{
	snprintf(row->role, RECORD_TEXT, "extra");
}

static void other_status(struct trial *row)
{
	snprintf(row->status, RECORD_TEXT, "fine");
}

static void negative_time(struct trial *row)
{
	row->wall_ns = -1;
}

static const struct {
	spoil *spoil;
	unsigned row;
	const char *error; /* behind the path */
} spoiled[] = {
	{other_cell, 0,
		":2:cell: 'x/system/t1': allowed is a cell and launch of "
		"plan.csv"},
	{other_cell, ALL,
		":8:cell: 'x/system/t1': allowed is a cell and launch of "
		"plan.csv"},
	{other_launch, 0,
		":2:cell: 'a,b=1/system/t1': allowed is a cell and launch of "
		"plan.csv"},
	{other_seed, 2, ":4:seed: '11': allowed is 10 here"},
	{no_seed, 2, ":4:seed: '': allowed is 10 here"},
	{other_variant, 1,
		":3:variant: '?[2Jmine': allowed is a variant of the run's "
		"meta.json"},
	{same_variant, 1,
		":3:round: a second row of round 0 of launch 0, variant none, "
		"as in line 2"},
	{same_variant, ALL + 2,
		":10:round: a second row of round 0 of launch 0, variant none, "
		"as in line 8"},
	{other_role, 5,
		":7:role: \"extra\": allowed is variant, control, peer, "
		"planted or baseline copy"},
	{other_status, 5,
		":7:status: \"fine\": allowed is ok, failed, crashed, hung, "
		"miscounted or damaged"},
	{negative_time, 5, ":7:wall_ns: \"-1\" is below 0"},
	{other_link_order, 2, ":4:link_order: '9': allowed is 0 here"},
	{other_environment, 2, ":4:env_bytes: '51': allowed is 50 here"},
	{other_build, 0, ":2:build_id: 'old': allowed is build"},
	{other_version, 7, ":9:allocator_version: 'old': allowed is version"},
	{other_round, 2, ":4:round: '1': allowed is 0 here"},
	{other_position, 2, ":4:position: '0': allowed is 2 here"},
	{other_checksum, 2,
		":4:checksum: 'a,b=1/system/t1': allowed is the operations of "
		"the round's first turn"},
};

static void refused(void **state)
{
	static const struct piece two[] = {WHOLE(0), WHOLE(1)};
	static const struct piece twice[] = {WHOLE(0), WHOLE(1), WHOLE(0)};
	static const struct piece failed_twice[] = {
		WHOLE(0), WHOLE(1), {0, 1, LANE_CRASHED, 0, false}};
	static const struct piece amid[] = {
		{0, 4, LANE_OK, 0, false}, WHOLE(1)};
	struct trials_scan scan;
	struct error error;
	char want[ERROR_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof(spoiled) / sizeof(spoiled[0]); i++) {
		write_trials(two, 2, spoiled[i].spoil, spoiled[i].row);
		assert_int_equal(trials_scan(&scan, &plan, path, &error), -1);
		snprintf(want, sizeof(want), "%s%s", path, spoiled[i].error);
		assert_string_equal(error.text, want);
		trials_scan_finish(&scan);
	}
	write_trials(twice, 3, NULL, 0);
	assert_int_equal(trials_scan(&scan, &plan, path, &error), -1);
	assert_non_null(strstr(error.text,
		":14:round: a second row of round 0 of launch 0, variant none, "
		"as in line 2"));
	trials_scan_finish(&scan);
	write_trials(failed_twice, 3, NULL, 0);
	assert_int_equal(trials_scan(&scan, &plan, path, &error), -1);
	assert_non_null(strstr(
		error.text, ":14:launch: '0': allowed is each launch once"));
	trials_scan_finish(&scan);
	write_trials(amid, 2, NULL, 0);
	assert_int_equal(trials_scan(&scan, &plan, path, &error), -1);
	snprintf(want, sizeof(want),
		"%s:5:launch: 'a,b=1/system/t1': allowed is a launch that is "
		"whole, but at the end of the file",
		path);
	assert_string_equal(error.text, want);
	trials_scan_finish(&scan);
	unlink(path);
	assert_int_equal(trials_scan(&scan, &plan, path, &error), -1);
	assert_non_null(strstr(error.text, "No such file"));
	trials_scan_finish(&scan);
	append("schema_version,run_id\n");
	assert_int_equal(trials_scan(&scan, &plan, path, &error), -1);
	assert_non_null(
		strstr(error.text, "other columns than this build writes"));
	trials_scan_finish(&scan);
}

static int set_up(void **state)
{
	(void)state;
	request = (struct plan_request){.variant_count = LANES,
		.launches = LAUNCHES,
		.allocator_count = 1};
	for (unsigned i = 0; i < LANES; i++)
		request.variants[i] = alloc_backends[i];
	snprintf(request.allocators[0].identity.build_id, 64, "build");
	snprintf(request.allocators[0].identity.allocator_version, LANE_TEXT,
		"version");
	for (unsigned i = 0; i < 2 * LAUNCHES; i++)
		launches[i] = (struct plan_launch){.cell = i % 2,
			.launch = i / 2,
			.seed = 10 + i,
			.link_order = i / 2,
			.env_bytes = 50 + i};
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/trials.csv", folder);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(found),
		cmocka_unit_test(refused),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
