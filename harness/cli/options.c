// SPDX-License-Identifier: MIT
#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "options_lists.h"
#include "plan_peers.h"
#include "printable.h"

enum {
	OPTION_QUICK = 256,
	OPTION_STANDARD,
	OPTION_THOROUGH,
	OPTION_VARIANT, /* in the order of enum options_list */
	OPTION_ALLOCATOR,
	OPTION_WORKLOAD,
	OPTION_THREADS,
	OPTION_PLACEMENT,
	OPTION_LAUNCHES,
	OPTION_EXTRA_LAUNCHES,
	OPTION_ROUNDS,
	OPTION_TURN_US,
	OPTION_SEED,
	OPTION_OUT,
	OPTION_RUNS,
	OPTION_NO_PIN,
	OPTION_NO_MICRO,
	OPTION_NO_EXEC,
	OPTION_NO_LATENCY,
	OPTION_DEADLINE,
	OPTION_TIME_BUDGET,
	OPTION_DRY_RUN,
	OPTION_RESUME,
	OPTION_SHARD,
	OPTION_PILOT,
	OPTION_PEER,
	OPTION_HELP,
};

static const struct option long_options[] = {
	{"quick", no_argument, NULL, OPTION_QUICK},
	{"standard", no_argument, NULL, OPTION_STANDARD},
	{"thorough", no_argument, NULL, OPTION_THOROUGH},
	{"variant", required_argument, NULL, OPTION_VARIANT},
	{"allocator", required_argument, NULL, OPTION_ALLOCATOR},
	{"workload", required_argument, NULL, OPTION_WORKLOAD},
	{"threads", required_argument, NULL, OPTION_THREADS},
	{"placement", required_argument, NULL, OPTION_PLACEMENT},
	{"launches", required_argument, NULL, OPTION_LAUNCHES},
	{"extra-launches", required_argument, NULL, OPTION_EXTRA_LAUNCHES},
	{"rounds", required_argument, NULL, OPTION_ROUNDS},
	{"turn-us", required_argument, NULL, OPTION_TURN_US},
	{"seed", required_argument, NULL, OPTION_SEED},
	{"out", required_argument, NULL, OPTION_OUT},
	{"runs", required_argument, NULL, OPTION_RUNS},
	{"no-pin", no_argument, NULL, OPTION_NO_PIN},
	{"no-micro", no_argument, NULL, OPTION_NO_MICRO},
	{"no-exec", no_argument, NULL, OPTION_NO_EXEC},
	{"no-latency", no_argument, NULL, OPTION_NO_LATENCY},
	{"deadline", required_argument, NULL, OPTION_DEADLINE},
	{"time-budget", required_argument, NULL, OPTION_TIME_BUDGET},
	{"dry-run", no_argument, NULL, OPTION_DRY_RUN},
	{"resume", required_argument, NULL, OPTION_RESUME},
	{"shard", required_argument, NULL, OPTION_SHARD},
	{"pilot", required_argument, NULL, OPTION_PILOT},
	{"peer", required_argument, NULL, OPTION_PEER},
	{"help", no_argument, NULL, OPTION_HELP},
	{0},
};

static const char help[] =
	"Usage: serialbench run [OPTION…]\n"
	"Plans, runs, compares and reports; see `serialbench list` for names.\n"
	"\n"
	"  --quick, --standard, --thorough\n"
	"                      size of the run (standard)\n"
	"  --variant LIST      variants, or all (all)\n"
	"  --allocator LIST    underlying allocators, paths, or all\n"
	"                      (system,jemalloc)\n"
	"  --workload LIST     workloads with their parameters, or all:\n"
	"                      pair,size=64,counter,work=50\n"
	"  --threads LIST      thread counts, or all (1 and every PU)\n"
	"  --placement LIST    how threads are put on PUs, or all (cores)\n"
	"  --launches N        launches of each cell\n"
	"  --extra-launches N  of a cell at most, beyond those, while the "
	"time\n"
	"                      budget lasts: to the cell whose launches lie\n"
	"                      farthest apart (twice --launches, 0 with "
	"--shard)\n"
	"  --rounds N          rounds of each launch (the pilot chooses them,\n"
	"                      for each cell)\n"
	"  --turn-us N         timed part of a turn, about, in microseconds;\n"
	"                      twice that where the workload is not "
	"uniform\n"
	"  --seed N            of everything random in the run (the time)\n"
	"  --out DIR           run directory; must not exist\n"
	"  --runs DIR          where run directories are made (results/runs)\n"
	"  --no-pin            leave threads where the kernel puts them\n"
	"  --no-micro          without google-benchmark\n"
	"  --no-exec           without the real program\n"
	"  --no-latency        without latency percentiles\n"
	"  --time-budget SECONDS\n"
	"                      from the run's start; then it ends after the "
	"pass\n"
	"                      of launches that has begun, the sixth at the\n"
	"                      earliest (200 in the standard run)\n"
	"  --deadline SECONDS  after which a silent worker is given up (20)\n"
	"  --resume DIR        finish the run in DIR that was stopped or "
	"killed;\n"
	"                      it keeps its plan, so of the other options "
	"only\n"
	"                      --deadline and --time-budget are allowed\n"
	"  --shard K/N         run part K of N of the plan, for `serialbench\n"
	"                      merge`; all parts need the same --seed\n"
	"  --pilot FILE        take the length of the turns and the rounds "
	"from\n"
	"                      another run's pilot.csv\n"
	"  --peer NAME=LIBRARY[:ENV=VALUE…]\n"
	"                      a lane on any library that takes malloc over;\n"
	"                      again for another; NAME alone of `serialbench\n"
	"                      list peers`\n"
	"  --dry-run           print the plan and how long it will take, "
	"and\n"
	"                      with --pilot what it will see, if launches\n"
	"                      scatter as in the run of that file\n"
	"  --help              print this\n";

