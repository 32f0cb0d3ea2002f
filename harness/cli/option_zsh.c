// SPDX-License-Identifier: MIT
//
// The completion of zsh: a function for each command, which calls _arguments.
#include <string.h>

#include "commands.h"
#include "option_files.h"

/* Inside of '…' and of [ ] or between colons. */
static void put_text(FILE *out, const char *text)
{
	for (; *text != '\0'; text++)
		if (*text == '\'')
			fputs("'\\''", out);
		else if (strchr("[]:\\", *text) != NULL)
			fprintf(out, "\\%c", *text);
		else
			fputc(*text, out);
}

static void put_names(FILE *out, const struct option_row *row)
{
	const char *name;

	for (size_t i = 0; (name = option_row_name(row, i)) != NULL; i++)
		fprintf(out, " %s", name);
}

/* ":NAME:ACTION". */
static void put_value(FILE *out, const struct option_row *row)
{
	fputc(':', out);
	put_text(out, row->argument);
	fputc(':', out);
	if (row->kind == OPTION_FILE)
		fputs("_files", out);
	else if (row->kind == OPTION_FOLDER)
		fputs("_files -/", out);
	else if (option_row_name(row, 0) == NULL)
		fputc(' ', out);
	else if (row->kind == OPTION_LIST) {
		fputs("_serialbench_list", out);
		put_names(out, row);
	} else {
		fputc('(', out);
		put_names(out, row);
		fputc(')', out);
	}
}

static void put_row(FILE *out, const struct option_row *row, const char *form)
{
	fprintf(out, " \\\n\t\t'%s", form);
	/* The value may follow "=" or be the next word; of a letter it is the
	 * next word, or what follows. */
	if (row->kind != OPTION_FLAG)
		fputc(form[1] == '-' ? '=' : '+', out);
	fputc('[', out);
	put_text(out, row->help);
	fputc(']', out);
	if (row->kind != OPTION_FLAG)
		put_value(out, row);
	fputc('\'', out);
}

static void put_operands(FILE *out, const struct option_operands *operands)
{
	if (operands->most == 0)
		return;
	fputs(" \\\n\t\t'*:", out);
	if (operands->is_command && operands->names == NULL) {
		fputs(":command:_normal'", out);
		return;
	}
	fprintf(out, "%s:", operands->one);
	if (operands->names != NULL) {
		fputc('(', out);
		for (size_t i = 0; operands->names[i] != NULL; i++)
			fprintf(out, " %s", operands->names[i]);
		fputc(')', out);
	} else {
		fputs(operands->kind == OPTION_FOLDER ? "_files -/" : "_files",
			out);
	}
	fputc('\'', out);
}

static void put_command(FILE *out, const struct option_command *command)
{
	const struct option_row *row;
	char file[OPTION_FILE_NAME], form[OPTION_FILE_NAME];

	option_file_name(command, file);
	fprintf(out, "_serialbench-%s()\n{\n", file);
	for (size_t i = 0; command->below != NULL && command->below[i] != NULL;
		i++) {
		option_file_name(command->below[i], file);
		fprintf(out,
			"\tif [[ $words[2] == %s && $CURRENT -gt 2 ]]; then\n"
			"\t\tshift words; (( CURRENT-- ))\n"
			"\t\t_serialbench-%s; return\n\tfi\n",
			strrchr(file, '-') + 1, file);
	}
	fputs("\t_arguments -S", out);
	for (size_t i = 0; (row = option_row_at(command, i)) != NULL; i++) {
		snprintf(form, sizeof(form), "--%s", row->name);
		put_row(out, row, form);
		snprintf(form, sizeof(form), "-%c", row->letter);
		if (row->letter != '\0')
			put_row(out, row, form);
	}
	put_operands(out, &command->operands);
	fputs("\n}\n\n", out);
}

void option_zsh_write(FILE *out)
{
	const struct option_command *command;

	fputs("#compdef serialbench\n"
	      "# Completion of serialbench for zsh. Made from its option "
	      "tables.\n"
	      "\n"
	      "# Names with commas between.\n"
	      "_serialbench_list()\n"
	      "{\n"
	      "\tcompset -P '*,'\n"
	      "\tcompadd -q -S , -- \"$@\"\n"
	      "}\n"
	      "\n",
		out);
	for (size_t i = 0; (command = command_any(i)) != NULL; i++)
		put_command(out, command);
	fputs("_serialbench()\n"
	      "{\n"
	      "\tlocal -a commands=(\n",
		out);
	for (size_t i = 0; (command = command_at(i)) != NULL; i++) {
		fprintf(out, "\t\t'%s:", command->name);
		put_text(out, command->summary);
		fputs("'\n", out);
	}
	fputs("\t\t'help:the help of a command'\n"
	      "\t)\n"
	      "\tif (( CURRENT == 2 )); then\n"
	      "\t\t_describe command commands\n"
	      "\t\tcompadd -- --help --version\n"
	      "\telif [[ $words[2] == help ]]; then\n"
	      "\t\t(( CURRENT == 3 )) && _describe command commands\n"
	      "\telif (( $+functions[_serialbench-$words[2]] )); then\n"
	      "\t\tshift words; (( CURRENT-- ))\n"
	      "\t\t_serialbench-$words[1]\n"
	      "\tfi\n"
	      "}\n"
	      "\n"
	      "_serialbench \"$@\"\n",
		out);
}
