// SPDX-License-Identifier: MIT
//
// The runner's side of a worker: start, orders, deadlines, ends of all kinds.
//
// Over 400 lines: all cases share one launch and its worker.
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "allocators.h"
#include "clock.h"
#include "lane.h"
#include "launch_common.h"

#define PATIENCE_NS 60000000000u

static const struct lane_setup pair_setup = {
	.job = LANE_TURNS,
	.variant = "none",
	.workload = "pair,size=64",
	.threads = 1,
	.seed = 1,
};

static void begin(struct lane *lane)
{
	struct lane_start start = {.worker = lane_worker_path(0)};

	assert_int_equal(lane_begin(lane, &pair_setup, &start), 0);
	if (lane_wait(lane, PATIENCE_NS) != 0)
		fail_msg("%s: %s", lane_status_name(lane->status),
			lane->message);
}

static void expect_end(
	struct lane *lane, enum lane_status status, const char *message)
{
	assert_int_equal(lane_wait(lane, PATIENCE_NS), -1);
	if (lane->status != status || strcmp(lane->message, message) != 0)
		fail_msg("%s: '%s', not %s: '%s'",
			lane_status_name(lane->status), lane->message,
			lane_status_name(status), message);
}

static void turns(void **state)
{
	struct lane lane;

	(void)state;
	begin(&lane);
	for (uint64_t ops = 1; ops <= 10000; ops *= 10) {
		lane_order(&lane, ACTION_TURN, 3, ops);
		assert_int_equal(lane_wait(&lane, PATIENCE_NS), 0);
		assert_int_equal(lane.shared->turn.ops, ops);
	}
	lane_order(&lane, ACTION_VERIFY, 0, 0);
	assert_int_equal(lane_wait(&lane, PATIENCE_NS), 0);
	lane_order(&lane, ACTION_FINISH, 0, 0);
	assert_int_equal(lane_wait(&lane, PATIENCE_NS), 0);
	lane_end(&lane);
	assert_int_equal(lane.pid, 0);
	lane_end(&lane);
	lane_end(NULL);
}

