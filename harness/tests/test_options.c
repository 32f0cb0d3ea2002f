// SPDX-License-Identifier: MIT
//
// The command line of `serialbench run`: what it reads, and what it says of
// what it cannot.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "options.h"

#define PUS 4
#define MOST_WORDS 16

/* Words of a command line after "run", closed by NULL. */
struct words {
	const char *words[MOST_WORDS];
};

/* Lists are cut in place, so each gets a copy; these last for the process. */
static int read_words(struct run_options *options, const struct words *words,
	struct error *error)
{
	static char texts[MOST_WORDS + 1][8 * PLAN_LIST];
	char *argv[MOST_WORDS + 2] = {texts[0], NULL};
	int argc = 1;

	strcpy(texts[0], "run");
	for (; words->words[argc - 1] != NULL; argc++) {
		argv[argc] = texts[argc];
		snprintf(texts[argc], sizeof(texts[argc]), "%s",
			words->words[argc - 1]);
	}
	error->text[0] = '\0';
	return options_read(options, argc, argv, PUS, error);
}

#define ALL_VARIANTS TEST_VARIANTS ", all"
#define ALL_PLACEMENTS                                                         \
	"cores, smt, same-l3, cross-l3, cross-numa, oversubscribed, all"
#define HELP "see serialbench run --help"
#define SHARD "allowed is K/N with K from 1 to N and N up to 1000"
#define KEEPS                                                                  \
	"a run that is resumed keeps its plan; allowed with --resume are "     \
	"--deadline and --time-budget"
#define PEERS                                                                  \
	"allowed is NAME=LIBRARY[:ENV=VALUE…], or one of cpython, "          \
	"tcmalloc_debug, glibc_debug"
#define PEER_NAMES                                                             \
	"allowed are names of 1 to 32 letters, digits, '_', '-' and '.'"
#define PEER_LIBRARY                                                           \
	"allowed is a library of 1 to 191 characters without blank and "       \
	"colon, then :ENV=VALUE"
#define WHOLE "allowed is a whole number from "

