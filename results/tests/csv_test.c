// SPDX-License-Identifier: MIT
//
// The CSV reader: what the writer wrote, and files that are wrong.
#include "csv_file.h"
#include "csv_table.h"
#include "csv_writer.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void test_text_round_trip(void **state)
{
	static const char *const texts[] = {"", "plain", "a,b", "\"",
		"say \"no\"", "two\nlines", "a\r\nb", "\r", " spaces ", "\t",
		"größe → 3", "pair,size=64/system/t2", ",", "\"\"", "\n"};
	struct csv_writer writer;
	struct csv_table table;
	struct error error;

	(void)state;
	assert_int_equal(csv_writer_create(&writer, path, "first,second"), 0);
	for (size_t i = 0; i < COUNT(texts); i++) {
		csv_text(&writer, texts[i]);
		csv_text(&writer, texts[COUNT(texts) - 1 - i]);
		assert_int_equal(csv_end_row(&writer), 0);
	}
	assert_int_equal(csv_writer_close(&writer), 0);
	assert_int_equal(csv_writer_close(&writer), 0);
	assert_int_equal(csv_table_read(&table, path, &error), 0);
	assert_int_equal(table.rows, COUNT(texts));
	assert_int_equal(table.columns, 2);
	assert_string_equal(table.path, path);
	assert_int_equal(csv_table_column(&table, "second"), 1);
	assert_int_equal(csv_table_column(&table, "third"), -1);
	for (size_t i = 0; i < COUNT(texts); i++) {
		assert_string_equal(csv_table_text(&table, i, 0), texts[i]);
		assert_string_equal(csv_table_text(&table, i, 1),
			texts[COUNT(texts) - 1 - i]);
		assert_string_equal(csv_table_text(&table, i, -1), "");
	}
	csv_table_finish(&table);
	csv_table_finish(&table);
	csv_table_finish(NULL);
}

/* One column, empty fields: the file has no blank line. */
static void test_lone_empty_field(void **state)
{
	struct csv_writer writer;
	struct csv_table table;
	struct error error;
	char *text;

	(void)state;
	assert_int_equal(csv_writer_create(&writer, path, "only"), 0);
	csv_text(&writer, NULL);
	assert_int_equal(csv_end_row(&writer), 0);
	csv_real(&writer, NAN);
	assert_int_equal(csv_end_row(&writer), 0);
	assert_int_equal(csv_writer_close(&writer), 0);
	text = check_read_file(path);
	assert_string_equal(text, "only\n\"\"\n\"\"\n");
	free(text);
	assert_int_equal(csv_table_read(&table, path, &error), 0);
	assert_int_equal(table.rows, 2);
	csv_table_finish(&table);
}

/* As spreadsheets save a file. */
static void test_byte_order_mark(void **state)
{
	static const struct {
		const char *text, *name, *field;
	} cases[] = {
		{"\xef\xbb\xbf"
		 "a,b\r\n1,2\r\n",
			"a", "1"},
		{"\xef\xbb\xbf\"a\",\"b\"\n\"1\",\"2\"\n", "a", "1"},
		{"\"\xef\xbb\xbf"
		 "a\",b\n1,2\n",
			"\xef\xbb\xbf"
			"a",
			"1"},
		{"a,b\n\xef\xbb\xbf"
		 "1,2\n",
			"a",
			"\xef\xbb\xbf"
			"1"},
	};
	struct csv_table table;
	struct csv_writer writer;
	struct error error;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		check_write_file(path, cases[i].text, strlen(cases[i].text));
		if (csv_table_read(&table, path, &error) != 0)
			fail_msg("case %zu: %s", i, error.text);
		assert_int_equal(csv_table_column(&table, cases[i].name), 0);
		assert_int_equal(csv_table_column(&table, "b"), 1);
		assert_string_equal(
			csv_table_text(&table, 0, 0), cases[i].field);
		assert_string_equal(csv_table_text(&table, 0, 1), "2");
		csv_table_finish(&table);
		unlink(path);
	}
	/* A writer's own first bytes are no mark. */
	assert_int_equal(csv_writer_create(&writer, path, "a"), 0);
	csv_text(&writer, "\xef\xbb\xbf");
	assert_int_equal(csv_end_row(&writer), 0);
	assert_int_equal(csv_writer_close(&writer), 0);
	assert_int_equal(csv_table_read(&table, path, &error), 0);
	assert_string_equal(csv_table_text(&table, 0, 0), "\xef\xbb\xbf");
	csv_table_finish(&table);
}

