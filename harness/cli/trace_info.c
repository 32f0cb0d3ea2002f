// SPDX-License-Identifier: MIT
//
// The command line of trace info.
#include "trace_info.h"

#include <errno.h>
#include <string.h>

#include "commands.h"
#include "option_parse.h"

struct info_options {
	const char *file, *plots;
	enum table_format format;
};

static const struct option_row rows[] = {
	OPTION_FORMAT_ROW(struct info_options, format),
	{"plots", .kind = OPTION_FOLDER, .argument = "FOLDER",
		.help = "a new folder for the distributions and the course as "
			"CSV, and as SVG where there is a gnuplot",
		OPTION_AT(struct info_options, plots)},
	{0},
};

const struct option_command trace_info_table = {
	.name = "trace info",
	.summary = "what a trace is made of",
	.forms = (const char *const[]){"FILE [OPTION…]", NULL},
	.about =
		(const char *const[]){
			"Says what a trace is made of: events, threads, sizes, "
			"lifetimes, live blocks and bytes over time, the peak.",
			NULL,
		},
	.rows = rows,
	.operands = {"file", "files", 1, 1, OPTION_FILE},
};

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
	if (trace_summary_read(reader, summary, error) != 0)
		return -1;
	if (trace_reader_peak_warning(reader, summary->peak_bytes, &warning))
		fprintf(stderr, "serialbench trace: warning: %s\n",
			warning.text);
	return 0;
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
	struct info_options options = {.plots = NULL};
	struct trace_reader reader = {.fd = -1};
	struct option_reading reading;
	struct trace_summary summary;
	struct error error;
	int code = EXIT_DONE;
	int result = option_parse(
		&trace_info_table, argc, argv, &options, &reading, &error);

	if (result != 0)
		return result < 0 ? command_refuse("trace", error.text)
				  : EXIT_DONE;
	options.file = reading.operands[0];
	if (read_trace(&reader, &summary, options.file, &error) != 0)
		code = command_refuse("trace", error.text);
	else if (options.plots != NULL)
		code = draw(&options, &summary);
	if (code == EXIT_DONE)
		code = print(&options, &reader, &summary);
	trace_reader_finish(&reader);
	return code;
}