static const struct {
	struct words line;
	const char *error;
} refusals[] = {
	{{{"--bogus"}}, "unknown option '--bogus': " HELP},
	{{{"--quick", "--bogus=3"}}, "unknown option '--bogus=3': " HELP},
	{{{"-x"}}, "unknown option '-x': " HELP},
	{{{"--peer", "x"}}, "--peer: 'x': " PEERS},
	{{{"--peer", ""}}, "--peer: '': " PEERS},
	{{{"--peer", "=x"}}, "--peer: '': " PEER_NAMES},
	{{{"--peer", "a b=x"}}, "--peer: 'a b': " PEER_NAMES},
	{{{"--peer", "tls=libc.so.6"}},
		"--peer: 'tls' is a variant: allowed is a name that no variant "
		"has"},
	{{{"--peer", "x=/nowhere.so"}},
		"--peer: 'x': no library '/nowhere.so': No such file or "
		"directory; allowed is the path of "
		"one, or a name that the dynamic linker knows"},
	{{{"--peer", "x=:A=b"}}, "--peer: 'x': ':A=b': " PEER_LIBRARY},
	{{{"--peer", "x=y:A"}}, "--peer: 'x': 'y:A': " PEER_LIBRARY},
	{{{"--peer", "x=y:A=b:LD_PRELOAD=c"}},
		"--peer: 'x': 'LD_PRELOAD=c': allowed are 510 characters of "
		"variables, none of them LD_PRELOAD"},
	{{{"-xy"}}, "unknown option '-x': " HELP},
	{{{"--no-pin", "-xy", "--quick"}}, "unknown option '-x': " HELP},
	{{{"--th", "2"}}, "unknown option '--th': " HELP},
	{{{"word"}}, "'word': serialbench run takes options only; " HELP},
	{{{"--quick", "word", "--no-pin"}},
		"'word': serialbench run takes options only; " HELP},
	{{{"--out"}}, "--out: a value is missing: DIR; " HELP},
	{{{"--quick", "--threads"}},
		"--threads: a value is missing: LIST; " HELP},
	{{{"--variant", "nothing"}},
		"--variant 'nothing': allowed are " ALL_VARIANTS},
	{{{"--variant", "none,Tls"}},
		"--variant 'Tls': allowed are " ALL_VARIANTS
		"; did you mean 'tls'?"},
	{{{"--variant", "none,all"}},
		"--variant 'all': allowed are " ALL_VARIANTS},
	{{{"--variant", ""}}, "--variant '': allowed are " ALL_VARIANTS},
	{{{"--variant", "none,,tls"}},
		"--variant '': allowed are " ALL_VARIANTS},
	{{{"--variant", "none,"}}, "--variant '': allowed are " ALL_VARIANTS},
	{{{"--placement", "nowhere"}},
		"--placement 'nowhere': allowed are " ALL_PLACEMENTS},
	{{{"--placement", ""}}, "--placement '': allowed are " ALL_PLACEMENTS},
	{{{"--threads", "0"}}, "--threads '0': " WHOLE "1 to 512"},
	{{{"--threads", "513"}}, "--threads '513': " WHOLE "1 to 512"},
	{{{"--threads", "1,-2"}}, "--threads '-2': " WHOLE "1 to 512"},
	{{{"--threads", "2x"}}, "--threads '2x': " WHOLE "1 to 512"},
	{{{"--threads", "1.5"}}, "--threads '1.5': " WHOLE "1 to 512"},
	{{{"--threads", ""}}, "--threads '': " WHOLE "1 to 512"},
	{{{"--threads", "99999999999999999999"}},
		"--threads '99999999999999999999': " WHOLE "1 to 512"},
	{{{"--launches", "0"}}, "--launches '0': " WHOLE "1 to 100000"},
	{{{"--launches", "100001"}},
		"--launches '100001': " WHOLE "1 to 100000"},
	{{{"--extra-launches", "-3"}},
		"--extra-launches '-3': " WHOLE "0 to 999"},
	{{{"--extra-launches", "1000"}},
		"--extra-launches '1000': " WHOLE "0 to 999"},
	{{{"--extra-launches", "4"}},
		"--extra-launches 4: allowed are multiples of 3, one launch "
		"for each link order"},
	{{{"--shard", "1/2", "--seed", "1", "--extra-launches", "3"}},
		"--extra-launches 3: a shard has none, since it does not know "
		"which cell of the whole is widest; allowed with --shard is "
		"0"},
	{{{"--rounds", "0"}}, "--rounds '0': " WHOLE "1 to 10000"},
	{{{"--rounds", "many"}}, "--rounds 'many': " WHOLE "1 to 10000"},
	{{{"--turn-us", "19"}}, "--turn-us '19': " WHOLE "20 to 10000000"},
	{{{"--turn-us", " 50"}}, "--turn-us ' 50': " WHOLE "20 to 10000000"},
	{{{"--turn-us", "+50"}}, "--turn-us '+50': " WHOLE "20 to 10000000"},
	{{{"--deadline", "0"}}, "--deadline '0': " WHOLE "1 to 86400"},
	{{{"--deadline", "1s"}}, "--deadline '1s': " WHOLE "1 to 86400"},
	{{{"--seed", "-1"}}, "--seed '-1': " WHOLE "0 to 9223372036854775807"},
	{{{"--seed", " -1"}},
		"--seed ' -1': " WHOLE "0 to 9223372036854775807"},
	{{{"--seed", "9223372036854775808"}},
		"--seed '9223372036854775808': " WHOLE
		"0 to 9223372036854775807"},
	{{{"--shard", "1/2"}},
		"--shard 1/2: all shards of a plan need the same --seed N, and "
		"there is none"},
	{{{"--shard", "0/2", "--seed", "1"}}, "--shard '0/2': " SHARD},
	{{{"--shard", "3/2", "--seed", "1"}}, "--shard '3/2': " SHARD},
	{{{"--shard", "1/1001"}}, "--shard '1/1001': " SHARD},
	{{{"--shard", "1/2x"}}, "--shard '1/2x': " SHARD},
	{{{"--shard", "+1/2"}}, "--shard '+1/2': " SHARD},
	{{{"--shard", "/2"}}, "--shard '/2': " SHARD},
	{{{"--shard", "2"}}, "--shard '2': " SHARD},
	{{{"--shard", ""}}, "--shard '': " SHARD},
	{{{"--resume", "x", "--rounds", "3"}}, "--rounds: " KEEPS},
	{{{"--threads", "1", "--resume", "x"}}, "--threads: " KEEPS},
	{{{"--resume"}}, "--resume: a value is missing: DIR; " HELP},
	/* What is allowed there is for `serialbench list` to know. */
	{{{"--allocator", "nomalloc"}},
		"--allocator: unknown allocator 'nomalloc': allowed are ..."},
	{{{"--allocator", ""}},
		"--allocator: unknown allocator '': allowed are ..."},
	{{{"--allocator", "/nowhere/lib.so"}},
		"--allocator: allocator '/nowhere/lib.so': no such library: No "
		"such file or directory; "
		"allowed are ..."},
};

