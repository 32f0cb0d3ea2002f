// SPDX-License-Identifier: MIT
//
// serialbench export: a run in the files of google-benchmark and pyperf.
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "export.h"
#include "options.h"

static const char export_help[] =
	"Usage: serialbench export RUN --format FORMAT [OPTION…]\n"
	"A run's trials as JSON that other tools read: one benchmark for each\n"
	"cell and variant, in ns (gbench) or seconds (pyperf) per operation.\n"
	"\n"
	"  --format FORMAT      gbench, for google-benchmark's compare.py, or\n"
	"                       pyperf\n"
	"  -o, --output FILE    in place of stdout\n"
	"  --help               print this\n";

struct export_request {
	enum export_format format; /* EXPORT_FORMATS: none was given */
	const char *output;
	bool help;
};

static int read_format(
	const char *text, enum export_format *format, struct error *error)
{
	for (*format = 0; *format < EXPORT_FORMATS; ++*format)
		if (strcmp(export_format_name(*format), text) == 0)
			return 0;
	return error_set(
		error, "--format '%s': allowed are gbench, pyperf", text);
}

static int read_option(struct export_request *request, int option,
	char *const *argv, struct error *error)
{
	switch (option) {
	case 'f':
		return read_format(optarg, &request->format, error);
	case 'o':
		request->output = optarg;
		return 0;
	case 'h':
		request->help = true;
		return 0;
	default:
		return error_set(error,
			"'%s': unknown option or value missing; see "
			"serialbench export --help",
			argv[optind - 1]);
	}
}

static int read_request(struct export_request *request, int argc, char **argv,
	struct error *error)
{
	static const struct option long_options[] = {
		{"format", required_argument, NULL, 'f'},
		{"output", required_argument, NULL, 'o'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	int option;

	*request = (struct export_request){.format = EXPORT_FORMATS};
	optind = 0;
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":o:", long_options, NULL)) !=
		-1)
		if (read_option(request, option, argv, error) != 0)
			return -1;
	if (request->help)
		return 0;
	if (argc - optind != 1) {
		return error_set(error, "%d run directories: allowed is one",
			argc - optind);
	}
	if (request->format != EXPORT_FORMATS)
		return 0;
	return error_set(
		error, "--format is missing: allowed are gbench, pyperf");
}

int command_export(int argc, char **argv)
{
	struct export_request request;
	struct error error;

	if (read_request(&request, argc, argv, &error) != 0)
		return command_refuse("export", error.text);
	if (request.help) {
		fputs(export_help, stdout);
		return EXIT_DONE;
	}
	if (export_run(argv[optind], request.format, request.output, &error) !=
		0)
		return command_refuse("export", error.text);
	return EXIT_DONE;
}
