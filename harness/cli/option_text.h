// SPDX-License-Identifier: MIT
//
// A command's table as text for people and shells.
#ifndef SERIALBENCH_OPTION_TEXT_H
#define SERIALBENCH_OPTION_TEXT_H

#include <stdio.h>

#include "option_table.h"

#define OPTION_FORM 256
#define OPTION_HEAD 64
#define OPTION_BODY 1024

/* "serialbench run [OPTION…]": a form of the call by its place, or "". */
void option_form(const struct option_command *command, size_t place,
	char form[OPTION_FORM]);

/* "-o, --out DIR". */
void option_head(const struct option_row *row, char head[OPTION_HEAD]);

/* What an option is about, then what is allowed, then what it is where it is
 * not given: "launches of each cell; 1 to 100000 (60)". */
void option_body(const struct option_row *row, char body[OPTION_BODY]);

void option_help_print(const struct option_command *command, FILE *out);

#endif /* SERIALBENCH_OPTION_TEXT_H */
