// SPDX-License-Identifier: MIT
#include "option_parse.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "nearest_name.h"
#include "option_text.h"
#include "printable.h"

/* getopt's word for the row at a place; letters are below. */
#define LONG_ONLY 256

/* One call of option_parse(). */
struct parse {
	const struct option_command *command;
	void *request;
	struct option_reading *reading;
	struct error *error;
	struct option options[OPTION_ROWS + 1];
	char letters[2 * OPTION_ROWS + 3]; /* "+:h" … */
};

static int see_help(const struct parse *parse)
{
	return error_add(parse->error, "; see serialbench %s --help",
		parse->command->name);
}

static void describe_to_getopt(struct parse *parse)
{
	const struct option_row *row;
	char *letter = parse->letters;

	if (parse->command->operands.is_command)
		*letter++ = '+';
	*letter++ = ':';
	for (size_t i = 0; i < OPTION_ROWS &&
		(row = option_row_at(parse->command, i)) != NULL;
		i++) {
		bool has_value = row->kind != OPTION_FLAG;

		parse->options[i] = (struct option){row->name,
			has_value ? required_argument : no_argument, NULL,
			LONG_ONLY + (int)i};
		if (row->letter == '\0')
			continue;
		*letter++ = row->letter;
		if (has_value)
			*letter++ = ':';
	}
}

/* The place of getopt's word in the table; OPTION_ROWS where it has none. */
static size_t place_of(const struct option_command *command, int option)
{
	const struct option_row *row;

	for (size_t i = 0; (row = option_row_at(command, i)) != NULL; i++)
		if (option == LONG_ONLY + (int)i ||
			(row->letter != '\0' && option == row->letter))
			return i;
	return OPTION_ROWS;
}

static void store(void *field, const struct option_value *value)
{
	const struct option_row *row = value->row;
	uint64_t number = value->number * (row->scale > 0 ? row->scale : 1);
	unsigned small = (unsigned)number;

	switch (row->kind) {
	case OPTION_FLAG:
		if (row->size == sizeof(bool))
			*(bool *)field = row->stores != 0;
		else
			memcpy(field, &row->stores, sizeof(row->stores));
		break;
	case OPTION_NUMBER:
	case OPTION_NAME:
		if (row->size == sizeof(small))
			memcpy(field, &small, sizeof(small));
		else
			memcpy(field, &number, sizeof(number));
		break;
	case OPTION_PERCENT:
		memcpy(field, &value->fraction, sizeof(value->fraction));
		break;
	default:
		memcpy(field, &value->text, sizeof(value->text));
	}
}

static int take(struct parse *parse, const struct option_row *row, char *text)
{
	struct option_value value;

	if (option_value_read(row, text, &value, parse->error) != 0)
		return -1;
	if (row->take != NULL)
		return row->take(parse->request, &value, parse->error);
	store((char *)parse->request + row->at, &value);
	return 0;
}

/* A list's names are only known to its take(), which an option that was given
 * calls; so a list has no standard value. */
static int take_standards(struct parse *parse)
{
	const struct option_row *row = parse->command->rows;

	for (; row != NULL && row->name != NULL; row++)
		/* What is stored is const in every request. */
		if (row->standard != NULL && row->take == NULL &&
			take(parse, row, (char *)row->standard) != 0)
			return -1;
	return 0;
}

/* Two of a group exclude each other. */
static int check_group(struct parse *parse, size_t place)
{
	const struct option_command *command = parse->command;
	const struct option_row *given = option_row_at(command, place);
	const struct option_row *row;
	const char *between = "";

	for (size_t i = 0; (row = option_row_at(command, i)) != NULL; i++)
		if (given->group > 0 && row->group == given->group &&
			i != place && parse->reading->given >> i & 1)
			goto refuse;
	return 0;
refuse:
	error_set(parse->error, "--%s beside --%s: allowed is one of ",
		given->name, row->name);
	for (size_t i = 0; (row = option_row_at(command, i)) != NULL; i++)
		if (row->group == given->group) {
			error_add(parse->error, "%s--%s", between, row->name);
			between = ", ";
		}
	return -1;
}

