// SPDX-License-Identifier: MIT
//
// The files that are made from the tables when serialbench is built: manual
// pages and completions of the shells.
#ifndef SERIALBENCH_OPTION_FILES_H
#define SERIALBENCH_OPTION_FILES_H

#include <stdio.h>

#include "option_table.h"

/* serialbench(1), or a command's page where `command` is not NULL. */
void option_man_write(
	const struct option_command *command, const char *version, FILE *out);

void option_bash_write(FILE *out);
void option_zsh_write(FILE *out);
void option_fish_write(FILE *out);

/* "trace-info" for "trace info": as file names have it. */
#define OPTION_FILE_NAME 64
void option_file_name(
	const struct option_command *command, char name[OPTION_FILE_NAME]);

#endif /* SERIALBENCH_OPTION_FILES_H */