/* Whole batches only, each with every link order once. */
static int take_extra(
	struct run_options *options, unsigned number, struct error *error)
{
	options->extra_named = true;
	options->request.extra_launches = number;
	if (number % LINK_ORDERS == 0)
		return 0;
	return error_set(error,
		"--extra-launches %u: allowed are multiples of %d, one launch "
		"for each link order",
		number, LINK_ORDERS);
}

static int read_number(struct run_options *options, int option,
	const char *text, struct error *error)
{
	static const struct {
		int option;
		const char *name;
		uint64_t least, most;
	} numbers[] = {
		{OPTION_LAUNCHES, "launches", 1, 100000},
		{OPTION_EXTRA_LAUNCHES, "extra-launches", 0, PLAN_EXTRA},
		{OPTION_ROUNDS, "rounds", 1, PLAN_ROUNDS},
		{OPTION_TURN_US, "turn-us", 20, 10000000},
		{OPTION_SEED, "seed", 0, INT64_MAX}, /* as JSON can hold */
		{OPTION_DEADLINE, "deadline", 1, 86400},
		{OPTION_TIME_BUDGET, "time-budget", 1, 10000000},
	};
	struct plan_request *request = &options->request;
	uint64_t number = 0;

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (numbers[i].option == option &&
			option_number(numbers[i].name, text, numbers[i].least,
				numbers[i].most, &number, error) != 0)
			return -1;
	if (option == OPTION_LAUNCHES)
		request->launches = (unsigned)number;
	else if (option == OPTION_EXTRA_LAUNCHES)
		return take_extra(options, (unsigned)number, error);
	else if (option == OPTION_ROUNDS)
		request->rounds = (unsigned)number;
	else if (option == OPTION_TURN_US)
		request->turn_us = (unsigned)number;
	else if (option == OPTION_SEED)
		request->seed = number;
	else if (option == OPTION_TIME_BUDGET)
		options->budget_s = (unsigned)number;
	else
		options->deadline_ns = number * 1000000000u;
	return 0;
}

static int read_option(struct run_options *options, int option, char *text,
	unsigned pus, struct error *error)
{
	switch (option) {
	case OPTION_QUICK:
	case OPTION_STANDARD:
	case OPTION_THOROUGH:
		options->preset = (enum plan_preset)(option - OPTION_QUICK);
		return 0;
	case OPTION_OUT:
		options->out = text;
		return 0;
	case OPTION_RUNS:
		options->runs = text;
		return 0;
	case OPTION_NO_PIN:
		options->request.pin = false;
		return 0;
	case OPTION_NO_MICRO:
		options->micro = false;
		return 0;
	case OPTION_NO_EXEC:
		options->exec = false;
		return 0;
	case OPTION_NO_LATENCY:
		options->latency = false;
		return 0;
	case OPTION_DRY_RUN:
		options->dry_run = true;
		return 0;
	case OPTION_RESUME:
		options->resume = text;
		return 0;
	case OPTION_SHARD:
		return run_options_shard(options, text, error);
	case OPTION_PILOT:
		options->pilot = text;
		return 0;
	case OPTION_PEER:
		return options_add_peer(&options->request, text, error);
	case OPTION_VARIANT:
	case OPTION_ALLOCATOR:
	case OPTION_WORKLOAD:
	case OPTION_THREADS:
	case OPTION_PLACEMENT:
		return options_read_list(&options->request,
			(enum options_list)(option - OPTION_VARIANT), text, pus,
			error);
	default:
		return read_number(options, option, text, error);
	}
}

