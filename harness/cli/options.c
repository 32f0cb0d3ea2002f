// SPDX-License-Identifier: MIT
#include "options.h"

#include <string.h>

#include "clock.h"
#include "commands.h"
#include "option_names.h"
#include "option_parse.h"
#include "option_rows.h"
#include "options_lists.h"
#include "plan_lanes.h"
#include "plan_peers.h"
#include "printable.h"

/* Whole batches only, each with every link order once. */
static int take_extra(
	void *request, const struct option_value *value, struct error *error)
{
	struct options_reading *reading = request;

	reading->run.extra_named = true;
	reading->run.request.extra_launches = (unsigned)value->number;
	if (value->number % LINK_ORDERS == 0)
		return 0;
	return error_set(error,
		"--extra-launches %s: allowed are multiples of %d, one launch "
		"for each link order",
		value->text, LINK_ORDERS);
}

static int take_shard(
	void *request, const struct option_value *value, struct error *error)
{
	struct options_reading *reading = request;

	return run_options_shard(&reading->run, value->text, error);
}

static const struct option_row rows[] = {
	OPTION_SIZE_ROWS(struct options_reading, run.preset),
	{"variant", .kind = OPTION_LIST, .argument = "LIST", .help = "variants",
		.name_at = variant_name_at, .or_all = true, .otherwise = "all",
		.take = options_take_variants},
	{"allocator", .kind = OPTION_LIST, .argument = "LIST",
		.help = "underlying allocators, or paths",
		.names = allocator_names, .or_all = true,
		.otherwise = "system,jemalloc",
		.take = options_take_allocators},
	{"workload", .kind = OPTION_LIST, .argument = "LIST",
		.help = "workloads with their parameters, as "
			"pair,size=64,counter,work=50",
		.name_at = workload_name_at, .or_all = true,
		.otherwise = "by the size", .take = options_take_workloads},
	{"threads", .kind = OPTION_LIST, .argument = "LIST",
		.help = "thread counts", .least = 1,
		.most = TOPOLOGY_MAX_THREADS, .or_all = true,
		.otherwise = "1 and every PU", .take = options_take_threads},
	{"placement", .kind = OPTION_LIST, .argument = "LIST",
		.help = "how threads are put on PUs",
		.name_at = placement_name_at, .or_all = true,
		.otherwise = "cores", .take = options_take_placements},
	{"launches", .kind = OPTION_NUMBER, .argument = "N",
		.help = "launches of each cell", .least = 1, .most = 100000,
		.otherwise = "by the size",
		OPTION_AT(struct options_reading, run.request.launches)},
	{"extra-launches", .kind = OPTION_NUMBER, .argument = "N",
		.help = "of a cell at most, beyond those, while the time "
			"budget lasts: to the cell whose launches lie "
			"farthest apart",
		.most = PLAN_EXTRA,
		.otherwise = "twice --launches, 0 with --shard",
		.take = take_extra},
	{"rounds", .kind = OPTION_NUMBER, .argument = "N",
		.help = "rounds of each launch", .least = 1,
		.most = PLAN_ROUNDS,
		.otherwise = "the pilot chooses them, for each cell",
		OPTION_AT(struct options_reading, run.request.rounds)},
	{"turn-us", .kind = OPTION_NUMBER, .argument = "N",
		.help = "timed part of a turn, about, in microseconds; twice "
			"that where the workload is not uniform",
		.least = 20, .most = 10000000, .otherwise = "by the size",
		OPTION_AT(struct options_reading, run.request.turn_us)},
	OPTION_SEED_ROW(struct options_reading, run.request.seed),
	OPTION_RUN_OUT_ROW(struct options_reading, run.out),
	OPTION_RUNS_ROW(struct options_reading, run.runs),
	OPTION_NO_PIN_ROW(struct options_reading, run.request.pin),
	{"no-micro", .kind = OPTION_FLAG, .help = "without google-benchmark",
		.stores = false, OPTION_AT(struct options_reading, run.micro)},
	{"no-exec", .kind = OPTION_FLAG, .help = "without the real program",
		.stores = false, OPTION_AT(struct options_reading, run.exec)},
	{"no-latency", .kind = OPTION_FLAG,
		.help = "without latency percentiles", .stores = false,
		OPTION_AT(struct options_reading, run.latency)},
	{"time-budget", .kind = OPTION_NUMBER, .argument = "SECONDS",
		.help = "from the run's start; then it ends after the pass of "
			"launches that has begun, the seventeenth at the "
			"earliest; cells that do not fit in are dropped",
		.least = 1, .most = 10000000,
		.otherwise = "200 in the standard run",
		OPTION_AT(struct options_reading, run.budget_s)},
	OPTION_DEADLINE_ROW(struct options_reading, run.deadline_ns),
	{"resume", .kind = OPTION_FOLDER, .argument = "DIR",
		.help = "finish the run in DIR that was stopped or killed; it "
			"keeps its plan, so of the other options only "
			"--deadline and --time-budget are allowed",
		OPTION_AT(struct options_reading, run.resume)},
	{"shard", .kind = OPTION_TEXT, .argument = "K/N",
		.help = "run part K of N of the plan, for `serialbench "
			"merge`; all parts need the same --seed",
		.take = take_shard},
	{"pilot", .kind = OPTION_FILE, .argument = "FILE",
		.help = "take the length of the turns and the rounds from "
			"another run's pilot.csv",
		OPTION_AT(struct options_reading, run.pilot)},
	{"peer", .kind = OPTION_TEXT, .argument = "NAME=LIBRARY[:ENV=VALUE…]",
		.help = "a lane on any library that takes malloc over; again "
			"for another; NAME alone of `serialbench list peers`",
		.name_at = peer_name_at, .take = options_take_peer},
	{"dry-run", .kind = OPTION_FLAG,
		.help = "print the plan and how long it will take, and with "
			"--pilot what it will see, if launches scatter as in "
			"the run of that file",
		.stores = true, OPTION_AT(struct options_reading, run.dry_run)},
	{0},
};