static int count_files(void)
{
	int count = 0;

	for (int fd = 0; fd < 1024; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

/* The checksum of a turn of a worker that is given it, or not. */
static uint64_t turn_of(const char *workload, const struct launch_common *given)
{
	struct lane_start start = {.worker = lane_worker_path(0)};
	struct lane_setup setup = pair_setup;
	struct lane lane;
	uint64_t checksum;

	snprintf(setup.workload, sizeof(setup.workload), "%s", workload);
	if (given != NULL) {
		setup.common_bytes = given->bytes;
		start.common_fd = given->fd;
	}
	assert_int_equal(lane_begin(&lane, &setup, &start), 0);
	if (lane_wait(&lane, PATIENCE_NS) != 0)
		fail_msg("%s: %s", workload, lane.message);
	lane_order(&lane, ACTION_TURN, 0, 5000);
	assert_int_equal(lane_wait(&lane, PATIENCE_NS), 0);
	checksum = lane.shared->turn.checksum;
	lane_end(&lane);
	return checksum;
}

/* Made once for a launch; other workers' turns are as those of its own. */
static void what_is_in_common(void **state)
{
	const char *const fleet = "fleet,heap=256";
	const struct launch_common *common;
	int files = count_files(), fd;

	(void)state;
	assert_null(launch_common("pair,size=64", 1, 1));
	assert_null(launch_common("no such workload", 1, 1));
	assert_int_equal(count_files(), files);
	common = launch_common(fleet, 1, 1);
	assert_non_null(common);
	assert_true(common->fd > LANE_COMMON_FD && common->bytes > 0);
	assert_int_equal(turn_of(fleet, common), turn_of(fleet, NULL));
	fd = common->fd;
	common = launch_common(fleet, 1, 1);
	assert_int_equal(common->fd, fd);
	/* Another seed takes the place of the last. */
	for (uint64_t seed = 2; seed < 40; seed++)
		assert_non_null(launch_common(fleet, 1, seed));
	assert_int_equal(count_files(), files + 1);
}

/* A worker that cannot be started, and those that are none. What fails is said
 * of the worker, also where its copy was started. */
static void no_worker(void **state)
{
	static const struct {
		const char *worker, *copy, *message;
		enum lane_status status;
		bool starts;
	} cases[] = {
		{"/nowhere/worker", NULL,
			"/nowhere/worker: No such file or directory",
			LANE_FAILED, false},
		{"/", NULL, "/: Permission denied", LANE_FAILED, false},
		{"/bin/true", "/dev/null", "/bin/true: Permission denied",
			LANE_FAILED, false},
		{"/bin/true", NULL, "worker ended by itself with code 0",
			LANE_CRASHED, true},
		{"/bin/false", NULL, "worker ended by itself with code 1",
			LANE_CRASHED, true},
		{"/nowhere/worker", "/bin/false",
			"worker ended by itself with code 1", LANE_CRASHED,
			true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct lane_start start = {
			.worker = cases[i].worker, .copy = cases[i].copy};
		struct lane lane;

		assert_int_equal(lane_begin(&lane, &pair_setup, &start),
			cases[i].starts ? 0 : -1);
		if (cases[i].starts) {
			expect_end(&lane, cases[i].status, cases[i].message);
			/* Asked again, it says the same. */
			expect_end(&lane, cases[i].status, cases[i].message);
		}
		assert_int_equal(lane.status, cases[i].status);
		assert_string_equal(lane.message, cases[i].message);
		lane_end(&lane);
	}
}

static void refused_setups(void **state)
{
	static const struct {
		const char *variant, *workload, *message;
	} cases[] = {
		{"nothing", "pair", "no variant 'nothing'"},
		{"none", "pear",
			"unknown workload 'pear': "
			"one of `serialbench list workloads`"},
		{"none", "pair,size=x",
			"bad value of size 'x': a whole number from 1 to "
			"1048576"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct lane_setup setup = pair_setup;
		struct lane_start start = {.worker = lane_worker_path(0)};
		struct lane lane;

		strcpy(setup.variant, cases[i].variant);
		strcpy(setup.workload, cases[i].workload);
		assert_int_equal(lane_begin(&lane, &setup, &start), 0);
		expect_end(&lane, LANE_FAILED, cases[i].message);
		lane_end(&lane);
	}
}

/* Killed while it waits for an order, and while others live. */
static void killed(void **state)
{
	struct lane lane, other;

	(void)state;
	begin(&other);
	begin(&lane);
	kill(lane.pid, SIGKILL);
	lane_order(&lane, ACTION_TURN, 0, 1);
	expect_end(&lane, LANE_CRASHED, "worker ended by signal 9 (Killed)");
	assert_int_equal(lane.pid, 0);
	/* The dead lane reaps no other. */
	kill(other.pid, SIGKILL);
	expect_end(&lane, LANE_CRASHED, "worker ended by signal 9 (Killed)");
	lane_order(&other, ACTION_TURN, 0, 1);
	expect_end(&other, LANE_CRASHED, "worker ended by signal 9 (Killed)");
	lane_end(&lane);
	lane_end(&other);
}

static void stopped(void **state)
{
	struct lane lane;
	uint64_t start;
	int status;

	(void)state;
	begin(&lane);
	kill(lane.pid, SIGSTOP);
	/* Returns when the last thread stands still. */
	assert_int_equal(waitpid(lane.pid, &status, WUNTRACED), lane.pid);
	assert_true(WIFSTOPPED(status));
	lane_order(&lane, ACTION_TURN, 0, 1);
	start = clock_now();
	assert_int_equal(lane_wait(&lane, 300000000), -1);
	assert_int_equal(lane.status, LANE_HUNG);
	assert_string_equal(lane.message, "no answer within 0.3 s");
	assert_true(clock_now() - start >= 300000000);
	lane_end(&lane);
}

/* Ctrl-C goes to the runner's process group; workers are not in it. */
static void not_in_our_group(void **state)
{
	struct lane lane;

	(void)state;
	begin(&lane);
	assert_int_not_equal(getpgid(lane.pid), getpgrp());
	lane_end(&lane);
}

/* Ended, and not merely a child that nobody waits for. */
static bool is_gone(pid_t pid)
{
	char path[64], text[256] = "";
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return true;
	if (read(fd, text, sizeof(text) - 1) < 0)
		text[0] = '\0';
	close(fd);
	return strstr(text, ") Z ") != NULL || text[0] == '\0';
}

/* A runner that dies takes its workers along, also one that is just born. */
static void dead_runner(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 10; i++) {
		int ends[2];
		unsigned looks = 0;
		pid_t runner, worker = 0;

		assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
		runner = fork();
		assert_true(runner >= 0);
		if (runner == 0) {
			struct lane_start start = {
				.worker = lane_worker_path(0)};
			struct lane lane;

			lane_begin(&lane, &pair_setup, &start);
			if (write(ends[1], &lane.pid, sizeof(lane.pid)) < 0)
				_exit(1);
			if (i % 2 == 1)
				lane_wait(&lane, PATIENCE_NS);
			raise(SIGKILL);
		}
		assert_int_equal(
			read(ends[0], &worker, sizeof(worker)), sizeof(worker));
		waitpid(runner, NULL, 0);
		close(ends[0]);
		close(ends[1]);
		assert_true(worker > 0);
		while (!is_gone(worker) && looks++ < 1000)
			usleep(10000);
		if (!is_gone(worker)) {
			kill(worker, SIGKILL);
			fail_msg("the worker of a runner that was killed %s "
				 "it lives on",
				i % 2 == 1 ? "after" : "just after starting");
		}
	}
}

/* What the worker gets of this environment: `env` in its place prints it. */
static void environment(void **state)
{
	static const char *const gone[] = {"DBGALLOC=x", "MALLOC_ARENA_MAX=1",
		"MALLOC_CONF=x", "MALLOC_PERTURB_=3", "GLIBC_TUNABLES=x",
		"MIMALLOC_VERBOSE=0", "TCMALLOC_SAMPLE=0", NULL};
	struct lane_start start = {
		.worker = "/usr/bin/env", .library = "", .env_bytes = 100};
	char path[] = "/tmp/serialbench-lane-XXXXXX", text[65536];
	int file = mkstemp(path), kept = dup(STDOUT_FILENO);
	struct lane lane;
	ssize_t got;

	(void)state;
	unlink(path);
	for (size_t i = 0; gone[i] != NULL; i++)
		putenv((char *)gone[i]);
	putenv((char *)"KEPT=yes");
	fflush(stdout);
	dup2(file, STDOUT_FILENO);
	assert_int_equal(lane_begin(&lane, &pair_setup, &start), 0);
	dup2(kept, STDOUT_FILENO);
	close(kept);
	expect_end(&lane, LANE_CRASHED, "worker ended by itself with code 0");
	lane_end(&lane);
	got = pread(file, text + 1, sizeof(text) - 2, 0);
	close(file);
	assert_true(got > 0);
	text[0] = '\n';
	text[got + 1] = '\0';
	for (size_t i = 0; gone[i] != NULL; i++)
		if (strstr(text, gone[i]) != NULL)
			fail_msg("the worker sees %s", gone[i]);
	assert_non_null(strstr(text, "\nKEPT=yes\n"));
	assert_non_null(strstr(text, "\nLD_PRELOAD=\n"));
	text[0] = '\0';
	{
		const char *pad = strstr(text + 1, "\nSERIALBENCH_PAD=");

		assert_non_null(pad);
		assert_int_equal(strcspn(pad + 17, "\n"), 100);
	}
}

/* What the system's allocator says of itself. */
static void identity_of_the_system(void **state)
{
	struct allocator allocator;
	struct error error;

	(void)state;
#ifdef HARNESS_TESTS_SANITIZED
	print_message("a sanitizer takes the worker's malloc over\n");
	skip();
#endif
	if (allocator_find(&allocator, "system", &error) != 0)
		fail_msg("%s", error.text);
	assert_string_equal(allocator.name, "system");
	assert_string_equal(allocator.library, "");
	assert_non_null(strstr(allocator.identity.allocator_path, "/libc.so"));
	assert_string_equal(allocator.identity.allocator_path,
		allocator.identity.usable_size_path);
	assert_int_equal(
		strncmp(allocator.identity.allocator_version, "glibc ", 6), 0);
	assert_string_not_equal(allocator.identity.build_id, "");
	assert_true(allocator_is(&allocator, &allocator.identity));
}

static void names(void **state)
{
	static const char *const want[LANE_STATUSES] = {
		"ok", "failed", "crashed", "hung", "miscounted", "damaged"};

	(void)state;
	for (unsigned i = 0; i < LANE_STATUSES; i++)
		assert_string_equal(
			lane_status_name((enum lane_status)i), want[i]);
	for (unsigned i = 0; i < LINK_ORDERS; i++)
		assert_int_equal(access(lane_worker_path(i), X_OK), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(turns),
		cmocka_unit_test(what_is_in_common),
		cmocka_unit_test(no_worker),
		cmocka_unit_test(refused_setups),
		cmocka_unit_test(killed),
		cmocka_unit_test(stopped),
		cmocka_unit_test(not_in_our_group),
		cmocka_unit_test(dead_runner),
		cmocka_unit_test(environment),
		cmocka_unit_test(identity_of_the_system),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
