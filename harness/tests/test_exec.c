// SPDX-License-Identifier: MIT
//
// serialbench exec through its interface, on a program whose allocations are
// known. The program's path is the only argument; SERIALBENCH_WORKERS and
// SERIALBENCH_LIBRARIES say where the rest of the suite is.
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "alloc_backend.h"
#include "exec.h"
#include "program_path.h"

static char *program;
static struct allocator allocators[2];
static size_t allocator_count;
static struct error error;

struct call {
	const char *words[3];
	const char *const *variants;
	unsigned launches;
	size_t allocator_count;
	bool allow_failure;
	const char *stdin_file;
};

static int measure(const struct call *call, struct exec_result *result)
{
	char *command[] = {program, (char *)(uintptr_t)call->words[0],
		(char *)(uintptr_t)call->words[1], NULL};
	struct exec_request request = {
		.command = command,
		.allocators = allocators,
		.allocator_count =
			call->allocator_count > 0 ? call->allocator_count : 1,
		.variants = call->variants,
		.launches = call->launches > 0 ? call->launches : 1,
		.seed = 1,
		.allow_failure = call->allow_failure,
		.stdin_file = call->stdin_file,
		.margin = 0.02,
	};

	return exec_measure(&request, result, &error);
}

static const struct exec_row *find(
	const struct exec_result *result, const char *variant)
{
	for (size_t i = 0; i < result->row_count; i++)
		if (strcmp(result->rows[i].variant, variant) == 0)
			return &result->rows[i];
	fail_msg("no row of %s", variant);
	return NULL;
}

static size_t serial_bytes(const struct exec_row *row)
{
	return alloc_backend_find(row->variant)->serial_bytes;
}

static void check_row(const struct exec_row *row, uint64_t processes,
	uint64_t blocks, uint64_t requested)
{
	print_message("%s %s: %s\n", row->allocator, row->variant, row->status);
	assert_string_equal(row->status, "ok");
	assert_int_equal(row->launches, 1);
	assert_true(row->wall_ms_median > 0);
	if (strcmp(row->variant, "plain") == 0) {
		assert_true(row->live_blocks_at_peak == RECORD_NO_COUNT);
		assert_true(row->debug_bytes_at_peak == RECORD_NO_COUNT);
		return;
	}
	assert_int_equal(row->processes, processes);
	assert_int_equal(row->live_blocks_at_peak, blocks);
	assert_int_equal(row->requested_bytes_at_peak, requested);
	assert_int_equal(row->serial_bytes_at_peak, serial_bytes(row) * blocks);
	/* Header and tail: two words in front, one behind. */
	assert_int_equal(
		row->debug_bytes_at_peak, (24 + serial_bytes(row)) * blocks);
}

static void test_known(void **state)
{
	const struct {
		const char *what;
		uint64_t processes, blocks, requested;
	} cases[] = {
		{"known", 1, 600, 60000},
		{"fork", 2, 400, 40000},
		{"exec", 1, 600, 60000},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct call call = {.words = {cases[i].what}};
		struct exec_result result;

		assert_int_equal(measure(&call, &result), EXEC_DONE);
		assert_int_equal(result.row_count, TEST_EXEC_COUNT);
		assert_int_equal(result.status, 0);
		for (size_t j = 0; j < result.row_count; j++)
			check_row(&result.rows[j], cases[i].processes,
				cases[i].blocks, cases[i].requested);
		exec_result_finish(&result);
	}
}

/* Libraries of an allocator may hold blocks of their own, but the same in
 * every variant. */
static void test_other_allocator(void **state)
{
	struct call call = {.words = {"known"}, .allocator_count = 2};
	struct exec_result result;
	const struct exec_row *first;

	(void)state;
	if (allocator_count < 2)
		skip();
	assert_int_equal(measure(&call, &result), EXEC_DONE);
	assert_int_equal(result.row_count, 2 * TEST_EXEC_COUNT);
	first = &result.rows[TEST_EXEC_COUNT];
	assert_string_equal(first->allocator, "jemalloc");
	for (size_t i = 0; i < result.row_count; i++) {
		const struct exec_row *row = &result.rows[i];
		bool is_baseline = i < TEST_EXEC_COUNT;
		double ratio = row->wall_ms_median /
			result.rows[i % TEST_EXEC_COUNT].wall_ms_median;

		/* Of one launch the ratio is that of its two runs. */
		assert_string_equal(
			row->allocator_baseline, is_baseline ? "" : "system");
		assert_int_equal(is_baseline, isnan(row->allocator_ratio));
		assert_true(is_baseline ||
			fabs(row->allocator_ratio / ratio - 1) < 1e-9);
		assert_int_equal(is_baseline, row->allocator_verdict[0] == 0);
	}
	assert_true(first->live_blocks_at_peak >= 600);
	for (size_t i = TEST_EXEC_COUNT; i < result.row_count; i++)
		check_row(&result.rows[i], 1, first->live_blocks_at_peak,
			first->requested_bytes_at_peak);
	exec_result_finish(&result);
}

