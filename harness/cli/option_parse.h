// SPDX-License-Identifier: MIT
//
// The words of a command line by a command's table.
#ifndef SERIALBENCH_OPTION_PARSE_H
#define SERIALBENCH_OPTION_PARSE_H

#include "option_table.h"

/* What was read besides the values. */
struct option_reading {
	uint64_t given; /* a bit for each row, by its place in the table */
	char **operands; /* in argv, closed by its NULL */
	int operand_count;
};

#define OPTION_ROWS 64 /* of a table, --help among them */

/*
 * Stores the standard values in the request, then what argv (argv[0] is the
 * command's name) says, in its order. 0; 1 where --help was printed; -1 with
 * one printable line in error that names the option, what is wrong, and what
 * is allowed. Texts in the request stay argv's. For one thread at a time.
 */
int option_parse(const struct option_command *command, int argc, char **argv,
	void *request, struct option_reading *reading, struct error *error);

/* Whether an option of a table was given. */
bool option_given(const struct option_command *command,
	const struct option_reading *reading, const char *name);

/* Whether one was given that is not in a list closed by NULL: the name of the
 * last in the table, or NULL. */
const char *option_given_but(const struct option_command *command,
	const struct option_reading *reading, const char *const *names);

/* Checks a text as the row's value. 0, or -1 with error. */
int option_value_read(const struct option_row *row, char *text,
	struct option_value *value, struct error *error);

/* A whole number that the row allows. 0, or -1 with error. */
int option_count(const struct option_row *row, const char *text,
	uint64_t *count, struct error *error);

/* "--ROW 'TEXT': allowed are …", with the names that the row allows, and the
 * nearest of them. -1. */
int option_refuse_name(
	const struct option_row *row, const char *text, struct error *error);

#endif /* SERIALBENCH_OPTION_PARSE_H */
