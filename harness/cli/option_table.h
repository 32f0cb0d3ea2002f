// SPDX-License-Identifier: MIT
//
// What a command is called with, as a table: the parser, --help, the man pages
// and the completions of the shells all read the same rows.
#ifndef SERIALBENCH_OPTION_TABLE_H
#define SERIALBENCH_OPTION_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error_text.h"

/* What the value of an option is. */
enum option_kind {
	OPTION_FLAG, /* has no value; a bool or an enum */
	OPTION_NUMBER, /* from least to most; an unsigned or a uint64_t */
	OPTION_PERCENT, /* above 0, up to most; a double, 1 for 100 % */
	OPTION_NAME, /* one of names; its place in them, as an enum */
	OPTION_WORD, /* one of names; the text */
	OPTION_LIST, /* names or other words with commas between; take() */
	OPTION_FILE, /* a path; the text */
	OPTION_FOLDER, /* a path; the text */
	OPTION_TEXT, /* the text */
};

struct option_row;

/* A value that was found to be allowed. */
struct option_value {
	const struct option_row *row;
	char *text; /* the caller's, which may cut it; NULL of a flag */
	uint64_t number; /* of OPTION_NUMBER; of OPTION_NAME the place */
	double fraction; /* of OPTION_PERCENT */
};

/* Gives the value to a request. 0, or -1 with error. */
typedef int option_take(
	void *request, const struct option_value *value, struct error *error);

/* The name at a place of a registry, or NULL past its end. */
typedef const char *option_name_at(size_t place);

/* An option. A table of them ends with a row without name. */
struct option_row {
	const char *name; /* without the dashes */
	char letter; /* of the short form, or 0 */
	enum option_kind kind;
	const char *argument; /* how the help calls the value; NULL of a flag */
	/* What the option is about, in lower case, without what the other
	 * fields say. */
	const char *help;

	uint64_t least, most;
	const char *const *names; /* closed by NULL, in place of name_at */
	option_name_at *name_at;
	bool or_all; /* "all" stands for all names */

	/* The value where the option is not given: `standard` is a value as
	 * the option takes it, and is stored; `otherwise` is only said. */
	const char *standard, *otherwise;

	bool required;

	/* Options of one group, from 1 on, exclude each other. */
	unsigned group;

	/* Where the value goes: to `at` in the request, a field of `size`
	 * bytes, or to take(). A flag stores what is in `stores`; a number is
	 * stored times `scale`, where that is not 0. */
	size_t at, size;
	unsigned stores;
	uint64_t scale;
	option_take *take;
};

/* The field of a request that an option's value goes to. */
#define OPTION_AT(type, field)                                                 \
	.at = offsetof(type, field), .size = sizeof(((type *)0)->field)

/* The words that are no options. */
struct option_operands {
	const char *one, *many; /* "run directory", "run directories" */
	unsigned least, most; /* most 0: none is taken */
	enum option_kind kind; /* OPTION_FOLDER, OPTION_FILE or OPTION_WORD */
	const char *const *names; /* of OPTION_WORD */
	bool is_command; /* the first ends the options: COMMAND ARGUMENT… */
};

struct option_command {
	const char *name; /* "run", "trace info" */
	const char *summary; /* one line, in lower case, without a full stop */
	/* Forms of the call without "serialbench" and name, closed by NULL. */
	const char *const *forms;
	/* Paragraphs, closed by NULL. */
	const char *const *about;
	const struct option_row *rows; /* NULL where there are commands below */
	struct option_operands operands;
	/* The commands below this one, closed by NULL, or NULL. */
	const struct option_command *const *below;
	int (*call)(int argc, char **argv); /* NULL of a command below */
};

/* table, csv, json, in the order of enum table_format. */
extern const char *const option_formats[];

/* --format of all commands that print a table. */
#define OPTION_FORMAT_ROW(type, field)                                         \
	{                                                                      \
		"format", .kind = OPTION_NAME, .argument = "FORMAT",           \
			  .help = "form of the output",                        \
			  .names = option_formats, .standard = "table",        \
			  OPTION_AT(type, field),                              \
	}

/* --help of every command; the tables leave it out. */
extern const struct option_row option_help_row;

/* Rows of a command and then --help; NULL past the end. */
const struct option_row *option_row_at(
	const struct option_command *command, size_t place);

/* The name at a place of those that a row allows, "all" behind them; NULL past
 * the end, and where it allows what it likes. */
const char *option_row_name(const struct option_row *row, size_t place);

#endif /* SERIALBENCH_OPTION_TABLE_H */
