// SPDX-License-Identifier: MIT
//
// The file that a command runs: where it is, and whether the debug wrapper can
// come into it at all.
#ifndef SERIALBENCH_EXEC_PROGRAM_H
#define SERIALBENCH_EXEC_PROGRAM_H

#include <stdbool.h>

#include "error_text.h"

#define EXEC_PROGRAM_PATH 4096
#define EXEC_INTERPRETER 256

struct exec_program {
	char path[EXEC_PROGRAM_PATH];

	/* Of a script the rest of its line #!, else "". */
	char interpreter[EXEC_INTERPRETER];

	/* The dynamic linker starts neither it nor its interpreter, so nothing
	 * is preloaded. */
	bool is_static;

	/* With the rights of another, so that only what is in the system's
	 * folders is preloaded. */
	bool is_privileged;
};

/*
 * Looks for the first word of a command as execvp() does: a path, or a name in
 * PATH. 0, or -1 with one line in error. What may not be read is taken for a
 * dynamically linked program.
 */
int exec_program_find(
	struct exec_program *program, const char *command, struct error *error);

/* One line about a program that could not be started, with errno's reason. */
void exec_program_refuse(const char *command, int reason, struct error *error);

/* Why nothing of it runs on the debug wrapper, as "is statically linked"; NULL
 * where the file does not say so. */
const char *exec_program_unwrapped(const struct exec_program *program);

#endif /* SERIALBENCH_EXEC_PROGRAM_H */
