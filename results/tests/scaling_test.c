// SPDX-License-Identifier: MIT
//
// Trials of a machine of eight PUs that keep the scalability law, up to noise:
// what is made of them, and of fewer.
#include "check.h"
#include "csv_table.h"
#include "csv_writer.h"
#include "scaling.h"

enum { COUNTS = 6, LAUNCHES = 12, ROUNDS = 3 };

static const unsigned thread_counts[COUNTS] = {1, 2, 3, 4, 6, 8};

static const struct {
	const char *variant;
	struct usl law;
} made[] = {
	{"none", {20, 0.01, 0, 0}},
	{"atomic", {18, 0.2, 0.02, 0}},
};

/* Noise of a launch, 1 % up or down, and one round of it that is far off. */
static void write_cell(struct csv_writer *writer, const char *format,
	unsigned threads, unsigned launches, uint64_t *random)
{
	for (size_t v = 0; v < 2; v++)
		for (unsigned i = 0; i < launches; i++) {
			double noise = 0.99 + 0.02 * random_real(random);

			for (unsigned j = 0; j < ROUNDS; j++) {
				struct trial trial = {.schema_version = 1,
					.launch = i,
					.round = j,
					.ops = 100};

				snprintf(trial.cell, sizeof(trial.cell), format,
					threads);
				strcpy(trial.variant, made[v].variant);
				strcpy(trial.status, "ok");
				trial.ns_per_op = noise * (j == 1 ? 3 : 1) *
					1000 / usl_rate(&made[v].law, threads);
				assert_int_equal(
					trial_write(writer, &trial), 0);
			}
		}
}

static void write_run(
	const char *path, const char *format, size_t counts, unsigned launches)
{
	struct csv_writer writer;
	uint64_t random = 7;

	assert_int_equal(csv_writer_create(&writer, path, trial_header), 0);
	for (size_t i = 0; i < counts; i++)
		write_cell(
			&writer, format, thread_counts[i], launches, &random);
	assert_int_equal(csv_writer_close(&writer), 0);
}

#define CELL "pair,size=64/system/t%u/packed"

static void within(
	const char *what, double low, double middle, double high, double law)
{
	if (!(low <= middle && middle <= high) || law < low - 1e-3 ||
		law > high + 1e-3)
		fail_msg("%s: %g [%g, %g], made from %g", what, middle, low,
			high, law);
}

static void eight_threads(const char *run)
{
	struct scaling scaling, again;
	struct error error = {0};

	if (scaling_read(&scaling, run, &error) != 0)
		fail_msg("%s", error.text);
	assert_int_equal(scaling.count, 2);
	for (size_t i = 0; i < 2; i++) {
		const struct scaling_item *item = &scaling.items[i];
		const struct usl *law = &made[1 - i].law;

		assert_string_equal(item->variant, made[1 - i].variant);
		assert_string_equal(
			item->cells, "pair,size=64/system/t*/packed");
		assert_string_equal(item->status, "estimated");
		assert_int_equal(item->thread_counts, COUNTS);
		assert_int_equal(item->launches, LAUNCHES);
		within("gamma", item->low.gamma, item->fit.gamma,
			item->high.gamma, law->gamma);
		within("alpha", item->low.alpha, item->fit.alpha,
			item->high.alpha, law->alpha);
		within("beta", item->low.beta, item->fit.beta, item->high.beta,
			law->beta);
		check_true("an interval", item->low.gamma < item->high.gamma);
		check_true(
			"a close one", item->high.gamma - item->low.gamma < 2);
		check_true("a good fit", item->fit.error < 0.02);
	}
	/* The draw is the same every time. */
	assert_int_equal(scaling_read(&again, run, &error), 0);
	check_close(
		"low", again.items[0].low.alpha, scaling.items[0].low.alpha, 0);
	check_close("high", again.items[0].high.beta,
		scaling.items[0].high.beta, 0);
	scaling_finish(&again);
	scaling_finish(&scaling);
	scaling_finish(NULL);
}

static void estimated(void **state)
{
	static const char *const names[] = {"trials.csv", "scaling.csv", NULL};
	struct check_directory directory;
	struct csv_table table;
	struct scaling scaling;
	struct error error = {0};
	char path[512];

	(void)state;
	check_directory_make(&directory);
	check_path(path, &directory, "trials.csv");
	write_run(path, CELL, COUNTS, LAUNCHES);
	eight_threads(directory.path);
	assert_int_equal(scaling_read(&scaling, directory.path, &error), 0);
	check_path(path, &directory, "scaling.csv");
	assert_int_equal(scaling_write(&scaling, path), 0);
	assert_int_equal(scaling_write(&scaling, path), -1);
	if (csv_table_read(&table, path, &error) != 0)
		fail_msg("%s", error.text);
	assert_int_equal(table.rows, 2);
#define REAL(row, name)                                                        \
	csv_table_real(&table, row, csv_table_column(&table, name))
	for (size_t i = 0; i < 2; i++) {
		check_close("alpha", REAL(i, "alpha"),
			scaling.items[i].fit.alpha, 0);
		check_close("beta_high", REAL(i, "beta_high"),
			scaling.items[i].high.beta, 0);
		check_close("gamma", REAL(i, "gamma_mops"),
			scaling.items[i].fit.gamma, 0);
	}
	check_close("peak", REAL(0, "peak_threads"),
		usl_peak(&scaling.items[0].fit), 0);
#undef REAL
	csv_table_finish(&table);
	scaling_finish(&scaling);
	check_directory_finish(&directory, names);
}

static void not_estimable(void **state)
{
	static const char *const names[] = {"trials.csv", NULL};
	static const struct {
		const char *cell;
		size_t counts;
		unsigned launches;
		const char *status; /* NULL: there is no item */
	} cases[] = {
		{CELL, 2, LAUNCHES,
			"not estimable: 2 thread counts, six needed"},
		{CELL, 5, LAUNCHES,
			"not estimable: 5 thread counts, six needed"},
		{CELL, 1, LAUNCHES,
			"not estimable: 1 thread count, six needed"},
		{CELL, COUNTS, 5,
			"not estimable: 5 launches at a thread count, six "
			"needed"},
		{CELL, COUNTS, 1,
			"not estimable: 1 launch at a thread count, six "
			"needed"},
		{"no-threads/%u", COUNTS, LAUNCHES, NULL},
		/* More threads than PUs take turns. */
		{"pair/system/t%u/oversubscribed", COUNTS, LAUNCHES, NULL},
		{CELL, 0, 0, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct check_directory directory;
		struct scaling scaling;
		struct error error = {0};
		char path[512];

		check_directory_make(&directory);
		check_path(path, &directory, "trials.csv");
		write_run(path, cases[i].cell, cases[i].counts,
			cases[i].launches);
		if (scaling_read(&scaling, directory.path, &error) != 0)
			fail_msg("case %zu: %s", i, error.text);
		assert_int_equal(
			scaling.count, cases[i].status == NULL ? 0 : 2);
		for (size_t k = 0; k < scaling.count; k++) {
			const struct scaling_item *item = &scaling.items[k];

			if (strcmp(item->status, cases[i].status) != 0)
				fail_msg("case %zu: '%s'", i, item->status);
			assert_true(isnan(item->fit.gamma) &&
				isnan(item->fit.alpha) &&
				isnan(item->fit.beta) &&
				isnan(item->low.beta) &&
				isnan(item->high.alpha) &&
				isnan(usl_peak(&item->fit)));
		}
		scaling_finish(&scaling);
		check_directory_finish(&directory, names);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(estimated),
		cmocka_unit_test(not_estimable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
