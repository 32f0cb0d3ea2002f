// SPDX-License-Identifier: MIT
//
// What is printed and written of a list of comparisons.
#include "check.h"
#include "compare.h"

#include <errno.h>
#include <jansson.h>

static struct comparison items[] = {
	{.family = "headline",
		.cell = "pair,size=64/system/t2",
		.metric = "ns_per_op",
		.baseline = "none",
		.variant = "again",
		.is_copy = true,
		.launches = 30,
		.ratio = 0.9996,
		.ci_low = 0.9955,
		.ci_high = 1.003,
		.ci_level = 0.9572260547429323,
		.p_raw = 0.36,
		.p_adjusted = 0.72,
		.adjust_method = "holm",
		.verdict = VERDICT_EQUIVALENT,
		.margin = 0.02,
		.hodges_lehmann = 0.9997,
		.sigma = 0.004},
	{.family = "headline",
		.cell = "pair,size=64/system/t2",
		.metric = "ns_per_op",
		.baseline = "none",
		.variant = "global",
		.launches = 30,
		.ratio = 1.361,
		.ci_low = 1.35,
		.ci_high = 1.394,
		.ci_level = 0.9572260547429323,
		.p_raw = 1.8626451492309692e-09,
		.p_adjusted = 3.7252902984619385e-09,
		.adjust_method = "holm",
		.verdict = VERDICT_SLOWER,
		.margin = 0.02,
		.hodges_lehmann = 1.401,
		.sigma = 0.01},
	{.family = "exploratory",
		.cell = "größe/system/t1",
		.metric = "ns_per_op",
		.baseline = "none",
		.variant = "tls",
		.launches = 5,
		.ratio = 1.05,
		.ci_low = NAN,
		.ci_high = NAN,
		.ci_level = NAN,
		.p_raw = 0.0625,
		.p_adjusted = 0.0625,
		.adjust_method = "bh",
		.verdict = VERDICT_INCONCLUSIVE,
		.margin = 0.02,
		.hodges_lehmann = 1.05,
		.sigma = 0.03,
		.launches_needed = 38},
};

static const struct comparison_list list = {3, items};

static char *print(
	const struct comparison_list *comparisons, enum table_format format)
{
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);

	assert_non_null(out);
	comparisons_print(comparisons, NULL, out, format);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void test_table(void **state)
{
	char *text = print(&list, FORMAT_TABLE);

	(void)state;
	assert_string_equal(text,
		"cell                    variant  ratio [interval]      "
		"p adjusted  launches  family       verdict\n"
		"pair,size=64/system/t2  again    1.000 [0.996, 1.003]  "
		"0.72        30        headline     equivalent\n"
		"pair,size=64/system/t2  global   1.361 [1.350, 1.394]  "
		"3.73e-09    30        headline     slower, skewed\n"
		"größe/system/t1         tls      1.050 [no interval]   "
		"0.0625      5         exploratory  inconclusive: needs 38 "
		"launches\n"
		"3 comparisons with none, ns_per_op, margin 2 %: 2 headline "
		"(Holm within each variant), 1 exploratory "
		"(Benjamini-Hochberg).\n"
		"Coverage of the intervals: 95.72 %.\n");
	free(text);
}

/* At the very top, and only for the baseline's own copy. */
static void test_alarm(void **state)
{
	static const char alarm[] =
		"A' WAS CALLED DIFFERENT (slower, 1.040 [1.030, 1.050]) in "
		"pair,size=64/system/t2";
	struct comparison different[2] = {items[0], items[1]};
	struct comparison_list alarming = {2, different};
	char *text;

	(void)state;
	different[0].ratio = 1.04;
	different[0].ci_low = 1.03;
	different[0].ci_high = 1.05;
	different[0].verdict = VERDICT_SLOWER;
	text = print(&alarming, FORMAT_TABLE);
	assert_int_equal(strncmp(text, alarm, sizeof(alarm) - 1), 0);
	free(text);
	strcpy(different[0].baseline, "global");
	text = print(&alarming, FORMAT_TABLE);
	assert_null(strstr(text, "CALLED DIFFERENT"));
	free(text);
}