/* Names the commands that have such an option. Whether there are any. */
static bool add_other_commands(struct parse *parse, const char *name)
{
	const struct option_command *other;
	bool found = false;

	for (size_t i = 0; (other = command_at(i)) != NULL; i++) {
		const struct option_row *row = other->rows;

		for (; row != NULL && row->name != NULL; row++)
			if (strcmp(row->name, name) == 0)
				break;
		if (row == NULL || row->name == NULL)
			continue;
		error_add(parse->error, "%s%s",
			found ? ", " : "; it is an option of serialbench ",
			other->name);
		found = true;
	}
	return found;
}

static int refuse_long(struct parse *parse, const char *word)
{
	char name[64], dashed[OPTION_ROWS][40];
	struct nearest_name nearest = {.word = name};
	const struct option_row *row;

	error_set(parse->error,
		"unknown option '%s': see serialbench %s "
		"--help",
		word, parse->command->name);
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(word, "="), word);
	if (strncmp(name, "--", 2) != 0 || add_other_commands(parse, name + 2))
		return -1;
	for (size_t i = 0; i < OPTION_ROWS &&
		(row = option_row_at(parse->command, i)) != NULL;
		i++) {
		snprintf(dashed[i], sizeof(dashed[i]), "--%s", row->name);
		nearest_name_try(&nearest, dashed[i]);
	}
	return error_add_nearest(parse->error, &nearest);
}

/* A letter's word may be one that getopt has not finished, and one of several
 * bytes is no letter to getopt: then the word has to be found. */
static int refuse_letter(struct parse *parse, char **argv)
{
	char letter[] = {'-', (char)optopt, '\0'};

	for (; (optopt & ~0x7f) != 0 && *argv != NULL; argv++)
		if ((*argv)[0] == '-' && strchr(*argv, (char)optopt) != NULL)
			return refuse_long(parse, *argv);
	return refuse_long(parse, letter);
}

/* What getopt_long stumbled on. */
static int refuse_word(struct parse *parse, int option, char **argv)
{
	const struct option_row *row;
	char *word = argv[optind - 1];
	size_t place;

	if (option == '?' && optopt == 0)
		return refuse_long(parse, word);
	place = place_of(parse->command, optopt);
	if (place == OPTION_ROWS)
		return refuse_letter(parse, argv);
	row = option_row_at(parse->command, place);
	if (option == '?')
		error_set(parse->error, "--%s: takes no value", row->name);
	else if (optopt == row->letter)
		error_set(parse->error, "-%c: a value is missing: %s",
			row->letter, row->argument);
	else
		error_set(parse->error, "--%s: a value is missing: %s",
			row->name, row->argument);
	return see_help(parse);
}

static int refuse_operand(struct parse *parse, const char *word)
{
	const struct option_operands *operands = &parse->command->operands;
	struct nearest_name nearest = {.word = word};

	if (word == NULL)
		error_set(parse->error, "no %s: allowed are ", operands->one);
	else
		error_set(parse->error, "'%s': allowed are ", word);
	for (size_t i = 0; operands->names[i] != NULL; i++) {
		error_add(parse->error, "%s%s", i > 0 ? ", " : "",
			operands->names[i]);
		if (word != NULL)
			nearest_name_try(&nearest, operands->names[i]);
	}
	return word == NULL ? -1 : error_add_nearest(parse->error, &nearest);
}

static int check_words(struct parse *parse)
{
	const struct option_operands *operands = &parse->command->operands;
	char **words = parse->reading->operands;

	if (operands->names == NULL)
		return 0;
	for (int i = 0; words[i] != NULL && (i == 0 || !operands->is_command);
		i++) {
		size_t place = 0;

		while (operands->names[place] != NULL &&
			strcmp(operands->names[place], words[i]) != 0)
			place++;
		if (operands->names[place] == NULL)
			return refuse_operand(parse, words[i]);
	}
	return 0;
}