const struct option_command run_table = {
	.name = "run",
	.summary = "plan, run, compare and report",
	.forms =
		(const char *const[]){
			"[--quick|--standard|--thorough] [OPTION…]",
			"--resume DIR [--deadline SECONDS] [--time-budget "
			"SECONDS]",
			NULL,
		},
	.about =
		(const char *const[]){
			"Plans, runs, compares and reports; see `serialbench "
			"list` "
			"for names.",
			NULL,
		},
	.rows = rows,
	.call = command_run,
};

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
	request->control_spacing = PLAN_CONTROL_SPACING;
	if (!options->extra_named && options->shards == 0)
		request->extra_launches = standard_extra(request->launches);
	return 0;
}

/* Options that need each other, or exclude each other. */
static int check_together(const struct run_options *options,
	const struct option_reading *words, struct error *error)
{
	static const char *const resumes[] = {
		"resume", "deadline", "time-budget", NULL};
	const char *other = option_given_but(&run_table, words, resumes);

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
	if (options->shards > 0 && !option_given(&run_table, words, "seed")) {
		return error_set(error,
			"--shard %u/%u: all shards of a plan need the same "
			"--seed N, and there is none",
			options->shard, options->shards);
	}
	return 0;
}

int options_read(struct run_options *options, int argc, char **argv,
	unsigned pus, struct error *error)
{
	static struct options_reading reading;
	struct option_reading words;
	int result;

	memset(&reading, 0, sizeof(reading));
	reading.pus = pus;
	reading.run.preset = PRESET_STANDARD;
	reading.run.micro = reading.run.exec = reading.run.latency = true;
	reading.run.request.pin = true;
	reading.run.request.seed = clock_ns(CLOCK_REALTIME);
	result = option_parse(&run_table, argc, argv, &reading, &words, error);
	*options = reading.run;
	if (result == 0)
		result = check_together(options, &words, error);
	/* All that a run which is resumed needs, it knows itself. */
	if (result == 0 && options->resume == NULL)
		result = fill_standard(options, pus, error);
	if (result < 0)
		make_printable(error->text);
	return result;
}
