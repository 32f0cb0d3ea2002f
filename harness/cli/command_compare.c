// SPDX-License-Identifier: MIT
//
// serialbench compare and serialbench report: a run that was made before.
#include <stdio.h>

#include "certificate.h"
#include "commands.h"
#include "compare.h"
#include "option_names.h"
#include "option_parse.h"
#include "report.h"
#include "run_meta.h"
#include "summary.h"

struct compare_request {
	struct compare_options options;
	enum table_format format;
};

static const char *const metrics[] = {
	"ns_per_op", "cpu_ns_per_op", "unevenness", NULL};

static const struct option_row compare_rows[] = {
	{"baseline", .kind = OPTION_TEXT, .argument = "VARIANT",
		.help = "what the others are compared with",
		.name_at = variant_name_at, .standard = COMPARE_BASELINE,
		OPTION_AT(struct compare_request, options.baseline)},
	{"metric", .kind = OPTION_WORD, .argument = "METRIC",
		.help = "what is compared", .names = metrics,
		.standard = "ns_per_op",
		OPTION_AT(struct compare_request, options.metric)},
	{"margin", .kind = OPTION_PERCENT, .argument = "PERCENT",
		.help = "what counts as equivalent", .most = 100,
		.standard = "2%",
		OPTION_AT(struct compare_request, options.margin)},
	OPTION_FORMAT_ROW(struct compare_request, format),
	{0},
};

const struct option_command compare_table = {
	.name = "compare",
	.summary = "the comparisons of a run, or of two",
	.forms = (const char *const[]){"RUN [RUN2] [OPTION…]", NULL},
	.about =
		(const char *const[]){
			"Every variant of a run against its baseline, or the "
			"cells "
			"that two runs share, RUN2 over RUN. Of one run also "
			"the "
			"geometric means over its headline cells, in a table "
			"and in "
			"json.",
			NULL,
		},
	.rows = compare_rows,
	.operands = {"run directory", "run directories", 1, 2, OPTION_FOLDER},
	.call = command_compare,
};

static void widen_margin(const char *run, double *margin)
{
	struct error error;
	json_t *meta = run_meta_load(run, &error);

	*margin = certificate_widen("compare", run, meta, *margin);
	json_decref(meta);
}

static int compare(
	struct compare_request *request, char *const *runs, int run_count)
{
	struct comparison_list list = {0};
	struct summary summary = {0};
	struct error error;
	int result;

	for (int i = 0; i < run_count; i++)
		widen_margin(runs[i], &request->options.margin);
	if (run_count == 2)
		result = compare_runs(
			&list, runs[0], runs[1], &request->options, &error);
	else
		result = compare_and_summarise(
			&list, &summary, runs[0], &request->options, &error);
	if (result != 0)
		return command_refuse("compare", error.text);
	comparisons_print(&list, run_count == 2 ? NULL : &summary, stdout,
		request->format);
	comparison_list_finish(&list);
	summary_finish(&summary);
	return EXIT_DONE;
}

int command_compare(int argc, char **argv)
{
	struct compare_request request = {.options = {.alpha = 0.05}};
	struct option_reading reading;
	struct error error;
	int result = option_parse(
		&compare_table, argc, argv, &request, &reading, &error);

	if (result != 0)
		return result < 0 ? command_refuse("compare", error.text)
				  : EXIT_DONE;
	return compare(&request, reading.operands, reading.operand_count);
}

const struct option_command report_table = {
	.name = "report",
	.summary = "write report.html and plots/*.svg",
	.forms = (const char *const[]){"RUN", NULL},
	.about =
		(const char *const[]){
			"Writes report.html and plots/ of a run directory, and "
			"prints "
			"where.",
			NULL,
		},
	.operands = {"run directory", "run directories", 1, 1, OPTION_FOLDER},
	.call = command_report,
};

int command_report(int argc, char **argv)
{
	struct option_reading reading;
	struct error warning = {0};
	struct error error;
	int result =
		option_parse(&report_table, argc, argv, NULL, &reading, &error);

	if (result > 0)
		return EXIT_DONE;
	if (result != 0 ||
		report_write(reading.operands[0], &warning, &error) != 0)
		return command_refuse("report", error.text);
	if (warning.text[0] != '\0')
		fprintf(stderr, "serialbench report: %s\n", warning.text);
	printf("%s/report.html\n", reading.operands[0]);
	return EXIT_DONE;
}