/* "..." at the end stands for some more of the line. */
static void expect_text(const char *text, const char *want)
{
	size_t length = strlen(want);

	if (length > 3 && strcmp(want + length - 3, "...") == 0) {
		length -= 3;
		if (strncmp(text, want, length) == 0 && text[length] != '\0')
			return;
	}
	assert_string_equal(text, want);
	assert_null(strchr(text, '\n'));
}

static void refused(void **state)
{
	static struct run_options options;

	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		struct error error;
		int result = read_words(&options, &refusals[i].line, &error);

		if (result != -1)
			fail_msg("%s %s: taken, but %s",
				refusals[i].line.words[0],
				refusals[i].line.words[1] != NULL
					? refusals[i].line.words[1]
					: "",
				refusals[i].error);
		expect_text(error.text, refusals[i].error);
	}
}

/* More than a list holds is said, not cut. */
static void long_lists(void **state)
{
	static struct run_options options;
	static const char *const names[] = {"--threads", "--workload"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct error error;
		char list[8 * PLAN_LIST] = "", want[64];
		struct words line = {{names[i], list, NULL}};

		for (unsigned n = 1; n <= PLAN_LIST + 1; n++)
			snprintf(list + strlen(list),
				sizeof(list) - strlen(list), "%s%s%u",
				n > 1 ? "," : "", i == 0 ? "" : "w", n);
		assert_int_equal(read_words(&options, &line, &error), -1);
		snprintf(want, sizeof(want), "%s: allowed are at most %d",
			names[i], PLAN_LIST);
		assert_string_equal(error.text, want);
	}
}

/* From here on the system's allocator has to be proven by a worker. */
static void read_line(struct run_options *options, const struct words *words)
{
	struct error error;

#ifdef HARNESS_TESTS_SANITIZED
	print_message("a sanitizer takes the worker's malloc over\n");
	skip();
#endif
	if (read_words(options, words, &error) != 0)
		fail_msg("%s", error.text);
}