/* A cell's name comes from a file, and a terminal obeys what it is sent. */
static void test_control_characters(void **state)
{
	struct comparison strange[2] = {items[0], items[1]};
	struct comparison_list list_of_them = {2, strange};
	char *text;

	(void)state;
	strcpy(strange[0].cell, "a\nb");
	strange[0].verdict = VERDICT_SLOWER;
	strcpy(strange[1].variant, "\033[2J");
	text = print(&list_of_them, FORMAT_TABLE);
	check_contains(text, " in a?b: ");
	check_contains(text, "\na?b ");
	check_contains(text, " ?[2J ");
	assert_null(strchr(text, '\033'));
	free(text);
}

static void test_empty_table(void **state)
{
	static const struct comparison_list empty;
	char *text = print(&empty, FORMAT_TABLE);

	(void)state;
	check_contains(text, "0 comparisons");
	free(text);
	text = print(&empty, FORMAT_CSV);
	assert_true(strncmp(text, "family,cell,", 12) == 0);
	free(text);
	text = print(&empty, FORMAT_JSON);
	check_contains(text, "\"comparisons\": []");
	free(text);
}

static void test_other_verdicts(void **state)
{
	static const struct {
		size_t launches, needed;
		double low, hodges_lehmann;
		enum verdict verdict;
		const char *text;
	} cases[] = {
		{0, 0, NAN, NAN, VERDICT_INCONCLUSIVE,
			"inconclusive: no launch is left\n"},
		{30, 12, 0.97, 1, VERDICT_INCONCLUSIVE,
			"inconclusive: close to the margin\n"},
		{30, 40, 0.97, 0.96, VERDICT_INCONCLUSIVE,
			"inconclusive: needs 40 launches, skewed\n"},
		{30, 0, 1.01, 1.02, VERDICT_SIZE_UNRESOLVED,
			"different, size unresolved\n"},
		{30, 0, 0.8, 0.85, VERDICT_FASTER, "  faster\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct comparison one = items[1];
		struct comparison_list single = {1, &one};
		char *text;

		one.launches = cases[i].launches;
		one.launches_needed = cases[i].needed;
		one.ratio = cases[i].low + 0.02;
		one.ci_low = cases[i].low;
		one.ci_high = cases[i].low + 0.06;
		one.hodges_lehmann = cases[i].hodges_lehmann;
		one.verdict = cases[i].verdict;
		text = print(&single, FORMAT_TABLE);
		check_contains(text, cases[i].text);
		check_contains(text, "1 comparison with none");
		free(text);
	}
}

static void test_levels(void **state)
{
	struct comparison two[2] = {items[0], items[1]};
	struct comparison_list both = {2, two};
	char *text;

	(void)state;
	two[1].ci_level = 0.9799383929930627;
	text = print(&both, FORMAT_TABLE);
	check_contains(text, "95.72 to 97.99 %, by the number of launches");
	free(text);
	two[0].ci_level = two[1].ci_level = NAN;
	text = print(&both, FORMAT_TABLE);
	check_contains(text, "No interval: too few launches.");
	free(text);
}

static void check_csv(const char *path)
{
	struct csv_table table;
	struct error error;

	if (csv_table_read(&table, path, &error) != 0)
		fail_msg("%s", error.text);
	assert_int_equal(table.rows, 3);
#define TEXT(row, name)                                                        \
	csv_table_text(&table, row, csv_table_column(&table, name))
#define REAL(row, name)                                                        \
	csv_table_real(&table, row, csv_table_column(&table, name))
	for (size_t i = 0; i < 3; i++) {
		assert_string_equal(TEXT(i, "family"), items[i].family);
		assert_string_equal(TEXT(i, "cell"), items[i].cell);
		assert_string_equal(TEXT(i, "variant"), items[i].variant);
		assert_string_equal(
			TEXT(i, "verdict"), verdict_name(items[i].verdict));
		assert_string_equal(
			TEXT(i, "adj_method"), items[i].adjust_method);
		check_close("n_launches", REAL(i, "n_launches"),
			(double)items[i].launches, 0);
		check_close("ratio", REAL(i, "ratio"), items[i].ratio, 0);
		check_close("ci_low", REAL(i, "ci_low"), items[i].ci_low, 0);
		check_close("ci_high", REAL(i, "ci_high"), items[i].ci_high, 0);
		check_close(
			"ci_level", REAL(i, "ci_level"), items[i].ci_level, 0);
		check_close("p_raw", REAL(i, "p_raw"), items[i].p_raw, 0);
		check_close("p_adj", REAL(i, "p_adj"), items[i].p_adjusted, 0);
		check_close("margin", REAL(i, "margin"), 0.02, 0);
		check_close("sigma", REAL(i, "sigma"), items[i].sigma, 0);
	}
	assert_string_equal(TEXT(2, "ci_low"), "");
	assert_string_equal(TEXT(1, "launches_needed"), "");
	assert_string_equal(TEXT(2, "launches_needed"), "38");
	csv_table_finish(&table);
}

static void test_csv(void **state)
{
	static const char *const names[] = {
		"comparisons.csv", "comparisons.csv.new", NULL};
	/* Others read these by place; more may follow them. */
	static const char columns[] =
		"family,cell,metric,baseline,variant,n_launches,ratio,ci_low,"
		"ci_high,ci_level,p_raw,p_adj,adj_method,verdict,margin,";
	static struct check_directory directory;
	char path[512], stale[512], *printed, *written;

	(void)state;
	check_directory_make(&directory);
	check_path(path, &directory, names[0]);
	check_path(stale, &directory, names[1]);
	check_write_file(path, "old\n", 4);
	check_write_file(stale, "killed here", 11);
	assert_int_equal(comparisons_write(&list, path), 0);
	assert_int_equal(access(stale, F_OK), -1);
	check_csv(path);
	written = check_read_file(path);
	printed = print(&list, FORMAT_CSV);
	assert_string_equal(printed, written);
	assert_int_equal(strncmp(printed, columns, sizeof(columns) - 1), 0);
	free(printed);
	free(written);
	check_directory_finish(&directory, names);
	assert_int_equal(comparisons_write(&list, path), -1);
	assert_int_equal(errno, ENOENT);
}

static void test_json(void **state)
{
	char *text = print(&list, FORMAT_JSON);
	json_t *document = json_loads(text, 0, NULL);
	json_t *rows = json_object_get(document, "comparisons");
	json_t *global = json_array_get(rows, 1);
	json_t *tls = json_array_get(rows, 2);

	(void)state;
	assert_int_equal(json_array_size(rows), 3);
	assert_int_equal(json_integer_value(
				 json_object_get(document, "comparisons_made")),
		3);
	assert_string_equal(
		json_string_value(json_object_get(global, "verdict")),
		"slower");
	check_close("ci_high",
		json_real_value(json_object_get(global, "ci_high")), 1.394, 0);
	assert_int_equal(
		json_integer_value(json_object_get(global, "n_launches")), 30);
	assert_true(json_is_null(json_object_get(global, "launches_needed")));
	assert_true(json_is_null(json_object_get(tls, "ci_low")));
	assert_string_equal(json_string_value(json_object_get(tls, "cell")),
		"größe/system/t1");
	assert_int_equal(
		json_integer_value(json_object_get(tls, "launches_needed")),
		38);
	json_decref(document);
	free(text);
}

/* Not UTF-8: shown with ?, but shown. */
static void test_json_of_any_bytes(void **state)
{
	struct comparison one = items[0];
	struct comparison_list single = {1, &one};
	char *text;

	(void)state;
	strcpy(one.cell,
		"gr\xf6\xdf"
		"e/system/t1");
	text = print(&single, FORMAT_JSON);
	check_contains(text, "\"cell\": \"gr??e/system/t1\"");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_alarm),
		cmocka_unit_test(test_control_characters),
		cmocka_unit_test(test_empty_table),
		cmocka_unit_test(test_other_verdicts),
		cmocka_unit_test(test_levels),
		cmocka_unit_test(test_csv),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_json_of_any_bytes),
	};

	return cmocka_run_group_tests_name("comparisons", tests, NULL, NULL);
}