static void test_reals_are_short(void **state)
{
	static const struct {
		double real;
		const char *text;
	} cases[] = {
		{0.1, "0.1"},
		{1.0 / 3, "0.3333333333333333"},
		{0.1 + 0.2, "0.30000000000000004"},
		{-0.0, "-0"},
		{1e300, "1e+300"},
		{123456789012345678., "1.2345678901234568e+17"},
		{28.35910610281, "28.35910610281"},
		{NAN, ""},
		{INFINITY, ""},
		{-INFINITY, ""},
	};
	struct csv_writer writer;
	struct csv_table table;
	struct error error;

	(void)state;
	assert_int_equal(csv_writer_create(&writer, path, "real,more"), 0);
	for (size_t i = 0; i < COUNT(cases); i++) {
		csv_real(&writer, cases[i].real);
		csv_count(&writer, i);
		assert_int_equal(csv_end_row(&writer), 0);
	}
	assert_int_equal(csv_writer_close(&writer), 0);
	assert_int_equal(csv_table_read(&table, path, &error), 0);
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_string_equal(
			csv_table_text(&table, i, 0), cases[i].text);
		check_close("read back", csv_table_real(&table, i, 0),
			isinf(cases[i].real) ? NAN : cases[i].real, 0);
	}
	csv_table_finish(&table);
}

static void test_reals_read_back(void **state)
{
	enum { MANY = 20000 };
	struct csv_writer writer;
	struct csv_table table;
	struct error error;
	uint64_t seed = 6, bits;
	double real;

	(void)state;
	assert_int_equal(csv_writer_create(&writer, path, "real,bits"), 0);
	for (size_t i = 0; i < MANY; i++) {
		bits = random_bits(&seed);
		memcpy(&real, &bits, sizeof(real));
		if (i % 2)
			real = floor(1e6 * random_real(&seed)) / 1024;
		csv_real(&writer, real);
		memcpy(&bits, &real, sizeof(real));
		csv_count(&writer, bits);
		assert_int_equal(csv_end_row(&writer), 0);
	}
	assert_int_equal(csv_writer_close(&writer), 0);
	assert_int_equal(csv_table_read(&table, path, &error), 0);
	for (size_t i = 0; i < MANY; i++) {
		bits = strtoull(csv_table_text(&table, i, 1), NULL, 10);
		memcpy(&real, &bits, sizeof(real));
		check_close("read back", csv_table_real(&table, i, 0), real, 0);
	}
	csv_table_finish(&table);
}

/* What is no number is none, however strtod would take it. */
static void test_no_numbers(void **state)
{
	static const char text[] =
		"v,w\n0x10,\n1 ,\n "
		"1,\nnan,\n1e,\n.,\n1e999,\ninf,\n-inf,\n--1,\n1.2.3,\n";
	struct csv_table table;
	struct error error;

	(void)state;
	check_write_file(path, text, strlen(text));
	assert_int_equal(csv_table_read(&table, path, &error), 0);
	for (size_t i = 0; i < table.rows; i++)
		if (!isnan(csv_table_real(&table, i, 0)))
			fail_msg("\"%s\" was read as %g",
				csv_table_text(&table, i, 0),
				csv_table_real(&table, i, 0));
	check_close("empty", csv_table_real(&table, 0, 1), NAN, 0);
	check_close("absent", csv_table_real(&table, 0, -1), NAN, 0);
	csv_table_finish(&table);
}

static void test_good_files(void **state)
{
	static const struct {
		const char *text;
		size_t rows;
	} cases[] = {
		{"a,b\n", 0},
		{"a,b\n1,2\n", 1},
		{"a,b\r\n1,2\r\n3,4\r\n", 2},
		{"a,b\n1,2\n3", 1}, /* torn in a field, */
		{"a,b\n1,2\n3,4", 1}, /* before the line end, */
		{"a,b\n1,2\n3,\"x", 1}, /* in quotes, */
		{"a,b\n1,2\n3,\"x\ny", 1},
		{"a,b\n1,2\n3,\"x\n", 1},
		{"a,b\n1,2\n3,4\r", 1}, /* and between CR and LF */
		{"\"a\",\"b\"\n\"1\",\"\"\n", 1},
		{"a,b\n,\n", 1},
		{"a,b\n1,\"\r\r\n\"\n", 1},
		{"a,b\n\"\r\",2\r\n", 1},
	};
	struct csv_table table;
	struct error error;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		check_write_file(path, cases[i].text, strlen(cases[i].text));
		if (csv_table_read(&table, path, &error) != 0)
			fail_msg("case %zu: %s", i, error.text);
		if (table.rows != cases[i].rows || table.columns != 2)
			fail_msg("case %zu: %zu rows of %zu", i, table.rows,
				table.columns);
		csv_table_finish(&table);
	}
}

