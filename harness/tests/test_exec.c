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
		assert_int_equal(result.exit_code, 0);
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
	/* The first from each end of 8: wrong in 2 / 2^8. */
	assert_true(fabs(row->ci_level - (1 - 2.0 / 256)) < 1e-12);
	assert_true(row->p_adj >= row->p_raw);
	assert_true(row->verdict[0] != '\0');
	exec_result_finish(&result);
}

static void test_exit_codes(void **state)
{
	struct call alike = {.words = {"exit", "7"}};
	struct call differs = {.words = {"depend", "dbgalloc-slot"}};
	char want[256];
	struct exec_result result;

	(void)state;
	assert_int_equal(measure(&alike, &result), EXEC_DONE);
	assert_int_equal(result.exit_code, 7);
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

static void test_killed(void **state)
{
	struct call call = {.words = {"raise", "9"}};
	struct exec_result result;

	(void)state;
	assert_int_equal(measure(&call, &result), EXEC_FAILED);
	assert_int_equal(result.row_count, 0);
	assert_non_null(
		strstr(error.text, "killed by signal 9 (Killed) by itself"));
	exec_result_finish(&result);
}

static void refused(char *path, const char *why)
{
	char *kept = program;
	struct call call = {.words = {NULL}};
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
	refused(helper, "runs without the debug wrapper");
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
		cmocka_unit_test(test_killed),
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
