// SPDX-License-Identifier: MIT
//
// serialbench exec as the command line has it: output, files, exit codes and
// one line for what is wrong. The path of exec_program is the only argument.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "csv_table.h"
#include "exec.h"

#define WORDS 16

static const char *program;
static char folder[] = "/tmp/test-exec-XXXXXX";

struct ended {
	int status;
	char out[32768], err[8192];
};

static void drain(FILE *file, char *text, size_t size)
{
	size_t got;

	rewind(file);
	got = fread(text, 1, size - 1, file);
	text[got] = '\0';
	fclose(file);
}

/* PROGRAM stands for the path of exec_program. Lists are cut in place, so they
 * are copied. */
static void call(struct ended *ended, const char *const *words)
{
	char *argv[WORDS + 2] = {(char *)(uintptr_t) "exec"};
	FILE *out = tmpfile(), *err = tmpfile();
	int argc = 1;
	pid_t pid;

	for (; words[argc - 1] != NULL; argc++)
		argv[argc] = strdup(strcmp(words[argc - 1], "PROGRAM") == 0
				? program
				: words[argc - 1]);
	pid = fork();
	if (pid == 0) {
		dup2(fileno(out), STDOUT_FILENO);
		dup2(fileno(err), STDERR_FILENO);
		exit(exec_command(argc, argv));
	}
	assert_int_equal(waitpid(pid, &ended->status, 0), pid);
	while (--argc > 0)
		free(argv[argc]);
	drain(out, ended->out, sizeof(ended->out));
	drain(err, ended->err, sizeof(ended->err));
}

static int exit_code(const struct ended *ended)
{
	return WIFEXITED(ended->status) ? WEXITSTATUS(ended->status) : -1;
}

static void test_refused(void **state)
{
	static const struct {
		const char *words[WORDS];
		const char *error;
	} cases[] = {
		{{NULL}, "no command: allowed is serialbench exec"},
		{{"--variant", "tls", "--", NULL}, "no command: allowed is"},
		{{"--wrong", NULL}, "unknown option '--wrong'"},
		{{"--variant", NULL}, "--variant: a value is missing"},
		{{"--variant", "best", "--", "PROGRAM", NULL},
			"--variant 'best': allowed are " TEST_EXEC_VARIANTS
			", all"},
		{{"--variant", "null", "--", "PROGRAM", NULL},
			"--variant 'null': allowed are none"},
		{{"--allocator", "best", "--", "PROGRAM", NULL},
			"unknown allocator 'best': allowed are system"},
		{{"--launches", "0", "--", "PROGRAM", NULL},
			"--launches '0': allowed is a whole number from 1"},
		{{"--launches", "2x", "--", "PROGRAM", NULL},
			"--launches '2x': allowed is a whole number from 1"},
		{{"--margin", "-1", "--", "PROGRAM", NULL},
			"--margin '-1': allowed is a percentage"},
		{{"--format", "xml", "--", "PROGRAM", NULL},
			"--format 'xml': allowed are table, csv, json"},
		{{"--csv", "/nowhere/exec.csv", "--", "PROGRAM", NULL},
			"--csv '/nowhere/exec.csv': No such file or directory; "
			"allowed is a new name"},
		{{"--out", "/tmp", "--", "PROGRAM", NULL},
			"--out '/tmp': File exists; allowed is a new name"},
		{{"--variant", "tls", "--", "/nowhere/at-all", NULL},
			"command '/nowhere/at-all': No such file or directory"},
		{{"--launches", "1", "--", "/nowhere/at-all", NULL},
			"command '/nowhere/at-all': No such file or directory"},
	};
	static struct ended ended;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		call(&ended, cases[i].words);
		print_message("%s", ended.err);
		assert_int_equal(exit_code(&ended), 2);
		assert_string_equal(ended.out, "");
		assert_memory_equal(ended.err, "serialbench exec: ", 18);
		assert_non_null(strstr(ended.err, cases[i].error));
		/* One line. */
		assert_ptr_equal(strchr(ended.err, '\n'),
			ended.err + strlen(ended.err) - 1);
	}
}

