// SPDX-License-Identifier: MIT
//
// The ledger's contrasts against figures worked out by expected_ledger.py, its
// sum rule on lanes with known parts, and a run directory read back.
#include <unistd.h>

#include "check.h"
#include "csv_writer.h"
#include "ledger.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { LAUNCHES = 8, ROUNDS = 3 };

static void test_names(void **state)
{
	static const struct {
		unsigned lane;
		const char *name;
	} cases[] = {
		{LEDGER_LANE(LEDGER_NONE, 0), "none_bare"},
		{LEDGER_LANE(LEDGER_NONE, LEDGER_ALL_ON), "none"},
		{LEDGER_LANE(LEDGER_SLOT, 5), "slot_gd"},
		{LEDGER_LANE(LEDGER_COUNTED, 10), "tls_cv"},
		{LEDGER_LANE(LEDGER_COUNTED, LEDGER_ALL_ON), "tls"},
		{LEDGER_PLAIN, "plain"},
		{LEDGER_GLOBAL, "global"},
		{LEDGER_ATOMIC, "atomic"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char name[LEDGER_NAME];

		ledger_lane_name(cases[i].lane, name);
		assert_string_equal(name, cases[i].name);
	}
}

/* (lane + 2) to the seventh, modulo 1009. */
static double scattered(unsigned lane)
{
	unsigned long power = 1;

	for (int i = 0; i < 7; i++)
		power = power * (lane + 2) % 1009;
	return (double)power;
}

static void test_effects(void **state)
{
	static const double want[LEDGER_ROWS] = {806, -678, 4.4375, 18.0625,
		71.5625, 94.4375, 121.375, -46.9375, -415.0625, -128.125, -556,
		-12.8125, -45, 349, -59, 165.625, -3.375, 205.375, -144.625,
		78.875, -322.875, -64.875, -148.375, 266.125, -82.125, -188.25,
		118.25, -521.75, 13.25, 88.25, -48.25, -191.25, 191.75, -355.75,
		381.25};
	double lanes[LEDGER_LANES], rows[LEDGER_ROWS];

	(void)state;
	for (unsigned i = 0; i < LEDGER_LANES; i++)
		lanes[i] = scattered(i);
	ledger_effects(lanes, rows);
	for (unsigned i = 0; i < LEDGER_ROWS; i++) {
		char what[32];

		snprintf(what, sizeof(what), "row %u", i);
		check_close(what, rows[i], want[i], 0);
	}
}

/* What a lane costs by its parts: plain 20, words 3, guards 2, clean 5, dead 7,
 * verification 4, bytes 1, counting 6; clean and dead together 2 less, with
 * guards 8 more; and `all` more where all five are on. */
static double lane_cost(unsigned lane, double all)
{
	unsigned features = lane % LEDGER_CHOICES;
	double ns = 23;

	if (lane == LEDGER_PLAIN)
		return 20;
	if (lane > LEDGER_PLAIN) /* as tls, with another counting */
		return lane_cost(LEDGER_LANE(LEDGER_COUNTED, LEDGER_ALL_ON),
			       all) +
			(lane == LEDGER_GLOBAL ? 10 : 20);
	ns += features & 1 ? 2 : 0;
	ns += features & 2 ? 5 : 0;
	ns += features & 4 ? 7 : 0;
	ns += features & 8 ? 4 : 0;
	ns -= (features & 6) == 6 ? 2 : 0;
	ns += (features & 7) == 7 ? 8 : 0;
	ns += lane / LEDGER_CHOICES >= LEDGER_SLOT ? 1 : 0;
	if (lane / LEDGER_CHOICES < LEDGER_COUNTED)
		return ns;
	return ns + 6 + (features == LEDGER_ALL_ON ? all : 0);
}

static void test_parts_add_up(void **state)
{
	static const struct {
		enum ledger_row row;
		double ns;
	} cases[] = {
		{LEDGER_ROW_PLAIN, 20},
		{LEDGER_ROW_WORDS, 3},
		{LEDGER_ROW_GUARDS, 4}, /* and a quarter of the 8 */
		{LEDGER_ROW_CLEAN_FILL, 6}, /* half of the 2 that both save */
		{LEDGER_ROW_DEAD_FILL, 8},
		{LEDGER_ROW_VERIFICATION, 4},
		{LEDGER_ROW_SERIAL_BYTES, 1},
		{LEDGER_ROW_COUNTING, 6},
		{LEDGER_ROW_SUM, 32},
		{LEDGER_ROW_THREES, 2},
		{LEDGER_ROW_WHOLE, 34},
		{LEDGER_ROW_REST, 0},
		{LEDGER_ROW_TLS, 6},
		{LEDGER_ROW_GLOBAL, 16},
		{LEDGER_ROW_ATOMIC, 26},
		{LEDGER_ROW_INTERACTIONS, 4}, /* half of the 8 */
		{LEDGER_ROW_INTERACTIONS + 4, 2}, /* clean fill x dead fill */
		{LEDGER_ROW_TRIPLES, 8},
		{LEDGER_ROW_TRIPLES + 1, 0},
	};
	double lanes[LEDGER_LANES], rows[LEDGER_ROWS];

	(void)state;
	for (unsigned i = 0; i < LEDGER_LANES; i++)
		lanes[i] = lane_cost(i, 0);
	ledger_effects(lanes, rows);
	for (size_t i = 0; i < COUNT(cases); i++) {
		char what[32];

		snprintf(what, sizeof(what), "row %d", (int)cases[i].row);
		check_close(what, rows[cases[i].row], cases[i].ns, 1e-12);
	}
}

/* Launches as ledger_estimate() takes them, with noise of `noise` in all lanes
 * and a speed of the machine that differs by launch. */
static void estimate(struct ledger_cell *cell, double all, double noise)
{
	static double relative[LAUNCHES * LEDGER_LANES], scale[LAUNCHES];
	uint64_t seed = 7;

	memset(cell, 0, sizeof(*cell));
	for (unsigned launch = 0; launch < LAUNCHES; launch++) {
		scale[launch] = 10;
		for (unsigned i = 0; i < LEDGER_LANES; i++)
			relative[launch * LEDGER_LANES + i] =
				lane_cost(i, all) / 10 *
				(1 + noise * (random_real(&seed) - 0.5));
	}
	assert_int_equal(ledger_estimate(cell, relative, scale, LAUNCHES), 0);
}

static void test_sum_rule(void **state)
{
	static const struct {
		double all, noise;
		const char *verdict;
	} cases[] = {
		{0, 0, "closes"},
		{0, 0.01, "closes"},
		/* A sixteenth of it is in no other row: 1 of 50 ns, 10 of
		 * 194, -6 of -66. */
		{16, 0, "closes"},
		{160, 0, "open"},
		{-100, 0.01, "open"},
		{0, 1, "undecided"},
	};
	struct ledger_cell cell;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct ledger_entry *rest =
			&cell.entries[LEDGER_ROW_REST];

		estimate(&cell, cases[i].all, cases[i].noise);
		if (strcmp(rest->verdict, cases[i].verdict) != 0)
			fail_msg("case %zu: %s (%g [%g, %g]), want %s", i,
				rest->verdict, rest->ns, rest->low, rest->high,
				cases[i].verdict);
		if (cases[i].noise == 0)
			check_close("rest", rest->ns, cases[i].all / 16, 1e-12);
	}
}

