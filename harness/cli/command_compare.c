// SPDX-License-Identifier: MIT
//
// serialbench compare and serialbench report: a run that was made before.
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certificate.h"
#include "commands.h"
#include "compare.h"
#include "options.h"
#include "report.h"
#include "run_meta.h"
#include "summary.h"

static const char compare_help[] =
	"Usage: serialbench compare RUN [RUN2] [OPTION…]\n"
	"Every variant of a run against its baseline, or the cells that two\n"
	"runs share, RUN2 over RUN. Of one run also the geometric means over\n"
	"its headline cells, in a table and in json.\n"
	"\n"
	"  --baseline VARIANT   (none)\n"
	"  --metric METRIC      ns_per_op, cpu_ns_per_op or unevenness\n"
	"                       (ns_per_op)\n"
	"  --margin PER_CENT    what counts as equivalent (2%)\n"
	"  --format FORMAT      table, csv or json (table)\n"
	"  --help               print this\n";

struct compare_request {
	struct compare_options options;
	enum table_format format;
	bool help;
};

static int read_margin(const char *text, double *margin, struct error *error)
{
	char *end;

	*margin = strtod(text, &end) / 100;
	if (end != text && (*end == '\0' || strcmp(end, "%") == 0) &&
		*margin > 0 && *margin <= 1)
		return 0;
	return error_set(error,
		"--margin '%s': allowed is a percentage above 0, up to 100",
		text);
}

static int read_metric(
	const char *text, const char **metric, struct error *error)
{
	*metric = text;
	if (strcmp(text, "ns_per_op") == 0 ||
		strcmp(text, "cpu_ns_per_op") == 0 ||
		strcmp(text, "unevenness") == 0)
		return 0;
	return error_set(error,
		"--metric '%s': allowed are ns_per_op, cpu_ns_per_op, "
		"unevenness",
		text);
}

static int read_option(struct compare_request *request, int option,
	char *const *argv, struct error *error)
{
	switch (option) {
	case 'b':
		request->options.baseline = optarg;
		return 0;
	case 'm':
		return read_metric(optarg, &request->options.metric, error);
	case 'd':
		return read_margin(optarg, &request->options.margin, error);
	case 'f':
		return option_format(optarg, &request->format, error);
	case 'h':
		request->help = true;
		return 0;
	default:
		return error_set(error,
			"'%s': unknown option or value missing; see "
			"serialbench compare --help",
			argv[optind - 1]);
	}
}

static int read_request(struct compare_request *request, int argc, char **argv,
	struct error *error)
{
	static const struct option long_options[] = {
		{"baseline", required_argument, NULL, 'b'},
		{"metric", required_argument, NULL, 'm'},
		{"margin", required_argument, NULL, 'd'},
		{"format", required_argument, NULL, 'f'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	int option;

	*request = (struct compare_request){
		.options = {.margin = 0.02, .alpha = 0.05}};
	optind = 1;
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":", long_options, NULL)) !=
		-1)
		if (read_option(request, option, argv, error) != 0)
			return -1;
	if (request->help || argc - optind == 1 || argc - optind == 2)
		return 0;
	return error_set(error,
		"%d run directories: allowed are one, or two to compare",
		argc - optind);
}

static void widen_margin(const char *run, double *margin)
{
	struct error error;
	json_t *meta = run_meta_load(run, &error);

	*margin = certificate_widen("compare", run, meta, *margin);
	json_decref(meta);
}

int command_compare(int argc, char **argv)
{
	struct compare_request request;
	struct comparison_list list = {0};
	struct summary summary = {0};
	struct error error;
	int result;

	if (read_request(&request, argc, argv, &error) != 0)
		return command_refuse("compare", error.text);
	if (request.help) {
		fputs(compare_help, stdout);
		return EXIT_DONE;
	}
	for (int i = optind; i < argc; i++)
		widen_margin(argv[i], &request.options.margin);
	if (argc - optind == 2)
		result = compare_runs(&list, argv[optind], argv[optind + 1],
			&request.options, &error);
	else
		result = compare_and_summarise(&list, &summary, argv[optind],
			&request.options, &error);
	if (result != 0)
		return command_refuse("compare", error.text);
	comparisons_print(&list, argc - optind == 2 ? NULL : &summary, stdout,
		request.format);
	comparison_list_finish(&list);
	summary_finish(&summary);
	return EXIT_DONE;
}

int command_report(int argc, char **argv)
{
	struct error error;
	struct error warning = {0};
	char path[4096];

	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		puts("Usage: serialbench report RUN\n"
		     "Writes report.html and plots/ of a run directory.");
		return EXIT_DONE;
	}
	if (argc != 2)
		return command_refuse("report", "allowed is one run directory");
	if (report_write(argv[1], &warning, &error) != 0)
		return command_refuse("report", error.text);
	if (warning.text[0] != '\0')
		fprintf(stderr, "serialbench report: %s\n", warning.text);
	snprintf(path, sizeof(path), "%s/report.html", argv[1]);
	puts(path);
	return EXIT_DONE;
}
