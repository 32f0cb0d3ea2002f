// SPDX-License-Identifier: MIT
//
// The completion of fish: a line for each option of each command.
#include <string.h>

#include "commands.h"
#include "option_files.h"

static const char begin[] =
	"# Completion of serialbench for fish. Made from its option tables.\n"
	"\n"
	"# Whether the command line is one of command $argv, which does not "
	"go\n"
	"# on with one of the commands below it.\n"
	"function __serialbench_is\n"
	"\tset -l words (commandline -opc)\n"
	"\tset -e words[1]\n"
	"\tset -l name $words[1]\n"
	"\tif test \"$name\" = trace; and contains -- \"$words[2]\" info "
	"convert\n"
	"\t\tset name \"$name $words[2]\"\n"
	"\tend\n"
	"\ttest \"$name\" = \"$argv\"\n"
	"end\n"
	"\n"
	"# Names with commas between.\n"
	"function __serialbench_list\n"
	"\tset -l head (string replace -r '[^,]*$' '' -- (commandline -ct | "
	"string replace -r '^--[^=]*=' ''))\n"
	"\tfor name in $argv\n"
	"\t\techo $head$name\n"
	"\tend\n"
	"end\n"
	"\n"
	"complete -c serialbench -f\n"
	"complete -c serialbench -n __fish_use_subcommand -l help -d 'print "
	"the help'\n"
	"complete -c serialbench -n __fish_use_subcommand -l version -d "
	"'print the version'\n"
	"complete -c serialbench -n __fish_use_subcommand -a help -d 'the help "
	"of a command'\n";

/* Inside of '…'. */
static void put_text(FILE *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '\'' || *text == '\\')
			fputc('\\', out);
		fputc(*text, out);
	}
}

static void put_names(FILE *out, const struct option_row *row)
{
	const char *name;

	for (size_t i = 0; (name = option_row_name(row, i)) != NULL; i++)
		fprintf(out, "%s%s", i > 0 ? " " : "", name);
}

static void put_value(FILE *out, const struct option_row *row)
{
	if (row->kind == OPTION_FLAG)
		return;
	if (row->kind == OPTION_FILE) {
		fputs(" -r -F", out);
	} else if (row->kind == OPTION_FOLDER) {
		fputs(" -x -a '(__fish_complete_directories)'", out);
	} else {
		bool list = row->kind == OPTION_LIST;

		fputs(list ? " -x -a '(__serialbench_list " : " -x -a '", out);
		put_names(out, row);
		fputs(list ? ")'" : "'", out);
	}
}

static void put_command(FILE *out, const struct option_command *command)
{
	const struct option_operands *operands = &command->operands;
	const struct option_row *row;

	for (size_t i = 0; (row = option_row_at(command, i)) != NULL; i++) {
		fprintf(out,
			"complete -c serialbench -n '__serialbench_is %s' -l "
			"%s",
			command->name, row->name);
		if (row->letter != '\0')
			fprintf(out, " -s %c", row->letter);
		put_value(out, row);
		fputs(" -d '", out);
		put_text(out, row->help);
		fputs("'\n", out);
	}
	if (operands->most == 0)
		return;
	fprintf(out, "complete -c serialbench -n '__serialbench_is %s'",
		command->name);
	if (operands->names != NULL) {
		fputs(" -a '", out);
		for (size_t i = 0; operands->names[i] != NULL; i++)
			fprintf(out, "%s%s", i > 0 ? " " : "",
				operands->names[i]);
		fputs("'\n", out);
	} else {
		fputs(operands->kind == OPTION_FOLDER
				? " -a '(__fish_complete_directories)'\n"
				: " -F\n",
			out);
	}
}

void option_fish_write(FILE *out)
{
	const struct option_command *command;

	fputs(begin, out);
	for (size_t i = 0; (command = command_at(i)) != NULL; i++) {
		fprintf(out,
			"complete -c serialbench -n '__fish_use_subcommand; or "
			"__serialbench_is help' -a %s -d '",
			command->name);
		put_text(out, command->summary);
		fputs("'\n", out);
	}
	for (size_t i = 0; (command = command_any(i)) != NULL; i++)
		put_command(out, command);
}