/* Where the kernel lets addresses be fixed, they are so in every variant. */
static void test_addresses(void **state)
{
	struct call call = {
		.words = {"addresses"}, .allocator_count = allocator_count};
	struct exec_result result;
	const struct exec_row *first = NULL;
	int now = personality(0xffffffff);

	(void)state;
	if (personality((unsigned)now | ADDR_NO_RANDOMIZE) < 0)
		skip();
	personality((unsigned)now);
	assert_int_equal(measure(&call, &result), EXEC_DONE);
	for (size_t i = 0; i < result.row_count; i++) {
		if (i % TEST_EXEC_COUNT == 0)
			first = &result.rows[i];
		check_row(&result.rows[i], 1, first->live_blocks_at_peak,
			first->requested_bytes_at_peak);
	}
	assert_in_range(result.rows[0].live_blocks_at_peak, 510, 990);
	exec_result_finish(&result);
}

static void test_comparison(void **state)
{
	static const char *const variants[] = {"again", "tls", NULL};
	struct call call = {
		.words = {"known"}, .variants = variants, .launches = 8};
	struct exec_result result;
	const struct exec_row *row;

	(void)state;
	assert_int_equal(measure(&call, &result), EXEC_DONE);
	assert_int_equal(result.row_count, 3); /* with the baseline */
	assert_int_equal(result.trial_count, 24);
	assert_true(isnan(find(&result, "none")->ratio));
	assert_string_equal(find(&result, "none")->verdict, "");
	row = find(&result, "tls");
	assert_int_equal(row->launches, 8);
	assert_true(row->ci_low <= row->ratio && row->ratio <= row->ci_high);
	assert_true(fabs(row->ci_level - 0.95) < 1e-12);
	assert_true(row->p_adj >= row->p_raw);
	assert_true(row->verdict[0] != '\0');
	exec_result_finish(&result);
}

static void test_exit_codes(void **state)
{
	struct call alike = {.words = {"exit", "7"}, .allow_failure = true};
	struct call differs = {.words = {"depend", "dbgalloc-slot"}};
	char want[256];
	struct exec_result result;

	(void)state;
	assert_int_equal(measure(&alike, &result), EXEC_DONE);
	assert_int_equal(WEXITSTATUS(result.status), 7);
	exec_result_finish(&result);

	assert_int_equal(measure(&differs, &result), EXEC_FAILED);
	snprintf(want, sizeof(want),
		"1 of %d rows failed; slot over system: failed: counting run: "
		"exit code 3, by itself exit code 0",
		TEST_EXEC_COUNT);
	assert_string_equal(error.text, want);
	assert_true(find(&result, "slot")->failed);
	assert_int_equal(find(&result, "slot")->launches, 0);
	assert_true(isnan(find(&result, "slot")->wall_ms_median));
	assert_string_equal(find(&result, "tls")->status, "ok");
	exec_result_finish(&result);
}

/* Refused with how it ended and what it said last, or measured where that is
 * asked for. */