/* With one variant the exit code and the signal are the program's own. */
static void test_in_place(void **state)
{
	static const struct {
		const char *words[WORDS];
		int code; /* -1: ended by signal 9 */
	} cases[] = {
		{{"--variant", "tls", "--", "PROGRAM", "exit", "7", NULL}, 7},
		{{"--variant", "plain", "PROGRAM", "exit", "5", NULL}, 5},
		{{"--variant", "none", "PROGRAM", "raise", "9", NULL}, -1},
		{{"--variant", "none", "PROGRAM", "depend", "dbgalloc-none",
			 NULL},
			3},
		{{"--variant", "again", "PROGRAM", "depend", "dbgalloc-none",
			 NULL},
			3},
		{{"--variant", "plain", "PROGRAM", "depend", "dbgalloc", NULL},
			0},
	};
	static struct ended ended;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		call(&ended, cases[i].words);
		assert_string_equal(ended.err, "");
		assert_int_equal(exit_code(&ended), cases[i].code);
		if (cases[i].code < 0)
			assert_int_equal(WTERMSIG(ended.status), 9);
	}
}

static void test_failed(void **state)
{
	static const char *const words[] = {"--variant", "tls,slot",
		"--launches", "1", "--allocator", "system", "--", "PROGRAM",
		"depend", "dbgalloc-slot", NULL};
	static struct ended ended;

	(void)state;
	call(&ended, words);
	assert_int_equal(exit_code(&ended), 1);
	assert_non_null(strstr(ended.err,
		"serialbench exec: 1 of 3 rows failed; slot over system: "));
	assert_non_null(strstr(ended.out, "FAILED"));
}

/* The same figures in the files and in every form. */
static void test_forms(void **state)
{
	static char out[64], path[96];
	const char *const words[] = {"--variant", "tls", "--launches", "2",
		"--allocator", "system", "--format", "json", "--out", out, "--",
		"PROGRAM", "known", NULL};
	static struct ended ended;
	struct csv_table table;
	json_t *rows, *row;
	struct error error;
	int column;

	(void)state;
	snprintf(out, sizeof(out), "%s/run", folder);
	call(&ended, words);
	assert_int_equal(exit_code(&ended), 0);
	rows = json_loads(ended.out, 0, NULL);
	assert_int_equal(json_array_size(rows), 2);
	snprintf(path, sizeof(path), "%s/exec.csv", out);
	assert_int_equal(csv_table_read(&table, path, &error), 0);
	assert_int_equal(table.rows, 2);
	row = json_array_get(rows, 1);
	assert_string_equal(json_string_value(json_object_get(row, "variant")),
		csv_table_text(&table, 1, csv_table_column(&table, "variant")));
	assert_string_equal(
		csv_table_text(&table, 1, csv_table_column(&table, "status")),
		"ok");
	column = csv_table_column(&table, "serial_bytes_at_peak");
	assert_int_equal((int)csv_table_real(&table, 1, column), 4800);
	assert_int_equal(json_integer_value(
				 json_object_get(row, "serial_bytes_at_peak")),
		4800);
	column = csv_table_column(&table, "wall_ms_median");
	assert_true(csv_table_real(&table, 1, column) ==
		json_real_value(json_object_get(row, "wall_ms_median")));
	assert_true(json_is_null(
		json_object_get(json_array_get(rows, 0), "ratio")));
	assert_int_equal(table.columns, json_object_size(row));
	csv_table_finish(&table);
	json_decref(rows);

	snprintf(path, sizeof(path), "%s/trials.csv", out);
	assert_int_equal(csv_table_read(&table, path, &error), 0);
	assert_int_equal(table.rows, 4);
	csv_table_finish(&table);
}

static void test_table(void **state)
{
	char comparisons[64];
	static const char *const words[] = {"--launches", "1", "--allocator",
		"system", "--", "PROGRAM", "fork", NULL};
	static struct ended ended;

	(void)state;
	call(&ended, words);
	assert_int_equal(exit_code(&ended), 0);
	assert_non_null(strstr(ended.out, "(8 × live blocks)"));
	assert_non_null(strstr(ended.out, "2 processes"));
	snprintf(comparisons, sizeof(comparisons),
		"%d comparisons of wall time", TEST_EXEC_COUNT - 1);
	assert_non_null(strstr(ended.out, comparisons));
	assert_non_null(strstr(ended.out, "no interval: too few launches"));
	assert_non_null(strstr(ended.out, " 3200\n")); /* 8 × 400 */
}

static int remove_all(void **state)
{
	static const char *const names[] = {
		"run/exec.csv", "run/plan.csv", "run/trials.csv"};
	char path[96];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		unlink(path);
	}
	snprintf(path, sizeof(path), "%s/run", folder);
	rmdir(path);
	return rmdir(folder);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_in_place),
		cmocka_unit_test(test_failed),
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_table),
	};

	if (argc != 2 || mkdtemp(folder) == NULL)
		return 2;
	program = argv[1];
	return cmocka_run_group_tests(tests, NULL, remove_all);
}