static void workload_lists(void **state)
{
	static const struct {
		const char *list;
		const char *workloads[5]; /* closed by NULL */
	} cases[] = {
		{"pair", {"pair"}},
		{"pair,size=64", {"pair,size=64"}},
		{"pair,counter", {"pair", "counter"}},
		{"pair,size=64,form=dependent",
			{"pair,size=64,form=dependent"}},
		{"pair,size=64,form=dependent,counter,work=50,pair",
			{"pair,size=64,form=dependent", "counter,work=50",
				"pair"}},
		{"counter,work=0,counter,work=50",
			{"counter,work=0", "counter,work=50"}},
		/* Left to the plan to refuse. */
		{"", {""}},
		{"pair,,counter", {"pair", "", "counter"}},
		{"pair,", {"pair", ""}},
		{"=,x", {"=", "x"}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		static struct run_options options;
		struct words line = {
			{"--workload", cases[i].list, "--allocator", "system"}};
		size_t count = 0;

		read_line(&options, &line);
		for (; cases[i].workloads[count] != NULL; count++)
			assert_string_equal(options.request.workloads[count],
				cases[i].workloads[count]);
		if (options.request.workload_count != count)
			fail_msg("'%s': %zu workloads, not %zu", cases[i].list,
				options.request.workload_count, count);
		assert_true(options.request.confirmatory);
	}
}

static void all_workloads(void **state)
{
	static struct run_options options;
	struct words line = {{"--workload", "all", "--allocator", "system"}};
	size_t count = 0;

	(void)state;
	read_line(&options, &line);
	for (size_t i = 0; workloads[i] != NULL; i++)
		/* One that is about a file has to be named with it. */
		if (workload_subject(workloads[i]) == NULL)
			assert_string_equal(options.request.workloads[count++],
				workloads[i]->name);
	assert_int_equal(options.request.workload_count, count);
}

static void lists(void **state)
{
	static struct run_options options;
	const struct plan_request *request = &options.request;

	(void)state;
	read_line(&options,
		&(struct words){{"--allocator", "system", "--variant",
			"tls,none,tls", "--threads", "2,1", "--placement",
			"smt,cores"}});
	assert_int_equal(request->variant_count, 2);
	assert_string_equal(request->variants[0]->variant, "tls");
	assert_string_equal(request->variants[1]->variant, "none");
	assert_int_equal(request->thread_count, 2);
	assert_int_equal(request->threads[0], 2);
	assert_int_equal(request->threads[1], 1);
	assert_int_equal(request->placement_count, 2);
	assert_int_equal(request->placements[0], PLACEMENT_SMT);

	read_line(&options,
		&(struct words){{"--allocator", "system,system", "--allocator",
			"system", "--variant", "none", "--variant", "all",
			"--threads", "all", "--placement", "all"}});
	assert_int_equal(request->allocator_count, 1);
	assert_int_equal(request->variant_count, TEST_VARIANT_COUNT);
	assert_int_equal(request->thread_count, PUS);
	assert_int_equal(request->threads[PUS - 1], PUS);
	assert_true(request->placements_that_exist);
	assert_int_equal(request->placement_count, PLACEMENTS - 1);
}

static void everything_else(void **state)
{
	static struct run_options options;
	const struct plan_request *request = &options.request;

	(void)state;
	read_line(&options, &(struct words){{"--allocator", "system"}});
	assert_int_equal(options.preset, PRESET_STANDARD);
	assert_true(options.micro && options.exec && options.latency &&
		request->pin);
	assert_false(options.dry_run || request->confirmatory);
	assert_int_equal(request->extra_launches, 201);
	assert_null(options.out);
	assert_string_equal(options.runs, "results/runs");
	assert_int_equal(options.deadline_ns, 20000000000);
	assert_int_equal(request->variant_count, TEST_VARIANT_COUNT);
	assert_string_equal(request->allocators[0].name, "system");

	read_line(&options,
		&(struct words){{"--quick", "--allocator=system",
			"--launches=7", "--extra-launches=9", "--rounds=9",
			"--turn-us=20", "--seed=9223372036854775807",
			"--out=there", "--deadline=3", "--no-pin", "--dry-run",
			"--no-exec", "--no-latency"}});
	assert_int_equal(options.preset, PRESET_QUICK);
	assert_int_equal(request->launches, 7);
	assert_int_equal(request->extra_launches, 9);
	assert_int_equal(request->rounds, 9);
	assert_int_equal(request->turn_us, 20);
	assert_true(request->seed == INT64_MAX);
	assert_string_equal(options.out, "there");
	assert_int_equal(options.deadline_ns, 3000000000);
	assert_true(options.dry_run && options.micro);
	assert_false(request->pin || options.exec || options.latency);

	/* A question of the user's own is answered alone. */
	read_line(&options,
		&(struct words){
			{"--workload", "pair", "--allocator", "system"}});
	assert_false(options.micro || options.exec || options.latency);
}

/* The last test: it takes the workers away. */
static void no_workers(void **state)
{
	static struct run_options options;
	struct error error;

	(void)state;
	setenv("SERIALBENCH_WORKERS", "/nowhere", 1);
	assert_int_equal(
		read_words(&options, &(struct words){{"--quick"}}, &error), -1);
	assert_string_equal(error.text,
		"--allocator: allocator 'system': failed: "
		"/nowhere/serialbench-worker-0: No such file or directory");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refused),
		cmocka_unit_test(long_lists),
		cmocka_unit_test(workload_lists),
		cmocka_unit_test(all_workloads),
		cmocka_unit_test(lists),
		cmocka_unit_test(everything_else),
		cmocka_unit_test(no_workers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
