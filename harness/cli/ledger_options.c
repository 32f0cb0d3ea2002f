// SPDX-License-Identifier: MIT
//
// The command line of `serialbench ledger`.
#include <string.h>

#include "clock.h"
#include "commands.h"
#include "ledger.h"
#include "ledger_options.h"
#include "option_names.h"
#include "option_parse.h"
#include "option_rows.h"
#include "options_lists.h"

static const struct option_row rows[] = {
	{"workload", .kind = OPTION_LIST, .argument = "LIST",
		.help = "workloads with their parameters",
		.name_at = workload_name_at, .or_all = true,
		.otherwise = "pair,size=64,fleet",
		.take = options_take_workloads},
	{"allocator", .kind = OPTION_LIST, .argument = "LIST",
		.help = "underlying allocators, or paths",
		.names = allocator_names, .or_all = true,
		.otherwise = "system,jemalloc",
		.take = options_take_allocators},
	{"threads", .kind = OPTION_LIST, .argument = "LIST",
		.help = "thread counts", .least = 1,
		.most = TOPOLOGY_MAX_THREADS, .or_all = true, .otherwise = "1",
		.take = options_take_threads},
	{"launches", .kind = OPTION_NUMBER, .argument = "N",
		.help = "launches of each cell", .least = 1, .most = 100000,
		.standard = "60",
		OPTION_AT(struct options_reading, run.request.launches)},
	{"rounds", .kind = OPTION_NUMBER, .argument = "N",
		.help = "rounds of each launch", .least = 1,
		.most = PLAN_ROUNDS, .standard = "11",
		OPTION_AT(struct options_reading, run.request.rounds)},
	{"turn-us", .kind = OPTION_NUMBER, .argument = "N",
		.help = "timed part of a turn, about, in microseconds",
		.least = 20, .most = 10000000, .standard = "400",
		OPTION_AT(struct options_reading, run.request.turn_us)},
	OPTION_SEED_ROW(struct options_reading, run.request.seed),
	OPTION_RUN_OUT_ROW(struct options_reading, run.out),
	OPTION_RUNS_ROW(struct options_reading, run.runs),
	OPTION_NO_PIN_ROW(struct options_reading, run.request.pin),
	OPTION_DEADLINE_ROW(struct options_reading, run.deadline_ns),
	OPTION_FORMAT_ROW(struct options_reading, format),
	{0},
};

const struct option_command ledger_table = {
	.name = "ledger",
	.summary = "what each part of the wrapper costs",
	.forms = (const char *const[]){"[OPTION…]", "RUN [--format FORMAT]",
		NULL},
	.about =
		(const char *const[]){
			"What each part of the debug wrapper costs, in ns and "
			"bytes, "
			"from builds with and without it; or the ledger of a "
			"run that "
			"was made.",
			NULL,
		},
	.rows = rows,
	.operands = {"run directory", "run directories", 0, 1, OPTION_FOLDER},
	.call = command_ledger,
};

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
	plan_apply_preset(request, PRESET_STANDARD, 1);
	add_lanes(request);
	return check_workloads(request, error);
}

/* Whether what was given besides the format makes a run. */
static int take_directory(struct ledger_options *options,
	const struct option_reading *words, struct error *error)
{
	static const char *const beside[] = {"format", NULL};
	const char *other = option_given_but(&ledger_table, words, beside);

	options->directory = words->operands[0];
	if (other == NULL)
		return 0;
	return error_set(error,
		"--%s: allowed beside a run directory is --format only", other);
}

int ledger_options_read(struct ledger_options *options, int argc, char **argv,
	unsigned pus, struct error *error)
{
	static struct options_reading reading;
	struct option_reading words;
	int result;

	memset(&reading, 0, sizeof(reading));
	reading.pus = pus;
	reading.run.preset = PRESET_STANDARD;
	reading.run.request.pin = true;
	reading.run.request.seed = clock_ns(CLOCK_REALTIME);
	result = option_parse(
		&ledger_table, argc, argv, &reading, &words, error);
	*options = (struct ledger_options){
		.run = reading.run, .format = reading.format};
	if (result != 0)
		return result;
	if (words.operand_count > 0)
		return take_directory(options, &words, error);
	return fill_standard(options, error);
}
