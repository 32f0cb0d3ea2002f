// SPDX-License-Identifier: MIT
//
// The command line of `serialbench ledger`.
#ifndef SERIALBENCH_LEDGER_OPTIONS_H
#define SERIALBENCH_LEDGER_OPTIONS_H

#include "error_text.h"
#include "options.h"

struct ledger_options {
	struct run_options run; /* the lanes are set */
	enum table_format format;
	const char *directory; /* of a run whose ledger is printed, or NULL */
};

/* As options_read(). */
int ledger_options_read(struct ledger_options *options, int argc, char **argv,
	unsigned pus, struct error *error);

#endif /* SERIALBENCH_LEDGER_OPTIONS_H */