/* Twice the planned, in whole batches. */
static unsigned standard_extra(unsigned launches)
{
	unsigned most = 2 * launches + LINK_ORDERS - 1;

	most -= most % LINK_ORDERS;
	return most < PLAN_EXTRA ? most : PLAN_EXTRA;
}

/* What the command line left open. */
static int fill_standard(
	struct run_options *options, unsigned pus, struct error *error)
{
	struct plan_request *request = &options->request;

	/* A question of the user's own is answered alone. */
	if (request->workload_count > 0)
		options->micro = options->exec = options->latency = false;
	if (options->budget_s == 0 && options->shards == 0 &&
		request->workload_count == 0 && request->launches == 0)
		options->budget_s = plan_preset_budget_s(options->preset);
	if (request->variant_count == 0)
		options_add_all_variants(request);
	peers_take_lanes(request);
	if (request->allocator_count == 0 &&
		options_add_installed(request,
			plan_preset_allocators(options->preset), error) != 0)
		return -1;
	plan_apply_preset(request, options->preset, pus);
	if (!options->extra_named && options->shards == 0)
		request->extra_launches = standard_extra(request->launches);
	return 0;
}

/* Options that need each other, or exclude each other. `other` is the last
 * option that a run which is resumed does not take, or NULL. */
static int check_together(const struct run_options *options, const char *other,
	bool seeded, struct error *error)
{
	if (options->resume != NULL && other != NULL) {
		return error_set(error,
			"--%s: a run that is resumed keeps its plan; allowed "
			"with --resume are --deadline and --time-budget",
			other);
	}
	if (options->shards > 0 && options->request.extra_launches > 0) {
		return error_set(error,
			"--extra-launches %u: a shard has none, since it does "
			"not know which cell of the whole is widest; allowed "
			"with --shard is 0",
			options->request.extra_launches);
	}
	if (options->shards > 0 && !seeded) {
		return error_set(error,
			"--shard %u/%u: all shards of a plan need the same "
			"--seed N, and there is none",
			options->shard, options->shards);
	}
	return 0;
}

/* What getopt_long stumbled on; of letters in one word it names the letter. */
static int refuse_word(struct error *error, int option, const char *word)
{
	char letter[] = {'-', (char)optopt, '\0'};

	if (option == ':')
		return error_set(error, "%s: a value is missing", word);
	else
		return error_set(error,
			"unknown option '%s': see serialbench run --help",
			optopt > 0 && optopt < OPTION_QUICK ? letter : word);
}

static int read_all(struct run_options *options, int argc, char **argv,
	unsigned pus, struct error *error)
{
	const char *other = NULL;
	bool seeded = false;
	int option, index = 0;

	memset(options, 0, sizeof(*options));
	options->preset = PRESET_STANDARD;
	options->runs = "results/runs";
	options->deadline_ns = 20000000000u;
	options->micro = options->exec = options->latency = true;
	options->request.pin = true;
	options->request.seed = clock_ns(CLOCK_REALTIME);
	optind = 0; /* glibc's: forgets a word begun before */
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":", long_options, &index)) !=
		-1) {
		if (option == OPTION_HELP) {
			fputs(help, stdout);
			return 1;
		}
		if (option == '?' || option == ':')
			return refuse_word(error, option, argv[optind - 1]);
		if (read_option(options, option, optarg, pus, error) != 0)
			return -1;
		seeded = seeded || option == OPTION_SEED;
		if (option != OPTION_RESUME && option != OPTION_DEADLINE &&
			option != OPTION_TIME_BUDGET)
			other = long_options[index].name;
	}
	if (optind < argc) {
		return error_set(error,
			"'%s': serialbench run takes options only; see "
			"serialbench run --help",
			argv[optind]);
	}
	if (check_together(options, other, seeded, error) != 0)
		return -1;
	/* All that a run which is resumed needs, it knows itself. */
	return options->resume != NULL ? 0 : fill_standard(options, pus, error);
}

int options_read(struct run_options *options, int argc, char **argv,
	unsigned pus, struct error *error)
{
	int result = read_all(options, argc, argv, pus, error);

	/* It has what was typed, and is one line. */
	if (result < 0)
		make_printable(error->text);
	return result;
}
