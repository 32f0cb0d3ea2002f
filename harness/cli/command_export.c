// SPDX-License-Identifier: MIT
//
// serialbench export: a run in the files of google-benchmark and pyperf.
#include "commands.h"
#include "export.h"
#include "option_parse.h"

struct export_request {
	enum export_format format;
	const char *output;
};

/* In the order of enum export_format. */
static const char *const formats[] = {"gbench", "pyperf", NULL};

static const struct option_row rows[] = {
	{"format", .kind = OPTION_NAME, .argument = "FORMAT",
		.help = "for google-benchmark's compare.py, or for pyperf",
		.names = formats, .required = true,
		OPTION_AT(struct export_request, format)},
	{"output", 'o', OPTION_FILE, "FILE", "a file in place of stdout",
		OPTION_AT(struct export_request, output)},
	{0},
};

const struct option_command export_table = {
	.name = "export",
	.summary = "a run for google-benchmark or pyperf",
	.forms = (const char *const[]){"RUN --format FORMAT [OPTION…]", NULL},
	.about =
		(const char *const[]){
			"A run's trials as JSON that other tools read: one "
			"benchmark "
			"for each cell and variant, in ns (gbench) or seconds "
			"(pyperf) per operation.",
			NULL,
		},
	.rows = rows,
	.operands = {"run directory", "run directories", 1, 1, OPTION_FOLDER},
	.call = command_export,
};

int command_export(int argc, char **argv)
{
	struct export_request request = {.format = EXPORT_FORMATS};
	struct option_reading reading;
	struct error error;
	int result = option_parse(
		&export_table, argc, argv, &request, &reading, &error);

	if (result > 0)
		return EXIT_DONE;
	if (result != 0 ||
		export_run(reading.operands[0], request.format, request.output,
			&error) != 0)
		return command_refuse("export", error.text);
	return EXIT_DONE;
}
