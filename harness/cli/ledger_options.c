// SPDX-License-Identifier: MIT
//
// The command line of `serialbench ledger`.
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "ledger.h"
#include "ledger_options.h"
#include "options_lists.h"

static const char help[] =
	"Usage: serialbench ledger [OPTION…]\n"
	"       serialbench ledger RUN [--format FORMAT]\n"
	"What each part of the debug wrapper costs, in ns and bytes, from\n"
	"builds with and without it; or the ledger of a run that was made.\n"
	"\n"
	"  --workload LIST     workloads with their parameters\n"
	"                      (pair,size=64,fleet)\n"
	"  --allocator LIST    underlying allocators, paths, or all\n"
	"                      (system,jemalloc)\n"
	"  --threads LIST      thread counts, or all (1)\n"
	"  --launches N        launches of each cell (60)\n"
	"  --rounds N          rounds of each launch (11)\n"
	"  --turn-us N         timed part of a turn, about, in microseconds "
	"(400)\n"
	"  --seed N            of everything random in the run (the time)\n"
	"  --out DIR           run directory; must not exist\n"
	"  --runs DIR          where run directories are made (results/runs)\n"
	"  --no-pin            leave threads where the kernel puts them\n"
	"  --deadline SECONDS  after which a silent worker is given up (20)\n"
	"  --format FORMAT     table, csv or json (table)\n"
	"  --help              print this\n";

static const struct option long_options[] = {
	{"workload", required_argument, NULL, 'w'},
	{"allocator", required_argument, NULL, 'a'},
	{"threads", required_argument, NULL, 't'},
	{"launches", required_argument, NULL, 'l'},
	{"rounds", required_argument, NULL, 'r'},
	{"turn-us", required_argument, NULL, 'u'},
	{"seed", required_argument, NULL, 's'},
	{"out", required_argument, NULL, 'o'},
	{"runs", required_argument, NULL, 'd'},
	{"no-pin", no_argument, NULL, 'n'},
	{"deadline", required_argument, NULL, 'e'},
	{"format", required_argument, NULL, 'f'},
	{"help", no_argument, NULL, 'h'},
	{0},
};

/* A number into the option's place. */
static int read_number(
	struct ledger_options *options, int option, struct error *error)
{
	struct plan_request *request = &options->run.request;
	uint64_t number;

	switch (option) {
	case 'l':
		if (option_number(
			    "launches", optarg, 1, 100000, &number, error) != 0)
			return -1;
		request->launches = (unsigned)number;
		return 0;
	case 'r':
		if (option_number("rounds", optarg, 1, 10000, &number, error) !=
			0)
			return -1;
		request->rounds = (unsigned)number;
		return 0;
	case 'u':
		if (option_number("turn-us", optarg, 20, 10000000, &number,
			    error) != 0)
			return -1;
		request->turn_us = (unsigned)number;
		return 0;
	case 's':
		return option_number(
			"seed", optarg, 0, INT64_MAX, &request->seed, error);
	default:
		if (option_number(
			    "deadline", optarg, 1, 86400, &number, error) != 0)
			return -1;
		options->run.deadline_ns = number * 1000000000u;
		return 0;
	}
}

static int read_option(struct ledger_options *options, int option, unsigned pus,
	char *const *argv, struct error *error)
{
	struct plan_request *request = &options->run.request;

	switch (option) {
	case 'w':
		return options_read_list(
			request, LIST_WORKLOADS, optarg, pus, error);
	case 'a':
		return options_read_list(
			request, LIST_ALLOCATORS, optarg, pus, error);
	case 't':
		return options_read_list(
			request, LIST_THREADS, optarg, pus, error);
	case 'o':
		options->run.out = optarg;
		return 0;
	case 'd':
		options->run.runs = optarg;
		return 0;
	case 'n':
		request->pin = false;
		return 0;
	case 'f':
		return option_format(optarg, &options->format, error);
	case '?':
	case ':':
		return error_set(error,
			"'%s': unknown option or value missing; see "
			"serialbench ledger --help",
			argv[optind - 1]);
	default:
		return read_number(options, option, error);
	}
}

/* The factorial's lanes. The program itself has no such backends: the names
 * are all that it needs of them. */
static void add_lanes(struct plan_request *request)
{
	static struct alloc_backend lanes[LEDGER_LANES];
	static char names[LEDGER_LANES][LEDGER_NAME];

	_Static_assert(LEDGER_LANES <= LATIN_MAX, "the lanes fit a launch");
	for (unsigned i = 0; i < LEDGER_LANES; i++) {
		ledger_lane_name(i, names[i]);
		lanes[i].variant = names[i];
		lanes[i].allocates = true;
		request->variants[request->variant_count++] = &lanes[i];
	}
	request->worker = LANE_LEDGER_WORKER;
}

/* Workloads without an allocator in them have no ledger. */
static int check_workloads(
	const struct plan_request *request, struct error *error)
{
	for (size_t i = 0; i < request->workload_count; i++) {
		struct workload_instance instance = {0};
		char reason[WORKLOAD_TEXT];

		if (workload_parse(request->workloads[i], &instance, reason) ==
				0 &&
			!instance.workload->uses_allocator) {
			return error_set(error,
				"--workload %s: allowed are workloads that "
				"allocate",
				request->workloads[i]);
		}
	}
	return 0;
}

static int fill_standard(struct ledger_options *options, struct error *error)
{
	static const char *const allocators[] = {"system", "jemalloc", NULL};
	struct plan_request *request = &options->run.request;

	if (request->workload_count == 0) {
		request->workloads[request->workload_count++] = "pair,size=64";
		request->workloads[request->workload_count++] = "fleet";
	}
	if (request->thread_count == 0)
		request->threads[request->thread_count++] = 1;
	if (request->allocator_count == 0 &&
		options_add_installed(request, allocators, error) != 0)
		return -1;
	if (request->launches == 0)
		request->launches = 60;
	if (request->rounds == 0)
		request->rounds = 11;
	plan_apply_preset(request, PRESET_STANDARD, 1);
	add_lanes(request);
	return check_workloads(request, error);
}

static void set_standard(struct ledger_options *options)
{
	memset(options, 0, sizeof(*options));
	options->run.preset = PRESET_STANDARD;
	options->run.runs = "results/runs";
	options->run.deadline_ns = 20000000000u;
	options->run.request.pin = true;
	options->run.request.seed = clock_ns(CLOCK_REALTIME);
}

/* Whether what was given besides the format makes a run. */
static int take_directory(struct ledger_options *options, int argc, char **argv,
	bool other, struct error *error)
{
	if (argc - optind == 1 && !other) {
		options->directory = argv[optind];
		return 0;
	}
	return error_set(error,
		"'%s': allowed is one run directory, and --format beside "
		"it",
		argv[optind]);
}

int ledger_options_read(struct ledger_options *options, int argc, char **argv,
	unsigned pus, struct error *error)
{
	bool other = false;
	int option;

	set_standard(options);
	optind = 0; /* glibc's: forgets a word begun before */
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":", long_options, NULL)) !=
		-1) {
		if (option == 'h') {
			fputs(help, stdout);
			return 1;
		}
		if (read_option(options, option, pus, argv, error) != 0)
			return -1;
		other = other || option != 'f';
	}
	if (optind < argc)
		return take_directory(options, argc, argv, other, error);
	return fill_standard(options, error);
}
