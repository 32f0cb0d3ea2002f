// SPDX-License-Identifier: MIT
//
// serialbench merge.
#include <stdio.h>

#include "commands.h"
#include "merge.h"
#include "option_parse.h"

struct merge_request {
	const char *out;
	char *const *parts;
	size_t count;
};

static const struct option_row rows[] = {
	{"out", 'o', OPTION_FOLDER, "DIR",
		"directory of the whole; must not exist", .required = true,
		OPTION_AT(struct merge_request, out)},
	{0},
};

const struct option_command merge_table = {
	.name = "merge",
	.summary = "join the shards of one plan",
	.forms = (const char *const[]){"RUN… -o DIR", NULL},
	.about =
		(const char *const[]){
			"Joins the shards of one plan (run --shard K/N) to a "
			"run in "
			"DIR, and compares and reports it. Parts have to be of "
			"one "
			"plan, one build and the same allocators, and no "
			"launch may "
			"be in two of them.",
			NULL,
		},
	.rows = rows,
	.operands = {"run directory", "run directories", 1, MERGE_PARTS,
		OPTION_FOLDER},
	.call = command_merge,
};

static void say_missing(const struct plan *plan)
{
	size_t left = 0;

	for (size_t i = 0; i < plan->launch_count; i++)
		left += plan->launches[i].left;
	if (left > 0)
		fprintf(stderr,
			"serialbench merge: %zu of %zu launches are in no "
			"part\n",
			left, plan->launch_count);
}

static int merge_and_conclude(const struct merge_request *request)
{
	static struct run_options options;
	static struct run run;
	struct error error;
	int result = merge_runs(&run, &options, request->out, request->parts,
		request->count, &error);

	if (result == 0) {
		say_missing(&run.plan);
		result = run_conclude(&run, &error) == 0 ? 0 : RUN_NO_ROOM;
	}
	if (result != 0)
		command_refuse("merge", error.text);
	run_finish(&run);
	if (result == RUN_REFUSED)
		return EXIT_WRONG_USE;
	return result != 0 || run.record.launches_failed > 0 ? EXIT_FAILED_CELLS
							     : EXIT_DONE;
}

int command_merge(int argc, char **argv)
{
	struct merge_request request = {.out = NULL};
	struct option_reading reading;
	struct error error;
	int result = option_parse(
		&merge_table, argc, argv, &request, &reading, &error);

	if (result != 0)
		return result < 0 ? command_refuse("merge", error.text)
				  : EXIT_DONE;
	request.parts = reading.operands;
	request.count = (size_t)reading.operand_count;
	return merge_and_conclude(&request);
}
