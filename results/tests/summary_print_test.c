// SPDX-License-Identifier: MIT
//
// What is printed and written of a summary.
#include "check.h"
#include "csv_table.h"
#include "summary.h"

#include <errno.h>
#include <jansson.h>

#define ROW(of, called, t, put, of_variant, n, mean, low, high, said)          \
	{                                                                      \
		.scope = of, .name = called, .threads = t, .placement = put,   \
		.metric = "ns_per_op", .baseline = "none",                     \
		.variant = of_variant, .cells = n, .launches = 30 * n,         \
		.least_launches = 30, .ratio = mean, .ci_low = low,            \
		.ci_high = high, .ci_level = isnan(low) ? NAN : 0.95,          \
		.resamples = isnan(low) ? 0 : 2000, .verdict = said,           \
		.margin = 0.02                                                 \
	}

static struct summary_row rows[] = {
	ROW(SUMMARY_SUITE, "all", 1, "cores", "again", 12, 1.0004, 0.9995,
		1.0011, VERDICT_EQUIVALENT),
	ROW(SUMMARY_SUITE, "all", 1, "cores", "tls", 12, 1.018, 1.011, 1.0253,
		VERDICT_SIZE_UNRESOLVED),
	ROW(SUMMARY_SUITE, "all", 2, "cores", "again", 3, 1, NAN, NAN,
		VERDICT_INCONCLUSIVE),
	ROW(SUMMARY_SUITE, "all", 2, "cores", "peer", 2, 0.5, 0.4, 0.6,
		VERDICT_FASTER),
	ROW(SUMMARY_SUITE, "all", 2, "smt", "tls", 1, 1.5, 1.25, 1.75,
		VERDICT_SLOWER),
	ROW(SUMMARY_ALLOCATOR, "system", 1, "cores", "tls", 1, 1.5, 1.25, 1.75,
		VERDICT_SLOWER),
	ROW(SUMMARY_WORKLOAD, "größe", 2, "smt", "tls", 1, 1.5, 1.25, 1.75,
		VERDICT_SLOWER),
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static const struct summary all = {ROWS, rows};

static char *print(const struct summary *summary,
	void (*printer)(const struct summary *summary, FILE *out))
{
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);

