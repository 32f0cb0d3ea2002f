// SPDX-License-Identifier: MIT
#include "certify_options.h"

#include "clock.h"
#include "commands.h"
#include "option_parse.h"
#include "option_rows.h"
#include "statistics.h"

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
	struct certify_options options;
	unsigned experiments, launches; /* 0: the size's own */
};

static void apply_size(
	const struct reading *reading, struct certify_design *design)
{
	unsigned experiments = reading->experiments;
	unsigned launches = reading->launches;

	*design = designs[reading->options.preset];
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

static const struct option_row rows[] = {
	OPTION_SIZE_ROWS(struct reading, options.preset),
	{"experiments", .kind = OPTION_NUMBER, .argument = "N",
		.help = "experiments of each kind", .least = 1, .most = 100000,
		.otherwise = "by the size",
		OPTION_AT(struct reading, experiments)},
	/* With fewer than 6 there is no interval. */
	{"launches", .kind = OPTION_NUMBER, .argument = "N",
		.help = "launches of each experiment", .least = 6,
		.most = 10000, .otherwise = "by the size",
		OPTION_AT(struct reading, launches)},
	OPTION_SEED_ROW(struct reading, options.seed),
	{"out", .kind = OPTION_FOLDER, .argument = "DIR",
		.help = "where certificate.json and experiments.csv go; must "
			"not exist",
		.otherwise = "a new one below --certificates",
		OPTION_AT(struct reading, options.out)},
	{"certificates", .kind = OPTION_FOLDER, .argument = "DIR",
		.help = "where later runs look",
		.standard = "results/certificates",
		OPTION_AT(struct reading, options.certificates)},
	OPTION_NO_PIN_ROW(struct reading, options.pin),
	OPTION_DEADLINE_ROW(struct reading, options.deadline_ns),
	{0},
};

const struct option_command certify_table = {
	.name = "certify",
	.summary = "what this machine can see: its certificate",
	.forms =
		(const char *const[]){
			"[--quick|--standard|--thorough] [OPTION…]", NULL},
	.about =
		(const char *const[]){
			"What this machine can see: how often identical code "
			"is "
			"called different, and how often planted slowdowns, "
			"bytes, "
			"stalls and a slow thread are found. Later runs on "
			"this "
			"machine say so in one line. With --thorough the false "
			"positives are repeated beside two busy processes.",
			NULL,
		},
	.rows = rows,
	.call = command_certify,
};

int certify_options_read(struct certify_options *options, int argc, char **argv,
	struct error *error)
{
	struct reading reading = {.options = {
					  .preset = PRESET_STANDARD,
					  .seed = clock_ns(CLOCK_REALTIME),
					  .pin = true,
				  }};
	struct option_reading words;
	int result = option_parse(
		&certify_table, argc, argv, &reading, &words, error);

	*options = reading.options;
	apply_size(&reading, &options->design);
	return result;
}
