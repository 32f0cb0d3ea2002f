// SPDX-License-Identifier: MIT
//
// serialbench gate: whether a run holds to limits, for the CI of other
// projects.
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certificate.h"
#include "commands.h"
#include "gate.h"
#include "options.h"
#include "run_meta.h"

static const char gate_help[] =
	"Usage: serialbench gate RUN [RUN2] [LIMIT…] [OPTION…]\n"
	"Exit code 1 where a variant is proven slower or bigger than allowed\n"
	"over the baseline. A slowdown is proven where the intervals of two\n"
	"independent runs lie above the limit; one run alone only names a\n"
	"suspect, and a second one has to decide. Bytes are counted: one run\n"
	"is enough.\n"
	"\n"
	"  --max-slowdown PER_CENT  of a cell's time over the baseline's\n"
	"  --max-bytes N            of a block over the baseline's\n"
	"  --baseline VARIANT       (none)\n"
	"  --variant LIST           what is held to the limits (the variants\n"
	"                           that number blocks, and peers)\n"
	"  --metric METRIC          ns_per_op or cpu_ns_per_op (ns_per_op)\n"
	"  --single                 one run is enough to fail: to screen\n"
	"                           before a second run is made\n"
	"  --strict                 what is suspected or inconclusive fails,\n"
	"                           too\n"
	"  --format FORMAT          table, csv or json (table)\n"
	"  --help                   print this\n";

struct gate_request {
	struct gate_options options;
	const char *variants[LATIN_MAX + 1]; /* closed by NULL */
	size_t variant_count;
	enum table_format format;
	bool help;
};

static int read_slowdown(
	const char *text, double *slowdown, struct error *error)
{
	char *end;

	*slowdown = strtod(text, &end) / 100;
	if (end != text && (*end == '\0' || strcmp(end, "%") == 0) &&
		*slowdown > 0 && *slowdown <= 100)
		return 0;
	return error_set(error,
		"--max-slowdown '%s': allowed is a percentage above 0, up "
		"to 10000",
		text);
}

static int read_bytes(const char *text, double *bytes, struct error *error)
{
	uint64_t number;

	if (option_number("max-bytes", text, 0, 1u << 30, &number, error) != 0)
		return -1;
	*bytes = (double)number;
	return 0;
}

static int add_variants(
	struct gate_request *request, char *list, struct error *error)
{
	char *name;

	while ((name = strsep(&list, ",")) != NULL) {
		if (name[0] == '\0' || request->variant_count == LATIN_MAX) {
			return error_set(error,
				"--variant '%s': allowed are up to %d "
				"names of the run's variants",
				name, LATIN_MAX);
		}
		request->variants[request->variant_count++] = name;
	}
	return 0;
}

static int read_metric(
	const char *text, const char **metric, struct error *error)
{
	*metric = text;
	if (strcmp(text, "ns_per_op") == 0 ||
		strcmp(text, "cpu_ns_per_op") == 0)
		return 0;
	return error_set(error,
		"--metric '%s': allowed are ns_per_op, cpu_ns_per_op", text);
}

static int read_option(struct gate_request *request, int option,
	char *const *argv, struct error *error)
{
	struct gate_options *options = &request->options;

	switch (option) {
	case 's':
		return read_slowdown(optarg, &options->max_slowdown, error);
	case 'y':
		return read_bytes(optarg, &options->max_bytes, error);
	case 'b':
		options->baseline = optarg;
		return 0;
	case 'v':
		return add_variants(request, optarg, error);
	case 'm':
		return read_metric(optarg, &options->metric, error);
	case '1':
		options->single = true;
		return 0;
	case 'S':
		options->strict = true;
		return 0;
	case 'f':
		return option_format(optarg, &request->format, error);
	case 'h':
		request->help = true;
		return 0;
	default:
		return error_set(error,
			"'%s': unknown option or value missing; see "
			"serialbench gate --help",
			argv[optind - 1]);
	}
}

static int check_request(struct gate_request *request, int argc, char **argv,
	struct error *error)
{
	struct gate_options *options = &request->options;
	int runs = argc - optind;

	if (runs < 1 || runs > GATE_RUNS) {
		return error_set(error,
			"%d run directories: allowed are one or two", runs);
	}
	if (isnan(options->max_slowdown) && isnan(options->max_bytes)) {
		return error_set(error,
			"no limit: allowed are --max-slowdown PER_CENT, "
			"--max-bytes N, or both");
	}
	if (options->single && runs == GATE_RUNS) {
		return error_set(error,
			"--single: allowed with one run directory, not two");
	}
	for (int i = 0; i < runs; i++)
		options->runs[options->run_count++] = argv[optind + i];
	return 0;
}

