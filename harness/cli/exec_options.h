// SPDX-License-Identifier: MIT
//
// The command line of `serialbench exec`. Inside exec*.c only.
#ifndef SERIALBENCH_EXEC_OPTIONS_H
#define SERIALBENCH_EXEC_OPTIONS_H

#include <stdbool.h>

#include "error_text.h"
#include "exec.h"
#include "option_table.h"

#define EXEC_LIST 64

/* `exec`, or `python`, which is `exec` of the CPython host. */
struct exec_face {
	const struct option_command *table;
	bool python;
};

extern const struct exec_face exec_face, python_face;

struct exec_options {
	const struct exec_face *face;

	/* NULL-closed; none where all are wanted. */
	const char *variants[EXEC_LIST + 1];
	size_t variant_count;
	struct allocator allocators[EXEC_LIST];
	size_t allocator_count;
	unsigned launches; /* 0: not given */
	uint64_t seed;
	double margin;
	const char *out, *csv, *stdin_file; /* NULL: not given */
	bool allow_failure;
	enum table_format format;
	bool all_variants;
	bool measured; /* an option asks for figures */
	char **command;
};

/* Reads the arguments and proves the allocators that they name. 0; 1 where
 * --help was printed; -1 with one line in error. The texts stay argv's. */
int exec_options_read(struct exec_options *options,
	const struct exec_face *face, int argc, char **argv,
	struct error *error);

/* The options of both, for their tables. */
extern const struct option_row exec_rows[], python_rows[];

/* system and jemalloc where they are installed. */
void exec_options_add_standard(struct exec_options *options);

#endif /* SERIALBENCH_EXEC_OPTIONS_H */