	assert_non_null(out);
	printer(summary, out);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void print_suite(const struct summary *summary, FILE *out)
{
	static const char *const variants[] = {
		"again", "none", "peer", "tls", "\033[2J", NULL};

	summary_print_suite(summary, variants, out);
}

static void test_table(void **state)
{
	char *text = print(&all, summary_print);

	(void)state;
	assert_string_equal(text,
		"\n"
		"summary  threads  variant  geometric mean [interval]  cells  "
		"launches  verdict\n"
		"größe    t2/smt   tls      1.500 [1.250, 1.750]       1      "
		"30        slower\n"
		"system   t1       tls      1.500 [1.250, 1.750]       1      "
		"30        slower\n"
		"suite    t1       again    1.000 [1.000, 1.001]       12     "
		"360       equivalent\n"
		"suite    t1       tls      1.018 [1.011, 1.025]       12     "
		"360       different, size unresolved\n"
		"suite    t2       again    1.000 [no interval]        3      "
		"90        inconclusive\n"
		"suite    t2       peer     0.500 [0.400, 0.600]       2      "
		"60        faster\n"
		"suite    t2/smt   tls      1.500 [1.250, 1.750]       1      "
		"30        slower\n"
		"Means over headline cells of the ratios with none, ns_per_op, "
		"margin 2 %; the middle 95 % of 2000 draws of launches.\n");
	free(text);
}

static void test_suite(void **state)
{
	char *text = print(&all, print_suite);

	(void)state;
	assert_string_equal(text,
		"variant  t1, 12 cells            t2, 3 cells                  "
		"     t2, smt, 1 cell\n"
		"again    1.000 [1.000, 1.001] =  1.000 [no interval] ?        "
		"     -\n"
		"peer     -                       0.500 [0.400, 0.600] ▼ (2 "
		"cells)  -\n"
		"tls      1.018 [1.011, 1.025] ≠  -                            "
		"     1.500 [1.250, 1.750] ▲\n");
	free(text);
}

/* A terminal has room for four thread counts. */
static void test_many_threads(void **state)
{
	struct summary_row many[6];
	struct summary summary = {6, many};
	char *text;

	(void)state;
	for (unsigned i = 0; i < 6; i++) {
		many[i] = rows[0];
		many[i].threads = 1U << i;
		many[i].cells = 1 + i;
	}
	text = print(&summary, print_suite);
	check_contains(text, "t4, 3 cells             t8, 4 cells\n");
	check_contains(text, "\n… and 2 more thread counts in summary.csv\n");
	free(text);
}

static void test_nothing(void **state)
{
	static const struct summary empty;
	struct summary few = {1, &rows[2]};
	char *text = print(&empty, summary_print);

	(void)state;
	assert_string_equal(text, "");
	free(text);
	text = print(&empty, print_suite);
	assert_string_equal(text, "");
	free(text);
	text = print(&few, summary_print);
	check_contains(text, "\nNo interval of a mean: too few launches.\n");
	free(text);
}

/* Names come from a file, and a terminal obeys what it is sent. */
static void test_control_characters(void **state)
{
	struct summary_row strange[2] = {rows[0], rows[6]};
	struct summary summary = {2, strange};
	char *text;

	(void)state;
	strcpy(strange[0].variant, "\033[2J");
	strcpy(strange[0].placement, "a\nb");
	strcpy(strange[1].name, "c\rd");
	text = print(&summary, summary_print);
	check_contains(text, "c?d ");
	check_contains(text, " t1/a?b ");
	check_contains(text, " ?[2J ");
	assert_null(strpbrk(text, "\033\r"));
	free(text);
	text = print(&summary, print_suite);
	check_contains(text, "t1, a?b, 12 cells\n?[2J ");
	free(text);
}

static void check_row(const struct csv_table *table, size_t row)
{
	const struct summary_row *want = &rows[row];
	static const char *const scopes[] = {"suite", "allocator", "workload"};

#define TEXT(name) csv_table_text(table, row, csv_table_column(table, name))
#define REAL(name) csv_table_real(table, row, csv_table_column(table, name))
	assert_string_equal(TEXT("scope"), scopes[want->scope]);
	assert_string_equal(TEXT("name"), want->name);
	assert_string_equal(TEXT("placement"), want->placement);
	assert_string_equal(TEXT("metric"), "ns_per_op");
	assert_string_equal(TEXT("baseline"), "none");
	assert_string_equal(TEXT("variant"), want->variant);
	assert_string_equal(TEXT("verdict"), verdict_name(want->verdict));
	check_close("threads", REAL("threads"), want->threads, 0);
	check_close("cells", REAL("n_cells"), (double)want->cells, 0);
	check_close("launches", REAL("n_launches"), (double)want->launches, 0);
	check_close("least", REAL("least_launches"), 30, 0);
	check_close("ratio", REAL("ratio"), want->ratio, 0);
	check_close("low", REAL("ci_low"), want->ci_low, 0);
	check_close("high", REAL("ci_high"), want->ci_high, 0);
	check_close("level", REAL("ci_level"), want->ci_level, 0);
	check_close("resamples", REAL("resamples"),
		want->resamples ? (double)want->resamples : NAN, 0);
	check_close("margin", REAL("margin"), 0.02, 0);
#undef TEXT
#undef REAL
}

static void test_csv(void **state)
{
	static const char *const names[] = {"summary.csv", NULL};
	static const char columns[] =
		"scope,name,threads,placement,metric,baseline,variant,n_cells,"
		"n_launches,least_launches,ratio,ci_low,ci_high,ci_level,"
		"resamples,verdict,margin\n";
	struct check_directory directory;
	struct csv_table table;
	struct error error;
	char path[512], *text;

	(void)state;
	check_directory_make(&directory);
	check_path(path, &directory, names[0]);
	assert_int_equal(summary_write(&all, path), 0);
	assert_int_equal(summary_write(&all, path), -1);
	assert_int_equal(errno, EEXIST);
	if (csv_table_read(&table, path, &error) != 0)
		fail_msg("%s", error.text);
	assert_int_equal(table.rows, ROWS);
	for (size_t i = 0; i < ROWS; i++)
		check_row(&table, i);
	csv_table_finish(&table);
	text = check_read_file(path);
	assert_int_equal(strncmp(text, columns, sizeof(columns) - 1), 0);
	free(text);
	check_directory_finish(&directory, names);
}

/* Beside the comparisons: below their table, in JSON, and not in CSV. */
static void test_beside_comparisons(void **state)
{
	static const struct comparison_list none;
	char *text[3] = {NULL};
	json_t *document, *found, *row;

	(void)state;
	for (int format = 0; format < 3; format++) {
		size_t bytes;
		FILE *out = open_memstream(&text[format], &bytes);

		assert_non_null(out);
		comparisons_print(&none, &all, out, (enum table_format)format);
		assert_int_equal(fclose(out), 0);
	}
	check_contains(text[FORMAT_TABLE], "one variant.\n\nsummary  threads");
	assert_null(strstr(text[FORMAT_CSV], "scope"));
	document = json_loads(text[FORMAT_JSON], 0, NULL);
	found = json_object_get(document, "summary");
	assert_int_equal(json_array_size(found), ROWS);
	row = json_array_get(found, 1);
	assert_string_equal(
		json_string_value(json_object_get(row, "scope")), "suite");
	assert_string_equal(
		json_string_value(json_object_get(row, "variant")), "tls");
	assert_int_equal(
		json_integer_value(json_object_get(row, "n_launches")), 360);
	check_close("high", json_real_value(json_object_get(row, "ci_high")),
		1.0253, 0);
	row = json_array_get(found, 2);
	assert_true(json_is_null(json_object_get(row, "ci_low")));
	assert_true(json_is_null(json_object_get(row, "resamples")));
	json_decref(document);
	for (int format = 0; format < 3; format++)
		free(text[format]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_suite),
		cmocka_unit_test(test_many_threads),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_control_characters),
		cmocka_unit_test(test_csv),
		cmocka_unit_test(test_beside_comparisons),
	};

	return cmocka_run_group_tests_name("summary_print", tests, NULL, NULL);
}
