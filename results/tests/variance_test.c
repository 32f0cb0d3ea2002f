// SPDX-License-Identifier: MIT
//
// Variance components: a table worked by hand, data whose components are
// known, and the way from trials.csv to variance.csv.
#include "check.h"
#include "csv_writer.h"
#include "statistics.h"
#include "variance.h"

enum { MOST = 20000, RUNS = 400 };

static struct variance_round rounds[MOST];

/*
 * Two link orders of two launches of two rounds. By hand: within launches the
 * sum of squares is 4 · 0.5, on 4 degrees; launches lie at 1, 4 and 10, 14:
 * squares 2 · (4.5 + 8) on 2 degrees; link orders at 2.5 and 12: 4 · 2 · 4.75²
 * on 1. So 0.5; (12.5 − 0.5)/2 = 6; (180.5 − 12.5)/4 = 42.
 */
static void test_by_hand(void **state)
{
	static const double means[] = {1, 4, 10, 14};
	struct variance_parts parts;
	struct variance_shares shares;

	(void)state;
	for (unsigned i = 0; i < 8; i++)
		rounds[i] = (struct variance_round){
			.y = means[i / 2] + (i % 2 == 0 ? -0.5 : 0.5),
			.link_order = i / 4,
			.launch = i / 2};
	variance_estimate(&parts, rounds, 8);
	assert_int_equal(parts.link_orders, 2);
	assert_int_equal(parts.launches, 4);
	assert_int_equal(parts.rounds, 8);
	check_close("round", parts.round, sqrt(0.5), 1e-12);
	check_close("launch", parts.launch, sqrt(6), 1e-12);
	check_close("link order", parts.link_order, sqrt(42), 1e-12);
	shares = variance_share(&parts);
	check_close("share of rounds", shares.round, 0.5 / 48.5, 1e-12);
	check_close("share of launches", shares.launch, 6 / 48.5, 1e-12);
	check_close(
		"share of link orders", shares.link_order, 42 / 48.5, 1e-12);
}

/* Launches of one link order need not be as many, nor rounds of a launch. */
static size_t draw(const double deviations[3], unsigned orders,
	unsigned launches, unsigned most_rounds, bool even, uint64_t *seed)
{
	size_t count = 0;
	unsigned launch = 0;

	for (unsigned i = 0; i < orders; i++) {
		double order_part =
			deviations[0] * normal_quantile(random_real(seed));
		unsigned of_order = even ? launches : launches - i % 3;

		for (unsigned j = 0; j < of_order; j++, launch++) {
			double part = order_part +
				deviations[1] *
					normal_quantile(random_real(seed));
			unsigned n =
				even ? most_rounds : 1 + (i + j) % most_rounds;

			for (unsigned k = 0; k < n; k++)
				rounds[count++] = (struct variance_round){
					.y = 100 + part +
						deviations[2] *
							normal_quantile(
								random_real(
									seed)),
					.link_order = i,
					.launch = launch};
		}
	}
	return count;
}

/* The mean of many estimates is what the data were made with: 0 or below is
 * shown as 0, so of a component that is small the mean comes out above. */
static void test_known(void **state)
{
	static const double cases[][3] = {
		{3, 2, 1}, {1, 3, 1}, {0.5, 1, 3}, {2, 2, 2}, {0, 0, 2}};

	(void)state;
	for (size_t c = 0; c < 2 * sizeof(cases) / sizeof(cases[0]); c++) {
		const double *want = cases[c / 2];
		double sums[3] = {0}, all = 0;
		uint64_t seed = 3 + c;

		for (unsigned run = 0; run < RUNS; run++) {
			struct variance_parts parts;
			size_t count = draw(want, 30, 8, 5, c % 2 == 0, &seed);

			variance_estimate(&parts, rounds, count);
			sums[0] += parts.link_order * parts.link_order / RUNS;
			sums[1] += parts.launch * parts.launch / RUNS;
			sums[2] += parts.round * parts.round / RUNS;
		}
		for (int i = 0; i < 3; i++)
			all += want[i] * want[i];
		for (int i = 0; i < 3; i++)
			if (fabs(sums[i] - want[i] * want[i]) > 0.03 * all)
				fail_msg("case %zu, part %d: variance %g, not "
					 "%g",
					c, i, sums[i], want[i] * want[i]);
	}
}

/* One round in fifty is a hundred times too far: it hardly counts. */
static void test_wild(void **state)
{
	static const double want[] = {1, 2, 2};
	static double room[MOST];
	double sums[2][3] = {{0}};
	uint64_t seed = 21;

	(void)state;
	for (unsigned run = 0; run < RUNS; run++) {
		size_t count = draw(want, 30, 8, 5, true, &seed);

		for (size_t i = 0; i < count; i += 50)
			rounds[i].y += 200;
		for (int tame = 0; tame < 2; tame++) {
			struct variance_parts parts;

			variance_estimate(&parts, rounds, count);
			sums[tame][0] += parts.link_order / RUNS;
			sums[tame][1] += parts.launch / RUNS;
			sums[tame][2] += parts.round / RUNS;
			variance_draw_in(rounds, room, count);
		}
	}
	check_true("wild rounds outweigh the others", sums[0][2] > 5 * want[2]);
	for (int i = 0; i < 3; i++)
		if (fabs(sums[1][i] - want[i]) > 0.2 * want[i])
			fail_msg("part %d: deviation %g, not %g", i, sums[1][i],
				want[i]);
}

