// SPDX-License-Identifier: MIT
//
// The command line of trace info.
#include "trace_info.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>

#include "commands.h"
#include "options.h"

static const char info_help[] =
	"Usage: serialbench trace info FILE [--format FORMAT] [--plots "
	"FOLDER]\n"
	"Says what a trace is made of: events, threads, sizes, lifetimes, "
	"live\n"
	"blocks and bytes over time, the peak.\n"
	"\n"
	"  --format FORMAT  table, csv or json\n"
	"  --plots FOLDER   a new folder for the distributions and the course\n"
	"                   as CSV, and as SVG where there is a gnuplot\n"
	"  --help           print this\n";

struct info_options {
	const char *file, *plots;
	enum table_format format;
	bool help;
};

static int read_options(struct info_options *options, int argc, char **argv,
	struct error *error)
{
	static const struct option long_options[] = {
		{"format", required_argument, NULL, 'f'},
		{"plots", required_argument, NULL, 'p'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	int option;

	optind = 0;
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":", long_options, NULL)) !=
		-1) {
		if (option == 'f') {
			if (option_format(optarg, &options->format, error) != 0)
				return -1;
		} else if (option == 'p')
			options->plots = optarg;
		else if (option == 'h')
			options->help = true;
		else
			break;
	}
	if (option == -1 && (options->help || argc - optind == 1)) {
		options->file = argv[optind];
		return 0;
	}
	return error_set(error,
		"'%s': allowed is info FILE, --format table|csv|json, "
		"--plots FOLDER",
		option != -1 ? argv[optind - 1] : "info");
}

static int read_trace(struct trace_reader *reader,
	struct trace_summary *summary, const char *file, struct error *error)
{
	struct error warning;

	if (trace_reader_open(reader, file, error) != 0)
		return -1;
	if (trace_reader_warning(reader, &warning))
		fprintf(stderr, "serialbench trace: warning: %s\n",
			warning.text);
	if (!trace_reader_is_whole(reader) && trace_verify(reader, error) != 0)
		return -1;
	return trace_summary_read(reader, summary, error);
}

static int draw(
	const struct info_options *options, const struct trace_summary *summary)
{
	struct error error;
	int result = trace_info_plots(summary, options->plots, &error);

	if (result >= 0) {
		if (result == 1)
			fprintf(stderr,
				"serialbench trace: --plots %s: no gnuplot in "
				"PATH, so there are CSVs and no SVGs\n",
				options->plots);
		return EXIT_DONE;
	}
	command_refuse("trace", error.text);
	return result == -1 ? EXIT_WRONG_USE : EXIT_FAILED_CELLS;
}

static int print(const struct info_options *options,
	const struct trace_reader *reader, const struct trace_summary *summary)
{
	struct error error;
	int result = trace_info_print(reader, summary, options->format, stdout);

	/* main() says what became of stdout. */
	if (result == 0)
		return EXIT_DONE;
	error_set(&error, "%s: no memory for the figures", options->file);
	command_refuse("trace", error.text);
	return EXIT_FAILED_CELLS;
}

int trace_info(int argc, char **argv)
{
	struct info_options options = {.format = FORMAT_TABLE};
	struct trace_reader reader = {.fd = -1};
	struct trace_summary summary;
	struct error error;
	int code = EXIT_DONE;

	if (read_options(&options, argc, argv, &error) != 0)
		return command_refuse("trace", error.text);
	if (options.help) {
		fputs(info_help, stdout);
		return EXIT_DONE;
	}
	if (read_trace(&reader, &summary, options.file, &error) != 0)
		code = command_refuse("trace", error.text);
	else if (options.plots != NULL)
		code = draw(&options, &summary);
	if (code == EXIT_DONE)
		code = print(&options, &reader, &summary);
	trace_reader_finish(&reader);
	return code;
}