static int read_request(struct gate_request *request, int argc, char **argv,
	struct error *error)
{
	static const struct option long_options[] = {
		{"max-slowdown", required_argument, NULL, 's'},
		{"max-bytes", required_argument, NULL, 'y'},
		{"baseline", required_argument, NULL, 'b'},
		{"variant", required_argument, NULL, 'v'},
		{"metric", required_argument, NULL, 'm'},
		{"single", no_argument, NULL, '1'},
		{"strict", no_argument, NULL, 'S'},
		{"format", required_argument, NULL, 'f'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	int option;

	*request = (struct gate_request){.options = {
						 .baseline = COMPARE_BASELINE,
						 .max_slowdown = NAN,
						 .max_bytes = NAN,
						 .alpha = 0.05,
					 }};
	optind = 0;
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":", long_options, NULL)) !=
		-1)
		if (read_option(request, option, argv, error) != 0)
			return -1;
	return request->help ? 0 : check_request(request, argc, argv, error);
}

/* Those that the command line left open: the run's variants that number
 * blocks, and its peers, but for the baseline. They stay the record's. */
static int fill_variants(
	struct gate_request *request, const json_t *meta, struct error *error)
{
	const json_t *list =
		json_object_get(json_object_get(meta, "plan"), "variants");
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		const char *name = json_string_value(item);
		const struct alloc_backend *known =
			name == NULL ? NULL : alloc_backend_find(name);

		if (name != NULL && request->variant_count < LATIN_MAX &&
			strcmp(name, request->options.baseline) != 0 &&
			(known == NULL || known->numbers_blocks))
			request->variants[request->variant_count++] = name;
	}
	if (request->variant_count > 0)
		return 0;
	return error_set(error,
		"%s: no variant that numbers blocks and no peer: allowed "
		"is to name others with --variant",
		request->options.runs[0]);
}

/* A copy of a run would agree with itself. */
static int check_independent(const struct gate_options *options,
	json_t *const metas[GATE_RUNS], struct error *error)
{
	if (options->run_count < GATE_RUNS ||
		run_meta_count(metas[0], NULL, "start_unix_ns") !=
			run_meta_count(metas[1], NULL, "start_unix_ns"))
		return 0;
	return error_set(error,
		"%s and %s are the same run: allowed are two that were "
		"made one after the other",
		options->runs[0], options->runs[1]);
}

static void report_suspects(
	const struct gate *gate, const struct gate_options *options)
{
	size_t suspects = gate->found[GATE_SUSPECTED];

	if (suspects == 0)
		return;
	if (options->run_count == 1)
		fprintf(stderr,
			"serialbench gate: one run: %zu suspected, not proven; "
			"make a second run and give both\n",
			suspects);
	else
		fprintf(stderr,
			"serialbench gate: %zu suspected by one run and not by "
			"the other\n",
			suspects);
}

/* The exit code. */
static int check_runs(struct gate_request *request, struct error *error)
{
	struct gate_options *options = &request->options;
	json_t *metas[GATE_RUNS] = {NULL};
	struct gate gate = {0};
	int result = EXIT_WRONG_USE;

	for (size_t i = 0; i < options->run_count; i++) {
		metas[i] = run_meta_load(options->runs[i], error);
		if (metas[i] == NULL)
			goto out;
		/* No limit is finer than what the run could see. */
		if (!isnan(options->max_slowdown))
			options->max_slowdown =
				certificate_widen("gate", options->runs[i],
					metas[i], options->max_slowdown);
	}
	if (check_independent(options, metas, error) != 0)
		goto out;
	if (request->variant_count == 0 &&
		fill_variants(request, metas[0], error) != 0)
		goto out;
	options->variants = request->variants;
	if (gate_check(&gate, options, error) != 0)
		goto out;
	gate_print(&gate, options, stdout, request->format);
	report_suspects(&gate, options);
	result = gate.failed > 0 ? EXIT_FAILED_CELLS : EXIT_DONE;
out:
	gate_finish(&gate);
	for (size_t i = 0; i < GATE_RUNS; i++)
		json_decref(metas[i]);
	return result;
}

int command_gate(int argc, char **argv)
{
	static struct gate_request request;
	struct error error;
	int result;

	if (read_request(&request, argc, argv, &error) != 0)
		return command_refuse("gate", error.text);
	if (request.help) {
		fputs(gate_help, stdout);
		return EXIT_DONE;
	}
	result = check_runs(&request, &error);
	return result == EXIT_WRONG_USE ? command_refuse("gate", error.text)
					: result;
}
