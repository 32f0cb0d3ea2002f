// SPDX-License-Identifier: MIT
//
// Percentiles of launches, written, read again and taken together.
#include "csv_file.h"
#include "latency.h"

enum { LAUNCHES = 7 };

/* `slow` takes 1 + launch / 100 times as long as `none` at each percentile,
 * whatever the launch does to both. */
static void write_launches(const char *file, unsigned launches)
{
	static const double scale[LAUNCHES] = {3, 1, 2, 7, 5, 6, 4};
	struct csv_writer writer;

	assert_int_equal(
		csv_writer_create(&writer, file, latency_launch_header), 0);
	for (unsigned i = 0; i < launches; i++)
		for (unsigned v = 0; v < 2; v++) {
			struct latency_launch row = {
				.cell = "pair,size=64/system/t1",
				.variant = v == 0 ? "none" : "slow",
				.loop = "closed",
				.operation = "alloc",
				.launch = i,
				.samples = 5000,
				.one_in = 2,
				.clock_ns = 10.5,
				.period_ns = NAN,
			};

			for (unsigned p = 0; p < LATENCY_PERCENTILES; p++)
				row.ns[p] = (p + 1) * scale[i] *
					(v == 0 ? 1 : 1 + i / 100.0);
			row.ns[4] = NAN; /* takes 10000 samples */
			assert_int_equal(
				latency_launch_write(&writer, &row), 0);
		}
	assert_int_equal(csv_writer_close(&writer), 0);
}

static const struct latency_item *find(
	const struct latency *latency, const char *variant, double percentile)
{
	for (size_t i = 0; i < latency->count; i++)
		if (strcmp(latency->items[i].variant, variant) == 0 &&
			latency->items[i].percentile == percentile)
			return &latency->items[i];
	return NULL;
}

static void together(void **state)
{
	struct latency latency;
	struct error error = {0};
	const struct latency_item *item;

	(void)state;
	write_launches(path, LAUNCHES);
	if (latency_read(&latency, path, "none", &error) != 0)
		fail_msg("%s", error.text);
	/* Two variants, five percentiles. */
	assert_int_equal(latency.count, 10);
	assert_null(find(&latency, "none", 99.99));
	item = find(&latency, "none", 99);
	assert_non_null(item);
	assert_string_equal(item->cell, "pair,size=64/system/t1");
	assert_string_equal(item->loop, "closed");
	assert_string_equal(item->operation, "alloc");
	assert_int_equal(item->launches, LAUNCHES);
	check_close("median", item->ns, 3 * 4, 1e-12);
	/* Of 7 the first from each end. */
	check_close("low", item->low, 3 * 1, 1e-12);
	check_close("high", item->high, 3 * 7, 1e-12);
	check_close("level", item->level, 1 - 2.0 / 128, 1e-12);
	check_close("ratio", item->ratio, 1, 1e-12);
	check_close("samples", item->samples, 5000, 0);
	check_close("clock", item->clock_ns, 10.5, 0);
	check_close("period", item->period_ns, NAN, 0);
	item = find(&latency, "slow", 100);
	assert_non_null(item);
	check_close("ratio", item->ratio, 1.03, 1e-12);
	check_close("its low", item->ratio_low, 1, 1e-12);
	check_close("its high", item->ratio_high, 1.06, 1e-12);
	latency_finish(&latency);
	latency_finish(NULL);
}

/* Fewer than six launches have a median and no interval; without the baseline
 * there is no ratio. */
static void too_few(void **state)
{
	struct latency latency;
	struct error error = {0};
	const struct latency_item *item;

	(void)state;
	write_launches(path, 3);
	assert_int_equal(latency_read(&latency, path, "other", &error), 0);
	item = find(&latency, "slow", 50);
	assert_non_null(item);
	assert_int_equal(item->launches, 3);
	check_close("median", item->ns, 2 * 1.02, 1e-12);
	assert_true(isnan(item->low) && isnan(item->high));
	assert_true(isnan(item->level) && isnan(item->ratio));
	latency_finish(&latency);
}

/* What was written reads back, and empty is empty. */
static void round_trip(void **state)
{
	struct latency latency;
	struct csv_table table;
	struct error error = {0};
	char summary[600];

	(void)state;
	write_launches(path, LAUNCHES);
	assert_int_equal(latency_read(&latency, path, "none", &error), 0);
	snprintf(summary, sizeof(summary), "%s.summary", path);
	assert_int_equal(latency_write(&latency, summary), 0);
	assert_int_equal(latency_write(&latency, summary), -1);
	if (csv_table_read(&table, summary, &error) != 0)
		fail_msg("%s", error.text);
	unlink(summary);
	assert_int_equal(table.rows, latency.count);
	for (size_t i = 0; i < table.rows; i++) {
		const struct latency_item *item = &latency.items[i];
#define REAL(name) csv_table_real(&table, i, csv_table_column(&table, name))
		assert_string_equal(
			csv_table_text(&table, i, 1), item->variant);
		check_close(
			"percentile", REAL("percentile"), item->percentile, 0);
		check_close("ns", REAL("ns"), item->ns, 0);
		check_close("ci_low", REAL("ci_low"), item->low, 0);
		check_close("ratio", REAL("ratio"), item->ratio, 0);
		check_close(
			"ratio_high", REAL("ratio_high"), item->ratio_high, 0);
#undef REAL
	}
	csv_table_finish(&table);
	latency_finish(&latency);
}

static void refused(void **state)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{"cell,variant,loop,operation,launch,samples,clock_ns,period_"
		 "ns,"
		 "p50_ns\n",
			"p90_ns"},
		{"cell,variant\na,b\n", "loop"},
		{"cell,variant\na\n", ":2"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct latency latency;
		struct error error = {0};
		FILE *file = fopen(path, "we");

		assert_non_null(file);
		fputs(cases[i].text, file);
		fclose(file);
		assert_int_equal(
			latency_read(&latency, path, "none", &error), -1);
		check_contains(error.text, cases[i].message);
		latency_finish(&latency);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FILE_TEST(together),
		FILE_TEST(too_few),
		FILE_TEST(round_trip),
		FILE_TEST(refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