static void test_estimate(void **state)
{
	struct ledger_cell cell;

	(void)state;
	estimate(&cell, 0, 0);
	assert_int_equal(cell.launches, LAUNCHES);
	check_close("level", cell.level, 1 - 2.0 / 256, 1e-12);
	check_close(
		"dead fill", cell.entries[LEDGER_ROW_DEAD_FILL].ns, 8, 1e-12);
	check_close("low", cell.entries[LEDGER_ROW_DEAD_FILL].low, 8, 1e-12);
	check_close("its share", cell.entries[LEDGER_ROW_DEAD_FILL].share,
		8.0 / 34, 1e-12);
	assert_string_equal(cell.entries[LEDGER_ROW_INTERACTIONS + 4].part,
		"clean fill x dead fill");
	assert_string_equal(cell.entries[LEDGER_ROWS - 1].part,
		"dead fill x verification x serial");
	check_close("no bytes yet", cell.entries[LEDGER_ROW_WHOLE].slot_bytes,
		NAN, 0);
}

/* Blocks of 64 and 72 bytes, so many of each, on slots of 16 bytes and 8. */
static void fill_bytes(
	double blocks, double *asked, double *slots, double wrong)
{
	for (unsigned i = 0; i < LEDGER_LANES; i++) {
		double added = i == LEDGER_PLAIN ? 0 : 16;

		if (i < LEDGER_PLAIN) {
			added += i % LEDGER_CHOICES & 1 ? 8 : 0;
			added += i / LEDGER_CHOICES > LEDGER_NONE ? 8 : 0;
		} else if (i > LEDGER_PLAIN) {
			added = 32;
		}
		asked[i] = (64 + 72 + 2 * added) * blocks / 2;
		slots[i] = 0;
		for (int n = 64; n <= 72; n += 8)
			slots[i] += (ceil((n + added - 8) / 16) * 16 + 8) *
				blocks / 2;
	}
	slots[LEDGER_LANE(LEDGER_COUNTED, LEDGER_ALL_ON)] += wrong;
}

