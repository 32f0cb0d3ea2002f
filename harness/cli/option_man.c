// SPDX-License-Identifier: MIT
//
// Manual pages, in the macros of man(7).
#include <ctype.h>
#include <string.h>

#include "commands.h"
#include "option_files.h"
#include "option_text.h"

void option_file_name(
	const struct option_command *command, char name[OPTION_FILE_NAME])
{
	snprintf(name, OPTION_FILE_NAME, "%s", command->name);
	for (char *space; (space = strchr(name, ' ')) != NULL;)
		*space = '-';
}

/* To roff these characters are something else in a text; none of the texts
 * begins a line with a dot. */
static void put_text(FILE *out, const char *text)
{
	static const struct {
		const char *text, *roff;
	} others[] = {
		{"\\", "\\e"},
		{"-", "\\-"},
		{"`", "\\(ga"},
		{"'", "\\(aq"},
		{"^", "\\(ha"},
		{"~", "\\(ti"},
		{"…", "\\[u2026]"},
	};

	while (*text != '\0') {
		size_t i = 0, count = sizeof(others) / sizeof(others[0]);

		while (i < count &&
			strncmp(text, others[i].text, strlen(others[i].text)) !=
				0)
			i++;
		if (i == count) {
			fputc(*text++, out);
			continue;
		}
		fputs(others[i].roff, out);
		text += strlen(others[i].text);
	}
}

static void put_line(FILE *out, const char *text)
{
	put_text(out, text);
	fputc('\n', out);
}

static void put_title(FILE *out, const char *name, const char *version)
{
	fputs(".\\\" Made from the option tables of serialbench.\n.TH ", out);
	for (; *name != '\0'; name++)
		fputc(toupper((unsigned char)*name), out);
	fprintf(out, " 1 \"\" \"serialbench %s\" \"serialbench\"\n", version);
}

static void put_exit_status(FILE *out)
{
	fputs(".SH EXIT STATUS\n", out);
	fputs(".TP\n0\nDone.\n.TP\n1\n", out);
	put_line(out,
		"The run had failed cells, a gate did not hold, or results "
		"could not be printed.");
	fputs(".TP\n2\nWrong use.\n.TP\n", out);
	put_line(out, "128 + N");
	put_line(out, "Signal N stopped the command.");
}

static void put_form(
	FILE *out, const struct option_command *command, size_t place)
{
	if (place > 0)
		fputs(".br\n", out);
	fputs("\\fBserialbench ", out);
	put_text(out, command->name);
	fputs("\\fR ", out);
	put_line(out, command->forms[place]);
}

static void put_rows(FILE *out, const struct option_command *command)
{
	const struct option_row *row;
	char body[OPTION_BODY];

	fputs(".SH OPTIONS\n", out);
	for (size_t i = 0; (row = option_row_at(command, i)) != NULL; i++) {
		fputs(".TP\n", out);
		if (row->letter != '\0')
			fprintf(out, "\\fB\\-%c\\fR, ", row->letter);
		fputs("\\fB\\-\\-", out);
		put_text(out, row->name);
		fputs("\\fR", out);
		if (row->argument != NULL) {
			fputs(" \\fI", out);
			put_text(out, row->argument);
			fputs("\\fR", out);
		}
		fputc('\n', out);
		option_body(row, body);
		put_line(out, body);
	}
}

static void put_see_also(FILE *out, const struct option_command *command)
{
	char name[OPTION_FILE_NAME];

	fputs(".SH SEE ALSO\n.BR serialbench (1)", out);
	for (size_t i = 0; command->below != NULL && command->below[i] != NULL;
		i++) {
		option_file_name(command->below[i], name);
		fputs(",\n.BR serialbench\\-", out);
		put_text(out, name);
		fputs(" (1)", out);
	}
	fputc('\n', out);
}

static void put_page_of(
	FILE *out, const struct option_command *command, const char *name)
{
	fputs(".SH NAME\n", out);
	put_text(out, name);
	fputs(" \\- ", out);
	put_line(out, command->summary);
	fputs(".SH SYNOPSIS\n", out);
	for (size_t i = 0; command->forms[i] != NULL; i++)
		put_form(out, command, i);
	fputs(".SH DESCRIPTION\n", out);
	for (size_t i = 0; command->about[i] != NULL; i++) {
		fputs(".PP\n", out);
		put_line(out, command->about[i]);
	}
	put_rows(out, command);
	put_exit_status(out);
	put_see_also(out, command);
}

static void put_page_of_all(FILE *out)
{
	const struct option_command *command;

	fputs(".SH NAME\nserialbench \\- ", out);
	put_line(out, "what per-block debug metadata costs a program");
	fputs(".SH SYNOPSIS\n\\fBserialbench\\fR \\fICOMMAND\\fR ", out);
	put_line(out, "[OPTION…]");
	fputs(".br\n\\fBserialbench\\fR ", out);
	put_line(out, "help [COMMAND]");
	fputs(".br\n\\fBserialbench\\fR ", out);
	put_line(out, "--version");
	fputs(".SH COMMANDS\n", out);
	for (size_t i = 0; (command = command_at(i)) != NULL; i++) {
		fputs(".TP\n\\fB", out);
		put_text(out, command->name);
		fputs("\\fR\n", out);
		put_line(out, command->summary);
	}
	put_exit_status(out);
	fputs(".SH SEE ALSO\n", out);
	for (size_t i = 0; (command = command_at(i)) != NULL; i++)
		fprintf(out, "%s.BR serialbench\\-%s (1)", i > 0 ? ",\n" : "",
			command->name);
	fputc('\n', out);
}

void option_man_write(
	const struct option_command *command, const char *version, FILE *out)
{
	char file[OPTION_FILE_NAME], name[OPTION_FILE_NAME + 16];

	if (command == NULL) {
		put_title(out, "serialbench", version);
		put_page_of_all(out);
		return;
	}
	option_file_name(command, file);
	snprintf(name, sizeof(name), "serialbench-%s", file);
	put_title(out, name, version);
	put_page_of(out, command, name);
}
