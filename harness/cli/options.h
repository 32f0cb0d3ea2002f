// SPDX-License-Identifier: MIT
//
// The command line of `serialbench run`, from text to a request.
#ifndef SERIALBENCH_OPTIONS_H
#define SERIALBENCH_OPTIONS_H

#include "compare.h"
#include "error_text.h"
#include "run_options.h"

/*
 * Reads the arguments and looks up what they name; allocators are proven by a
 * worker. 0; 1 where --help was asked for and printed; -1 with one line in
 * error: what, where, what is allowed.
 */
int options_read(struct run_options *options, int argc, char **argv,
	unsigned pus, struct error *error);

/* A whole number in least … most. 0, or -1 with error. */
int option_number(const char *option, const char *text, uint64_t least,
	uint64_t most, uint64_t *number, struct error *error);

/* table, csv or json. 0, or -1 with error. */
int option_format(
	const char *text, enum table_format *format, struct error *error);

#endif /* SERIALBENCH_OPTIONS_H */