static void test_bad_files(void **state)
{
	static const struct {
		const char *text, *where, *what;
		size_t bytes;
	} cases[] = {
		{"", ":1:1: ", "no header line"},
		{"a,b", ":1:1: ", "no header line"},
		{"a,b\n1\n", ":2:b: ", "the row has 1, the header 2"},
		{"a,b\n1,2\n1,2,3\n", ":3:3: ", "more fields than the 2"},
		{"a,b\n1,2\n\n3,4\n", ":3:a: ", "a blank line"},
		{"a,b\n1,2\"3\"\n", ":2:b: ", "must be doubled"},
		{"a,b\n\"1\"2,3\n", ":2:a: ", "must be doubled"},
		{"a,b\n\"1\n2\",\"3\"4\n", ":3:b: ", "must be doubled"},
		{"a,b\n1,2\r3,4\n", ":2:a: ", "carriage return"},
		{"a,b\n1,2\r\r\n", ":2:a: ", "carriage return"},
		{"a,b\n\r1,2\n", ":2:a: ", "carriage return"},
		{"\ra,b\n1,2\n", ":1:1: ", "carriage return"},
		{"a,b\n\r\r\n1,2\n", ":2:a: ", "carriage return"},
		{"a,b\n\r\n1,2\n", ":2:a: ", "a blank line"},
		{"a,b,a\n1,2,3\n", ":1:3: ", "a second column \"a\""},
		{"a,b\n1,\0\n", ":2:a: ", "a NUL byte", 8},
		{"\"a\nb\",\"a\nb\"\n", ":3:2: ", "column \"a?b\""},
		{"\"a\nb\",c\n\"1\"2,3\n", ":3:1: ", "must be doubled"},
		{"a: b,c\n\"1\"2,3\n", ":2:1: ", "must be doubled"},
		{"\033[2J,c\n\"1\"2,3\n", ":2:1: ", "must be doubled"},
	};
	struct csv_table table;
	struct error error;
	char where[600];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t bytes =
			cases[i].bytes ? cases[i].bytes : strlen(cases[i].text);

		check_write_file(path, cases[i].text, bytes);
		if (csv_table_read(&table, path, &error) != -1)
			fail_msg("case %zu was read", i);
		snprintf(where, sizeof(where), "%s%s", path, cases[i].where);
		check_contains(error.text, where);
		check_contains(error.text, cases[i].what);
	}
	unlink(path);
	assert_int_equal(csv_table_read(&table, path, &error), -1);
	check_contains(error.text, "No such file");
}

/* A lost quote must not swallow the rest of the file as if it were torn. */
static void test_lost_quote(void **state)
{
	static const size_t sizes[] = {2 * CSV_ROW_BYTES, 1 << 20};
	struct csv_table table;
	struct error error;

	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		char *text = malloc(sizes[i]);

		assert_non_null(text);
		for (size_t j = 0; j + 4 <= sizes[i]; j += 4)
			memcpy(text + j, "1,2\n", 4);
		text[8] = '"';
		check_write_file(path, text, sizes[i]);
		free(text);
		assert_int_equal(csv_table_read(&table, path, &error), -1);
		check_contains(error.text, "a.csv:3:1: a quoted field without");
	}
}

static void test_long_line(void **state)
{
	size_t bytes = 1 << 20;
	struct error error;
	char *text = malloc(bytes);
	struct csv_table table;

	(void)state;
	assert_non_null(text);
	memset(text, 'x', bytes);
	memcpy(text, "a\n", 2);
	check_write_file(path, text, bytes);
	free(text);
	assert_int_equal(csv_table_read(&table, path, &error), -1);
	check_contains(error.text, "a.csv:2:a: a line of more than");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FILE_TEST(test_text_round_trip),
		FILE_TEST(test_lone_empty_field),
		FILE_TEST(test_byte_order_mark),
		FILE_TEST(test_reals_are_short),
		FILE_TEST(test_reals_read_back),
		FILE_TEST(test_no_numbers),
		FILE_TEST(test_good_files),
		FILE_TEST(test_bad_files),
		FILE_TEST(test_lost_quote),
		FILE_TEST(test_long_line),
	};

	return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
