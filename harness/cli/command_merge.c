// SPDX-License-Identifier: MIT
//
// serialbench merge.
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "merge.h"
#include "options.h"

static const char help[] =
	"Usage: serialbench merge RUN… -o DIR\n"
	"Joins the shards of one plan (run --shard K/N) to a run in DIR, and\n"
	"compares and reports it. Parts have to be of one plan, one build and\n"
	"the same allocators, and no launch may be in two of them.\n"
	"\n"
	"  -o, --out DIR   directory of the whole; must not exist\n"
	"  --help          print this\n";

struct merge_request {
	const char *out;
	char *const *parts;
	size_t count;
	bool help;
};

static int read_option(struct merge_request *request, int option,
	const char *word, struct error *error)
{
	switch (option) {
	case 'o':
		request->out = optarg;
		return 0;
	case 'h':
		request->help = true;
		return 0;
	default:
		return error_set(error,
			"'%s': unknown option or value missing; see "
			"serialbench merge --help",
			word);
	}
}

static int read_request(struct merge_request *request, int argc, char **argv,
	struct error *error)
{
	static const struct option long_options[] = {
		{"out", required_argument, NULL, 'o'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	int option;

	memset(request, 0, sizeof(*request));
	optind = 0;
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":o:", long_options, NULL)) !=
		-1)
		if (read_option(request, option, argv[optind - 1], error) != 0)
			return -1;
	request->parts = argv + optind;
	request->count = (size_t)(argc - optind);
	if (request->help)
		return 0;
	if (request->count < 1 || request->count > MERGE_PARTS) {
		return error_set(error, "%zu runs: allowed are from 1 to %d",
			request->count, MERGE_PARTS);
	}
	if (request->out == NULL) {
		return error_set(
			error, "-o DIR is missing: the directory of the whole");
	}
	return 0;
}

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
	struct merge_request request;
	struct error error;

	if (read_request(&request, argc, argv, &error) != 0)
		return command_refuse("merge", error.text);
	if (request.help) {
		fputs(help, stdout);
		return EXIT_DONE;
	}
	return merge_and_conclude(&request);
}
