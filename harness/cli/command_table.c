// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "printable.h"

static const struct option_command *const commands[] = {&run_table, &list_table,
	&compare_table, &export_table, &report_table, &gate_table,
	&certify_table, &merge_table, &exec_table, &python_table,
	&topology_table, &record_table, &ledger_table, &trace_table};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

const struct option_command *command_at(size_t place)
{
	return place < COMMANDS ? commands[place] : NULL;
}

const struct option_command *command_any(size_t place)
{
	for (size_t i = 0; i < COMMANDS; i++) {
		const struct option_command *const *below = commands[i]->below;

		if (place-- == 0)
			return commands[i];
		for (; below != NULL && *below != NULL; below++)
			if (place-- == 0)
				return *below;
	}
	return NULL;
}

const struct option_command *command_find(const char *name)
{
	const struct option_command *command;

	for (size_t i = 0; (command = command_any(i)) != NULL; i++)
		if (strcmp(command->name, name) == 0)
			return command;
	return NULL;
}

int command_refuse(const char *command, const char *error)
{
	struct error line;

	/* It has what was typed, or names of a file's. */
	error_set(&line, "%s", error);
	make_printable(line.text);
	fprintf(stderr, "serialbench %s: %s\n", command, line.text);
	return EXIT_WRONG_USE;
}
