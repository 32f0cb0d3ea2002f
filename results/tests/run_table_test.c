// SPDX-License-Identifier: MIT
//
// The files of a run: what is in a column is finite, what a row is about is
// there once, and everybody reads it by the name of the column.
#include "csv_file.h"
#include "run_table.h"

#define MEMORY                                                                 \
	"variant,allocator,size,live_blocks,requested_bytes,"                  \
	"header_tail_bytes,rounding_bytes,rest_bytes,total_bytes\n"
#define METRICS "metric,cell,variant,value,unit,note\n"
#define NUMBER "\": allowed is a finite number"

static const struct {
	const char *file, *text, *refusal; /* NULL: it is read */
} cases[] = {
	{"memory.csv", MEMORY "none,system,64,9,9,0,9,-5,9\n", NULL},
	{"memory.csv", MEMORY "none,system,64,,,,,,\n", NULL},
	{"memory.csv", MEMORY "none,system,64,9,9,-5,9,9,9\n",
		"2:header_tail_bytes: \"-5" NUMBER " from 0"},
	{"memory.csv", MEMORY "none,system,64,9,9,nan,9,9,9\n",
		"2:header_tail_bytes: \"nan" NUMBER " from 0"},
	{"memory.csv", MEMORY "none,system,64,9,9,0,1e999,9,9\n",
		"2:rounding_bytes: \"1e999" NUMBER " from 0"},
	{"memory.csv", MEMORY "none,system,64,9,9,0,9,9,inf\n",
		"2:total_bytes: \"inf" NUMBER " from 0"},
	{"memory.csv", MEMORY "none,system,64,9,9,0,9,-inf,9\n",
		"2:rest_bytes: \"-inf" NUMBER},
	{"memory.csv", MEMORY "none,system,many,9,9,0,9,9,9\n",
		"2:size: \"many" NUMBER " from 0"},
	{"memory.csv",
		MEMORY "none,system,64,,,,,,\nnone,system,72,,,,,,\n"
		       "none,system,64,,,,,,\n",
		"4:variant: a second row for \"none,system,64\", as in line 2"},
	/* Another order, and a column that nobody knows. */
	{"memory.csv", "size,more,variant,allocator\n64,x,none,system\n", NULL},
	{"memory.csv",
		"size,more,variant,allocator\n64,x,none,system\n"
		"64,y,none,system\n",
		"3:variant: a second row for \"none,system,64\", as in line 2"},
	{"memory.csv",
		"\xef\xbb\xbf" MEMORY "\"none\",\"system\",\"64\",9,9,0,9,x,9"
		"\r\n",
		"2:rest_bytes: \"x" NUMBER},
	/* Without its key no row can be a second one. */
	{"memory.csv", "size,rest_bytes\n64,1\n64,1\n", NULL},
	{"metrics.csv", METRICS "shift,c,none,-0.5,,\n", NULL},
	{"metrics.csv", METRICS "a,,,1,,\na,c,,1,,\na,c,v,1,,\n,,,,,\n", NULL},
	{"metrics.csv", METRICS "a,,,1,,\na,,,2,,\n",
		"3:metric: a second row for \"a,,\", as in line 2"},
	{"metrics.csv", METRICS "a,b,c,\" 1\",,\n", "2:value: \" 1" NUMBER},
	{"certificate.csv", "kind,threads\naa,1\naa,1\n", NULL},
	{"certificate.csv", "kind,threads\naa,-1\n",
		"2:threads: \"-1" NUMBER " from 0"},
	{"plan.csv", "order,cell,headline\n0,a,1\n0,b,1\n",
		"3:order: a second row for \"0\", as in line 2"},
};

static void test_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct csv_table table;
		struct error error = {0};
		char want[700];
		int result;

		check_write_file(path, cases[i].text, strlen(cases[i].text));
		result = run_table_read(&table, path, cases[i].file, &error);
		if (cases[i].refusal == NULL) {
			if (result != 0)
				fail_msg("case %zu: %s", i, error.text);
			csv_table_finish(&table);
		} else {
			snprintf(want, sizeof(want), "%s:%s", path,
				cases[i].refusal);
			if (result == 0)
				fail_msg("case %zu was read", i);
			assert_string_equal(error.text, want);
		}
		unlink(path);
	}
}

static void test_no_such_file(void **state)
{
	struct csv_table table;
	struct error error = {0};

	(void)state;
	check_write_file(path, "a\n", 2);
	assert_int_equal(run_table_read(&table, path, "other.csv", &error), -1);
	check_contains(error.text, "other.csv is no file of a run");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FILE_TEST(test_files),
		FILE_TEST(test_no_such_file),
	};

	return cmocka_run_group_tests_name("run_table", tests, NULL, NULL);
}
