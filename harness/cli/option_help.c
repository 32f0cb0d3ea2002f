// SPDX-License-Identifier: MIT
#include <string.h>

#include "option_text.h"

#define WIDTH 79
#define INDENT_MOST 26

void option_form(const struct option_command *command, size_t place,
	char form[OPTION_FORM])
{
	for (size_t i = 0; i < place; i++)
		if (command->forms[i] == NULL)
			place = i;
	if (command->forms[place] == NULL)
		form[0] = '\0';
	else
		snprintf(form, OPTION_FORM, "serialbench %s%s%s", command->name,
			command->forms[place][0] != '\0' ? " " : "",
			command->forms[place]);
}

void option_head(const struct option_row *row, char head[OPTION_HEAD])
{
	char letter[] = {'-', row->letter, ',', ' ', '\0'};

	snprintf(head, OPTION_HEAD, "%s--%s%s%s",
		row->letter != '\0' ? letter : "", row->name,
		row->argument != NULL ? " " : "",
		row->argument != NULL ? row->argument : "");
}

static void add(char body[OPTION_BODY], const char *text)
{
	size_t used = strlen(body);

	snprintf(body + used, OPTION_BODY - used, "%s", text);
}

/* Names of a registry are many, and `serialbench list` knows them. */
static void add_allowed(const struct option_row *row, char body[OPTION_BODY])
{
	char range[64];

	if (row->kind == OPTION_NUMBER ||
		(row->kind == OPTION_LIST && row->most > 0)) {
		snprintf(range, sizeof(range), "; %llu to %llu",
			(unsigned long long)row->least,
			(unsigned long long)row->most);
		add(body, range);
	} else if (row->kind == OPTION_PERCENT) {
		snprintf(range, sizeof(range), "; above 0, up to %llu",
			(unsigned long long)row->most);
		add(body, range);
	}
	for (size_t i = 0; row->names != NULL && row->names[i] != NULL; i++) {
		add(body, i > 0 ? ", " : "; ");
		add(body, row->names[i]);
	}
	if (row->or_all)
		add(body, ", or all");
}

void option_body(const struct option_row *row, char body[OPTION_BODY])
{
	const char *standard =
		row->standard != NULL ? row->standard : row->otherwise;

	if (row->required)
		standard = "required";
	snprintf(body, OPTION_BODY, "%s", row->help);
	add_allowed(row, body);
	if (standard == NULL)
		return;
	add(body, " (");
	add(body, standard);
	add(body, ")");
}

/* Characters of UTF-8, of which each takes one column. */
static size_t columns(const char *text, size_t bytes)
{
	size_t count = 0;

	for (size_t i = 0; i < bytes; i++)
		count += ((unsigned char)text[i] & 0xc0) != 0x80;
	return count;
}

/* Fills lines from `column` on; later lines begin at `indent`. */
static void put_filled(
	FILE *out, const char *text, size_t column, size_t indent)
{
	bool first = true;

	while (*text != '\0') {
		size_t bytes = strcspn(text, " ");
		size_t width = columns(text, bytes);

		if (!first && column + 1 + width > WIDTH) {
			fprintf(out, "\n%*s", (int)indent, "");
			column = indent;
		} else if (!first) {
			fputc(' ', out);
			column++;
		}
		fwrite(text, 1, bytes, out);
		column += width;
		text += bytes + strspn(text + bytes, " ");
		first = false;
	}
	fputc('\n', out);
}

static size_t indent_of(const struct option_command *command)
{
	const struct option_row *row;
	char head[OPTION_HEAD];
	size_t widest = 0;

	for (size_t i = 0; (row = option_row_at(command, i)) != NULL; i++) {
		size_t width;

		option_head(row, head);
		width = columns(head, strlen(head)) + 4;
		if (width > widest && width <= INDENT_MOST)
			widest = width;
	}
	return widest;
}

static void put_rows(const struct option_command *command, FILE *out)
{
	size_t indent = indent_of(command);
	const struct option_row *row;
	char head[OPTION_HEAD], body[OPTION_BODY];

	for (size_t i = 0; (row = option_row_at(command, i)) != NULL; i++) {
		size_t width;

		option_head(row, head);
		option_body(row, body);
		width = columns(head, strlen(head)) + 2;
		fprintf(out, "  %s", head);
		if (width + 2 > indent)
			fprintf(out, "\n%*s", (int)indent, "");
		else
			fprintf(out, "%*s", (int)(indent - width), "");
		put_filled(out, body, indent, indent);
	}
}

void option_help_print(const struct option_command *command, FILE *out)
{
	char form[OPTION_FORM];

	for (size_t i = 0; command->forms[i] != NULL; i++) {
		option_form(command, i, form);
		fprintf(out, "%s%s\n", i == 0 ? "Usage: " : "       ", form);
	}
	for (size_t i = 0; command->about[i] != NULL; i++) {
		if (i > 0)
			fputc('\n', out);
		put_filled(out, command->about[i], 0, 0);
	}
	for (size_t i = 0; command->below != NULL && command->below[i] != NULL;
		i++)
		fprintf(out, "%s  serialbench %s --help: %s\n",
			i == 0 ? "\n" : "", command->below[i]->name,
			command->below[i]->summary);
	fputc('\n', out);
	put_rows(command, out);
}
