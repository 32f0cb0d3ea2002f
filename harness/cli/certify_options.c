// SPDX-License-Identifier: MIT
#include "certify_options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "options.h"
#include "statistics.h"

static const char help[] =
	"Usage: serialbench certify [OPTION…]\n"
	"What this machine can see: how often identical code is called\n"
	"different, and how often planted slowdowns, bytes, stalls and a slow\n"
	"thread are found. Later runs on this machine say so in one line.\n"
	"\n"
	"  --quick, --standard, --thorough\n"
	"                      size (standard); thorough repeats the false\n"
	"                      positives beside two busy processes\n"
	"  --experiments N     of each kind, in place of the size's own\n"
	"  --launches N        of each experiment, in place of the size's own\n"
	"  --seed N            of everything random (the time)\n"
	"  --out DIR           where certificate.json and experiments.csv go;\n"
	"                      must not exist\n"
	"  --certificates DIR  where later runs look (results/certificates)\n"
	"  --no-pin            leave threads where the kernel puts them\n"
	"  --deadline SECONDS  after which a silent worker is given up (20)\n"
	"  --help              print this\n";

/* docs/certify.md says how long each takes. */
static const struct certify_design designs[] = {
	[PRESET_QUICK] =
		{
			.experiments = 60,
			.sequential = 30,
			.layout = 30,
			.planted = 20,
			.launches = 12,
			.rounds = CERTIFY_ROUNDS,
			.planted_rounds = CERTIFY_PLANTED_ROUNDS,
			.turn_us = CERTIFY_TURN_US,
			.truth_launches = 12,
			.truth_rounds = 15,
			.stall_launches = 5,
			.stall_pairs = 200000,
		},
	[PRESET_STANDARD] =
		{
			.experiments = 200,
			.sequential = 100,
			.layout = 100,
			.planted = 100,
			.launches = 30,
			.rounds = CERTIFY_ROUNDS,
			.planted_rounds = CERTIFY_PLANTED_ROUNDS,
			.turn_us = CERTIFY_TURN_US,
			.truth_launches = 30,
			.truth_rounds = 15,
			.stall_launches = 11,
			.stall_pairs = 1000000,
		},
	[PRESET_THOROUGH] =
		{
			.experiments = 200,
			.sequential = 100,
			.layout = 100,
			.planted = 100,
			.launches = 30,
			.rounds = CERTIFY_ROUNDS,
			.planted_rounds = CERTIFY_PLANTED_ROUNDS,
			.turn_us = CERTIFY_TURN_US,
			.busy_experiments = 200,
			.busy_launches = 12,
			.truth_launches = 30,
			.truth_rounds = 15,
			.stall_launches = 11,
			.stall_pairs = 1000000,
		},
};

struct reading {
	struct certify_options *options;
	uint64_t experiments, launches; /* 0: the size's own */
	bool help;
};

static int read_option(struct reading *reading, int option, const char *word,
	struct error *error)
{
	struct certify_options *options = reading->options;
	uint64_t number = 0;
	int result = 0;

	switch (option) {
	case 'q':
		options->preset = PRESET_QUICK;
		break;
	case 's':
		options->preset = PRESET_STANDARD;
		break;
	case 't':
		options->preset = PRESET_THOROUGH;
		break;
	case 'e':
		result = option_number("experiments", optarg, 1, 100000,
			&reading->experiments, error);
		break;
	case 'l':
		/* With fewer than 6 there is no interval. */
		result = option_number("launches", optarg, 6, 10000,
			&reading->launches, error);
		break;
	case 'r':
		result = option_number(
			"seed", optarg, 0, INT64_MAX, &options->seed, error);
		break;
	case 'd':
		result = option_number(
			"deadline", optarg, 1, 86400, &number, error);
		options->deadline_ns = number * 1000000000u;
		break;
	case 'o':
		options->out = optarg;
		break;
	case 'c':
		options->certificates = optarg;
		break;
	case 'n':
		options->pin = false;
		break;
	case 'h':
		reading->help = true;
		break;
	default:
		error_set(error,
			"'%s': unknown option or value missing; see "
			"serialbench certify --help",
			word);
		result = -1;
	}
	return result;
}

static void apply_size(const struct reading *reading)
{
	struct certify_design *design = &reading->options->design;
	unsigned experiments = (unsigned)reading->experiments;
	unsigned launches = (unsigned)reading->launches;

	*design = designs[reading->options->preset];
	if (experiments > 0) {
		design->experiments = experiments;
		design->sequential = experiments;
		design->layout = experiments;
		design->planted = experiments;
		if (design->busy_experiments > 0)
			design->busy_experiments = experiments;
	}
	if (launches > 0) {
		design->launches = launches;
		design->truth_launches = launches;
		design->busy_launches = launches;
	}
	/* So that every link order has an interval of its own. */
	while (design->layout * design->launches <
		LINK_ORDERS * (sign_interval_least(CERTIFY_ALPHA) + 1))
		design->layout++;
}

int certify_options_read(struct certify_options *options, int argc, char **argv,
	struct error *error)
{
	static const struct option long_options[] = {
		{"quick", no_argument, NULL, 'q'},
		{"standard", no_argument, NULL, 's'},
		{"thorough", no_argument, NULL, 't'},
		{"experiments", required_argument, NULL, 'e'},
		{"launches", required_argument, NULL, 'l'},
		{"seed", required_argument, NULL, 'r'},
		{"out", required_argument, NULL, 'o'},
		{"certificates", required_argument, NULL, 'c'},
		{"no-pin", no_argument, NULL, 'n'},
		{"deadline", required_argument, NULL, 'd'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	struct reading reading = {.options = options};
	int option;

	*options = (struct certify_options){
		.preset = PRESET_STANDARD,
		.certificates = "results/certificates",
		.seed = clock_ns(CLOCK_REALTIME),
		.deadline_ns = 20000000000u,
		.pin = true,
	};
	optind = 0;
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":", long_options, NULL)) !=
		-1)
		if (read_option(&reading, option, argv[optind - 1], error) != 0)
			return -1;
	if (reading.help) {
		fputs(help, stdout);
		return 1;
	}
	apply_size(&reading);
	if (optind == argc)
		return 0;
	return error_set(error,
		"'%s': serialbench certify takes options only; see "
		"serialbench certify --help",
		argv[optind]);
}