static void test_failing(void **state)
{
	static const struct {
		const char *words[3];
		const char *error;
		bool measurable;
	} cases[] = {
		{{"exit", "4"}, ": exit code 4 by itself, ", true},
		{{"raise", "9"}, ": killed by signal 9 (Killed) by itself, ",
			true},
		{{"raise", "25"}, "File size limit exceeded", true},
		{{"complain", "4"},
			"; the end of its stderr:\n  first line\n  bad "
			"trailing pad byte",
			true},
		{{"complain", "-6"}, "\n  bad trailing pad byte", true},
		{{"chatter"}, "\n  line 4990 of many\n", true},
		{{"kill-group", "9"},
			": killed its parent or its process group", false},
		{{"kill-group", "15"},
			": killed its parent or its process group", false},
		{{"kill-parent", "9"},
			": killed its parent or its process group", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct call call = {
			.words = {cases[i].words[0], cases[i].words[1]}};
		struct exec_result result;

		assert_int_equal(measure(&call, &result), EXEC_FAILED);
		print_message("%s\n", error.text);
		assert_int_equal(result.row_count, 0);
		assert_non_null(strstr(error.text, cases[i].error));
		exec_result_finish(&result);
		call.allow_failure = true;
		assert_int_equal(measure(&call, &result),
			cases[i].measurable ? EXEC_DONE : EXEC_FAILED);
		assert_int_equal(result.row_count,
			cases[i].measurable ? TEST_EXEC_COUNT : 0);
		assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
		exec_result_finish(&result);
	}
}

static char *make_file(const char *text)
{
	static char path[32];
	FILE *file;
	int fd;

	strcpy(path, "/tmp/test-exec-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	file = fdopen(fd, "w");
	fputs(text, file);
	fclose(file);
	return path;
}

/* Every run reads it from its start. */
static void test_stdin(void **state)
{
	char *path = make_file("123456789012345678901234567890123456789\n");
	struct call call = {.words = {"input"}, .stdin_file = path};
	struct exec_result result;
	char end[64];

	(void)state;
	assert_int_equal(measure(&call, &result), EXEC_DONE);
	for (size_t i = 0; i < result.row_count; i++)
		check_row(&result.rows[i], 1, 40, 4000);
	snprintf(end, sizeof(end), " input < %s", path);
	assert_non_null(strstr(result.command, end));
	exec_result_finish(&result);
	unlink(path);
}

/* What left the session is ended, too. */
static void test_left_behind(void **state)
{
	static const char *const variants[] = {"none", NULL};
	char *path = make_file("");
	struct call call = {.words = {"leave", path}, .variants = variants};
	struct exec_result result;
	FILE *file;
	int pid;

	(void)state;
	assert_int_equal(measure(&call, &result), EXEC_DONE);
	exec_result_finish(&result);
	file = fopen(path, "r");
	assert_int_equal(fscanf(file, "%d", &pid), 1);
	fclose(file);
	unlink(path);
	assert_int_equal(kill(pid, 0), -1);
}

static void refused(char *path, const char *why)
{
	char *kept = program;
	struct call call = {.words = {NULL}, .allow_failure = true};
	struct exec_result result;
	int outcome;

	program = path;
	outcome = measure(&call, &result);
	program = kept;
	print_message("%s\n", error.text);
	assert_int_equal(outcome, EXEC_REFUSED);
	assert_non_null(strstr(error.text, why));
	assert_null(strchr(error.text, '\n'));
}

static void test_refused(void **state)
{
	static char missing[] = "/nowhere/at-all", folder[] = "/";
	char helper[4200];

	(void)state;
	refused(missing, "command '/nowhere/at-all': No such file");
	refused(folder, "command '/': Permission denied");
	/* Static, and ends at once without arguments. */
	program_path(
		helper, sizeof(helper), PROGRAM_OWN, "serialbench-exec-child");
	refused(helper,
		"libdbgalloc-none.so: it is statically linked; allowed");
}

/* A large runner must not show in the peak of a small program. */
static void test_peak_rss(void **state)
{
	static const char *const variants[] = {"none", NULL};
	struct call small = {.words = {"exit", "0"}, .variants = variants};
	struct call large = {.words = {"touch", "64"}, .variants = variants};
	size_t bytes = (size_t)128 << 20;
	char *ballast = malloc(bytes);
	struct exec_result result;
	uint64_t small_kib;

	(void)state;
	assert_non_null(ballast);
	memset(ballast, 1, bytes);
	assert_int_equal(measure(&small, &result), EXEC_DONE);
	small_kib = find(&result, "none")->peak_rss_kib;
	exec_result_finish(&result);
	assert_int_equal(measure(&large, &result), EXEC_DONE);
	print_message("small %llu KiB, large %llu KiB\n",
		(unsigned long long)small_kib,
		(unsigned long long)find(&result, "none")->peak_rss_kib);
	assert_true(small_kib < 32 << 10);
	assert_in_range(find(&result, "none")->peak_rss_kib, 64 << 10,
		(64 << 10) + small_kib + 4096);
	exec_result_finish(&result);
	assert_int_equal(ballast[bytes - 1], 1);
	free(ballast);
}

static volatile sig_atomic_t seen;

static void see(int signal)
{
	seen = signal;
}

/* The command would sleep for an hour; the caller's handler is told. */
static void test_stopped(void **state)
{
	struct call call = {.words = {"sleep", "3600"}};
	struct exec_result result;
	struct sigaction action = {.sa_handler = see}, before;
	pid_t runner = getpid(), killer;

	(void)state;
	sigaction(SIGINT, &action, &before);
	killer = fork();
	if (killer == 0) {
		usleep(200000);
		kill(runner, SIGINT);
		_exit(0);
	}
	assert_int_equal(measure(&call, &result), EXEC_STOPPED);
	assert_int_equal(waitpid(killer, NULL, 0), killer);
	assert_int_equal(seen, SIGINT);
	assert_int_equal(result.row_count, 0);
	sigaction(SIGINT, &before, NULL);
	/* Nothing is left running. */
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_other_allocator),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_comparison),
		cmocka_unit_test(test_exit_codes),
		cmocka_unit_test(test_failing),
		cmocka_unit_test(test_stdin),
		cmocka_unit_test(test_left_behind),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_peak_rss),
		cmocka_unit_test(test_stopped),
	};
	struct error reason;

	if (argc != 2)
		return 2;
	program = argv[1];
	if (allocator_find(&allocators[0], "system", &reason) != 0) {
		fprintf(stderr, "%s\n", reason.text);
		return 1;
	}
	allocator_count =
		1 + (allocator_find(&allocators[1], "jemalloc", &reason) == 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