static int refuse_count(struct parse *parse, unsigned count)
{
	const struct option_operands *operands = &parse->command->operands;
	char form[OPTION_FORM];

	if (operands->most == 0) {
		error_set(parse->error,
			"'%s': serialbench %s takes options "
			"only",
			parse->reading->operands[0], parse->command->name);
		return see_help(parse);
	}
	option_form(parse->command, 0, form);
	if (count == 0)
		return error_set(parse->error, "no %s: allowed is %s",
			operands->one, form);
	return error_set(parse->error, "%u %s: allowed is %s", count,
		operands->many, form);
}

static int check_operands(struct parse *parse, int argc, char **argv)
{
	const struct option_operands *operands = &parse->command->operands;
	unsigned count = (unsigned)(argc - optind);

	parse->reading->operands = argv + optind;
	parse->reading->operand_count = argc - optind;
	if (count == 0 && operands->least > 0 && operands->names != NULL)
		return refuse_operand(parse, NULL);
	if (count < operands->least ||
		(count > operands->most && !operands->is_command))
		return refuse_count(parse, count);
	return check_words(parse);
}

static int refuse_missing(struct parse *parse, const struct option_row *row)
{
	error_set(parse->error, "--%s is missing: allowed ", row->name);
	if (row->names == NULL)
		return error_add(parse->error, "is --%s %s, %s", row->name,
			row->argument, row->help);
	for (size_t i = 0; row->names[i] != NULL; i++)
		error_add(parse->error, "%s%s", i > 0 ? ", " : "are ",
			row->names[i]);
	return -1;
}

static int check_required(struct parse *parse)
{
	const struct option_row *row;

	for (size_t i = 0; (row = option_row_at(parse->command, i)) != NULL;
		i++)
		if (row->required && !(parse->reading->given >> i & 1))
			return refuse_missing(parse, row);
	return 0;
}

static int parse_words(struct parse *parse, int argc, char **argv)
{
	int option;

	optind = 0; /* glibc's: starts anew, also for the '+' */
	opterr = 0;
	while ((option = getopt_long(argc, argv, parse->letters, parse->options,
			NULL)) != -1) {
		size_t place = place_of(parse->command, option);
		const struct option_row *row;

		if (option == '?' || option == ':')
			return refuse_word(parse, option, argv);
		row = option_row_at(parse->command, place);
		if (row == &option_help_row) {
			option_help_print(parse->command, stdout);
			return 1;
		}
		parse->reading->given |= UINT64_C(1) << place;
		if (check_group(parse, place) != 0 ||
			take(parse, row, optarg) != 0)
			return -1;
	}
	if (check_operands(parse, argc, argv) != 0)
		return -1;
	return check_required(parse);
}

int option_parse(const struct option_command *command, int argc, char **argv,
	void *request, struct option_reading *reading, struct error *error)
{
	struct parse parse = {
		.command = command,
		.request = request,
		.reading = reading,
		.error = error,
	};
	int result;

	*reading = (struct option_reading){0};
	describe_to_getopt(&parse);
	result = take_standards(&parse);
	if (result == 0)
		result = parse_words(&parse, argc, argv);
	/* It has what was typed, and is one line. */
	if (result < 0)
		make_printable(error->text);
	return result;
}

bool option_given(const struct option_command *command,
	const struct option_reading *reading, const char *name)
{
	const struct option_row *row;

	for (size_t i = 0; (row = option_row_at(command, i)) != NULL; i++)
		if (strcmp(row->name, name) == 0)
			return reading->given >> i & 1;
	return false;
}

const char *option_given_but(const struct option_command *command,
	const struct option_reading *reading, const char *const *names)
{
	const char *found = NULL;
	const struct option_row *row;

	for (size_t i = 0; (row = option_row_at(command, i)) != NULL; i++) {
		size_t place = 0;

		while (names[place] != NULL &&
			strcmp(names[place], row->name) != 0)
			place++;
		if (names[place] == NULL && reading->given >> i & 1)
			found = row->name;
	}
	return found;
}
