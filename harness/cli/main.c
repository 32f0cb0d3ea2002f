// SPDX-License-Identifier: MIT
//
// serialbench: the command line.
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "build_id.h"
#include "commands.h"
#include "nearest_name.h"
#include "option_text.h"
#include "printable.h"
#include "streams.h"

static void print_usage(FILE *out)
{
	const struct option_command *command;

	fputs("Usage: serialbench COMMAND [OPTION…]\n"
	      "Measures what per-block debug metadata costs a multi-threaded "
	      "program.\n\n",
		out);
	for (size_t i = 0; (command = command_at(i)) != NULL; i++)
		fprintf(out, "  %-10s%s\n", command->name, command->summary);
	fputs("\n`serialbench help COMMAND` says more; --version prints the "
	      "version. Exit\ncodes: 0 done, 1 failed cells, 2 wrong use.\n",
		out);
}

static int refuse_command(const char *name)
{
	struct nearest_name nearest = {.word = name};
	const struct option_command *command;
	struct error error;

	error_set(&error, "unknown command '%s': allowed are ", name);
	for (size_t i = 0; (command = command_at(i)) != NULL; i++) {
		error_add(&error, "%s%s", i > 0 ? ", " : "", command->name);
		nearest_name_try(&nearest, command->name);
	}
	error_add_nearest(&error, &nearest);
	make_printable(error.text);
	fprintf(stderr, "serialbench: %s\n", error.text);
	return EXIT_WRONG_USE;
}

/* "help", "help COMMAND", "help trace info". */
static int help(int argc, char **argv)
{
	char name[64];

	if (argc == 1) {
		print_usage(stdout);
		return EXIT_DONE;
	}
	snprintf(name, sizeof(name), "%s%s%s", argv[1], argc > 2 ? " " : "",
		argc > 2 ? argv[2] : "");
	if (argc > 3 || command_find(name) == NULL)
		return refuse_command(name);
	option_help_print(command_find(name), stdout);
	return EXIT_DONE;
}

static int run_command(int argc, char **argv)
{
	const struct option_command *command;

	if (argc < 2) {
		print_usage(stderr);
		return EXIT_WRONG_USE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
		strcmp(argv[1], "help") == 0)
		return help(argc - 1, argv + 1);
	if (strcmp(argv[1], "--version") == 0) {
		puts("serialbench " VERSION " (" BUILD_ID ")");
		return EXIT_DONE;
	}
	for (size_t i = 0; (command = command_at(i)) != NULL; i++)
		if (strcmp(command->name, argv[1]) == 0)
			return command->call(argc - 1, argv + 1);
	return refuse_command(argv[1]);
}

/* Data that could not be written is not done. */
int main(int argc, char **argv)
{
	int result;

	streams_begin();
	result = run_command(argc, argv);
	if ((fflush(stdout) == 0 && !ferror(stdout)) || result != EXIT_DONE)
		return result;
	fprintf(stderr, "serialbench: stdout: %s\n", error_reason(errno));
	return EXIT_FAILED_CELLS;
}