/* No more launches than link orders, or no more rounds than launches. */
static void test_not_estimable(void **state)
{
	static const double ones[] = {1, 1, 1};
	static const struct {
		unsigned orders, launches, rounds;
	} cases[] = {{1, 10, 5}, {3, 1, 5}, {3, 10, 1}, {0, 0, 0}};
	uint64_t seed = 8;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct variance_parts parts;
		size_t count = draw(ones, cases[i].orders, cases[i].launches,
			cases[i].rounds, true, &seed);

		variance_estimate(&parts, rounds, count);
		check_close("link order", parts.link_order, NAN, 0);
		check_close("launch", parts.launch, NAN, 0);
		check_close("round", parts.round, NAN, 0);
		check_close("share", variance_share(&parts).launch, NAN, 0);
	}
}

/* Below 0 is shown as 0: launches that are nearer than their rounds allow. */
static void test_negative(void **state)
{
	struct variance_parts parts;

	(void)state;
	for (unsigned i = 0; i < 24; i++)
		rounds[i] = (struct variance_round){
			.y = i % 2, .link_order = i / 12, .launch = i / 4};
	variance_estimate(&parts, rounds, 24);
	check_close("launch", parts.launch, 0, 0);
	check_close("link order", parts.link_order, 0, 0);
	check_close("round", variance_share(&parts).round, 1, 0);
	for (unsigned i = 0; i < 24; i++)
		rounds[i].y = 7;
	variance_estimate(&parts, rounds, 24);
	check_close("nothing scatters", variance_share(&parts).round, NAN, 0);
}

/* The table by hand as trials: the baseline drifts, one round is left out. */
static void write_trials(const char *path)
{
	static const double means[] = {1, 4, 10, 14};
	struct csv_writer writer;

	assert_int_equal(csv_writer_create(&writer, path, trial_header), 0);
	for (unsigned i = 0; i < 24; i++) {
		unsigned launch = i / 6, round = i % 6 / 2, lane = i % 2;
		double log_ratio = means[launch] + (round == 0 ? -0.5 : 0.5);
		struct trial trial = {.schema_version = 1,
			.launch = launch,
			.round = round,
			.link_order = launch / 2,
			.ops = 100,
			.excluded = round == 2,
			.ns_per_op = exp(0.3 * (i / 2) + lane * log_ratio)};

		strcpy(trial.cell, "pair/system/t1");
		strcpy(trial.variant, lane == 0 ? "none" : "tls");
		strcpy(trial.status, "ok");
		trial.ns_per_op *= round == 2 ? 50 * (lane + 1) : 1;
		assert_int_equal(trial_write(&writer, &trial), 0);
	}
	assert_int_equal(csv_writer_close(&writer), 0);
}

static void test_files(void **state)
{
	static const char *const names[] = {
		"trials.csv", "variance.csv", "line.txt", NULL};
	struct check_directory directory;
	struct variances variances;
	struct error error = {0};
	char path[512], *text;
	FILE *file;

	(void)state;
	check_directory_make(&directory);
	check_path(path, &directory, names[0]);
	write_trials(path);
	if (variances_read(&variances, directory.path, "none", &error) != 0)
		fail_msg("%s", error.text);
	assert_int_equal(variances.count, 1);
	assert_string_equal(variances.items[0].cell, "pair/system/t1");
	assert_string_equal(variances.items[0].variant, "tls");
	assert_int_equal(variances.items[0].parts.rounds, 8);
	check_close("launch", variances.items[0].parts.launch, sqrt(6), 1e-9);
	check_close("link order", variances.items[0].parts.link_order, sqrt(42),
		1e-9);
	check_path(path, &directory, names[1]);
	assert_int_equal(variances_write(&variances, path), 0);
	assert_int_equal(variances_write(&variances, path), -1);
	text = check_read_file(path);
	check_contains(text,
		"cell,variant,link_orders,launches,rounds,sd_link_order,");
	check_contains(text, "pair/system/t1,tls,2,4,8,6.48");
	free(text);
	check_path(path, &directory, names[2]);
	file = fopen(path, "w");
	assert_non_null(file);
	variances_print(&variances, file);
	assert_int_equal(fclose(file), 0);
	text = check_read_file(path);
	check_contains(text,
		"over 1 comparisons: link order 87 %, launch 12 %, round 1 %");
	free(text);
	variances_finish(&variances);
	check_directory_finish(&directory, names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_by_hand),
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_wild),
		cmocka_unit_test(test_not_estimable),
		cmocka_unit_test(test_negative),
		cmocka_unit_test(test_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