static void test_bytes(void **state)
{
	double asked[LEDGER_LANES], slots[LEDGER_LANES];
	struct ledger_cell cell;
	const struct ledger_entry *row = cell.entries;

	(void)state;
	estimate(&cell, 0, 0);
	fill_bytes(2002, asked, slots, 0);
	ledger_put_bytes(&cell, 2002, asked, slots);
	check_close("words", row[LEDGER_ROW_WORDS].asked_bytes, 16, 0);
	check_close("guards", row[LEDGER_ROW_GUARDS].asked_bytes, 8, 0);
	check_close("clean fill", row[LEDGER_ROW_CLEAN_FILL].asked_bytes, 0, 0);
	check_close("serial", row[LEDGER_ROW_SERIAL_BYTES].asked_bytes, 8, 0);
	check_close("counting", row[LEDGER_ROW_COUNTING].slot_bytes, 0, 0);
	check_close("sum", row[LEDGER_ROW_SUM].slot_bytes, 32, 0);
	check_close("whole", row[LEDGER_ROW_WHOLE].slot_bytes, 32, 0);
	assert_string_equal(row[LEDGER_ROW_REST].bytes_verdict, "exact");
	fill_bytes(2002, asked, slots, 8);
	ledger_put_bytes(&cell, 2002, asked, slots);
	assert_string_equal(row[LEDGER_ROW_REST].bytes_verdict, "inexact");
}

static void write_trials(const char *path, unsigned missing)
{
	struct csv_writer writer;

	assert_int_equal(csv_writer_create(&writer, path, trial_header), 0);
	for (unsigned launch = 0; launch < LAUNCHES; launch++)
		for (unsigned i = 0; i < ROUNDS * LEDGER_LANES; i++) {
			struct trial trial = {.schema_version = 1,
				.launch = launch,
				.round = i / LEDGER_LANES,
				.ops = 1};
			unsigned lane = i % LEDGER_LANES;

			if (lane == missing)
				continue;
			/* Launch and round slow all lanes down. */
			trial.ns_per_op = lane_cost(lane, 0) *
				(1 + 0.3 * (double)(trial.round % 2));
			strcpy(trial.cell, "pair/system/t1");
			strcpy(trial.status, "ok");
			ledger_lane_name(lane, trial.variant);
			assert_int_equal(trial_write(&writer, &trial), 0);
		}
	assert_int_equal(csv_writer_close(&writer), 0);
}

static void write_metrics(const char *path, const char *other)
{
	double asked[LEDGER_LANES], slots[LEDGER_LANES];
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fprintf(file, "metric,cell,variant,value,unit,note\n");
	fill_bytes(10, asked, slots, 0);
	for (unsigned i = 0; i < LEDGER_LANES; i++) {
		char name[LEDGER_NAME];

		ledger_lane_name(i, name);
#define ROW(metric, value)                                                     \
	fprintf(file, metric ",pair/system/t1,%s,%g,,\n", name, value)
		ROW("ledger_blocks", strcmp(name, other) == 0 ? 11.0 : 10.0);
		ROW("ledger_asked", asked[i]);
		ROW("ledger_slots", slots[i]);
#undef ROW
	}
	assert_int_equal(fclose(file), 0);
}

static void test_read(void **state)
{
	static const char *const names[] = {
		"trials.csv", "metrics.csv", "ledger.csv", NULL};
	struct check_directory directory;
	struct ledger ledger;
	struct error error;
	char trials[512], metrics[512], path[512];
	char *text;

	(void)state;
	check_directory_make(&directory);
	check_path(trials, &directory, "trials.csv");
	check_path(metrics, &directory, "metrics.csv");
	check_path(path, &directory, "ledger.csv");
	write_trials(trials, LEDGER_LANES);
	write_metrics(metrics, "");
	assert_int_equal(ledger_read(&ledger, directory.path, &error), 0);
	assert_int_equal(ledger.count, 1);
	assert_string_equal(ledger.cells[0].cell, "pair/system/t1");
	assert_int_equal(ledger.cells[0].launches, LAUNCHES);
	check_close("verification",
		ledger.cells[0].entries[LEDGER_ROW_VERIFICATION].ns, 4, 1e-9);
	check_close("guards",
		ledger.cells[0].entries[LEDGER_ROW_GUARDS].asked_bytes, 8, 0);
	assert_int_equal(ledger_write(&ledger, path), 0);
	text = check_read_file(path);
	check_contains(
		text, "cell,kind,part,ns,ci_low,ci_high,ci_level,share,");
	check_contains(text, "pair/system/t1,total,left over,");
	check_contains(text, ",8,closes,exact");
	free(text);
	ledger_finish(&ledger);

	/* Weighed over other blocks: no bytes rather than wrong ones. */
	write_metrics(metrics, "slot_cv");
	assert_int_equal(ledger_read(&ledger, directory.path, &error), 0);
	check_close("guards",
		ledger.cells[0].entries[LEDGER_ROW_GUARDS].asked_bytes, NAN, 0);
	ledger_finish(&ledger);

	unlink(trials);
	write_trials(trials, LEDGER_LANE(LEDGER_SLOT, 3));
	assert_int_equal(ledger_read(&ledger, directory.path, &error), -1);
	check_contains(error.text, "no launch has all lanes of a ledger");
	ledger_finish(&ledger);
	check_directory_finish(&directory, names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_effects),
		cmocka_unit_test(test_parts_add_up),
		cmocka_unit_test(test_sum_rule),
		cmocka_unit_test(test_estimate),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
