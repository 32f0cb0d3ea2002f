// SPDX-License-Identifier: MIT
//
// serialbench gate: whether a run holds to limits, for the CI of other
// projects.
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "certificate.h"
#include "commands.h"
#include "gate.h"
#include "option_names.h"
#include "option_parse.h"
#include "run_meta.h"

struct gate_request {
	struct gate_options options;
	const char *variants[LATIN_MAX + 1]; /* closed by NULL */
	size_t variant_count;
	enum table_format format;
};

static int take_bytes(
	void *request, const struct option_value *value, struct error *error)
{
	struct gate_request *gate = request;

	(void)error;
	gate->options.max_bytes = (double)value->number;
	return 0;
}

static int take_variants(
	void *request, const struct option_value *value, struct error *error)
{
	struct gate_request *gate = request;
	char *name, *left = value->text;

	while ((name = strsep(&left, ",")) != NULL) {
		if (name[0] == '\0' || gate->variant_count == LATIN_MAX) {
			return error_set(error,
				"--variant '%s': allowed are up to %d "
				"names of the run's variants",
				name, LATIN_MAX);
		}
		gate->variants[gate->variant_count++] = name;
	}
	return 0;
}

static const char *const metrics[] = {"ns_per_op", "cpu_ns_per_op", NULL};

static const struct option_row rows[] = {
	{"max-slowdown", .kind = OPTION_PERCENT, .argument = "PERCENT",
		.help = "of a cell's time over the baseline's", .most = 10000,
		OPTION_AT(struct gate_request, options.max_slowdown)},
	{"max-bytes", .kind = OPTION_NUMBER, .argument = "N",
		.help = "of a block over the baseline's", .most = 1u << 30,
		.take = take_bytes},
	{"baseline", .kind = OPTION_TEXT, .argument = "VARIANT",
		.help = "what the others are compared with",
		.name_at = variant_name_at, .standard = COMPARE_BASELINE,
		OPTION_AT(struct gate_request, options.baseline)},
	{"variant", .kind = OPTION_LIST, .argument = "LIST",
		.help = "what is held to the limits",
		.name_at = variant_name_at,
		.otherwise = "the variants that number blocks, and peers",
		.take = take_variants},
	{"metric", .kind = OPTION_WORD, .argument = "METRIC",
		.help = "the time", .names = metrics, .standard = "ns_per_op",
		OPTION_AT(struct gate_request, options.metric)},
	{"single", .kind = OPTION_FLAG,
		.help = "one run is enough to fail: to screen before a second "
			"run is made",
		.stores = true, OPTION_AT(struct gate_request, options.single)},
	{"strict", .kind = OPTION_FLAG,
		.help = "what is suspected or inconclusive fails, too",
		.stores = true, OPTION_AT(struct gate_request, options.strict)},
	OPTION_FORMAT_ROW(struct gate_request, format),
	{0},
};

const struct option_command gate_table = {
	.name = "gate",
	.summary = "whether a run holds to limits, for CI",
	.forms = (const char *const[]){"RUN [RUN2] LIMIT… [OPTION…]", NULL},
	.about =
		(const char *const[]){
			"Exit code 1 where a variant is proven slower or "
			"bigger than "
			"allowed over the baseline. A slowdown is proven where "
			"the "
			"intervals of two independent runs lie above the "
			"limit; one "
			"run alone only names a suspect, and a second one has "
			"to "
			"decide. Bytes are counted: one run is enough. A LIMIT "
			"is "
			"--max-slowdown or --max-bytes.",
			NULL,
		},
	.rows = rows,
	.operands = {"run directory", "run directories", 1, GATE_RUNS,
		OPTION_FOLDER},
	.call = command_gate,
};

static int check_request(struct gate_request *request,
	const struct option_reading *reading, struct error *error)
{
	struct gate_options *options = &request->options;

	if (isnan(options->max_slowdown) && isnan(options->max_bytes)) {
		return error_set(error,
			"no limit: allowed are --max-slowdown PERCENT, "
			"--max-bytes N, or both");
	}
	if (options->single && reading->operand_count == GATE_RUNS) {
		return error_set(error,
			"--single: allowed with one run directory, not two");
	}
	for (int i = 0; i < reading->operand_count; i++)
		options->runs[options->run_count++] = reading->operands[i];
	return 0;
}

static int read_request(struct gate_request *request, int argc, char **argv,
	struct error *error)
{
	struct option_reading reading;
	int result;

	*request = (struct gate_request){.options = {
						 .max_slowdown = NAN,
						 .max_bytes = NAN,
						 .alpha = 0.05,
					 }};
	result =
		option_parse(&gate_table, argc, argv, request, &reading, error);
	return result != 0 ? result : check_request(request, &reading, error);
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
	int result = read_request(&request, argc, argv, &error);

	if (result != 0)
		return result < 0 ? command_refuse("gate", error.text)
				  : EXIT_DONE;
	result = check_runs(&request, &error);
	return result == EXIT_WRONG_USE ? command_refuse("gate", error.text)
					: result;
}
