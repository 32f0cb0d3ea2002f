// SPDX-License-Identifier: MIT
//
// The command line of `serialbench run`, from text to a request.
#ifndef SERIALBENCH_OPTIONS_H
#define SERIALBENCH_OPTIONS_H

#include "compare.h"
#include "error_text.h"
#include "run_options.h"

/* What the options of `run` and `ledger` are read into. */
struct options_reading {
	struct run_options run;
	enum table_format format; /* of `ledger` */
	unsigned pus; /* that "all" stands for in --threads */
};

/*
 * Reads the arguments and looks up what they name; allocators are proven by a
 * worker. 0; 1 where --help was asked for and printed; -1 with one line in
 * error: what, where, what is allowed. For one thread at a time.
 */
int options_read(struct run_options *options, int argc, char **argv,
	unsigned pus, struct error *error);

#endif /* SERIALBENCH_OPTIONS_H */
