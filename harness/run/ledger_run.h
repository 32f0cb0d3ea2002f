// SPDX-License-Identifier: MIT
//
// The parts of `serialbench ledger`: its command line, and its lanes' bytes.
#ifndef SERIALBENCH_LEDGER_RUN_H
#define SERIALBENCH_LEDGER_RUN_H

#include "csv_writer.h"
#include "options.h"

struct ledger_options {
	struct run_options run; /* the lanes are set */
	enum table_format format;
	const char *directory; /* of a run whose ledger is printed, or NULL */
};

/* As options_read(). */
int ledger_options_read(struct ledger_options *options, int argc, char **argv,
	unsigned pus, char error[OPTIONS_ERROR]);

/*
 * Weighs the blocks of every lane in every cell of the plan and writes them to
 * metrics.csv. Returns the number of failed ones (each reported on stderr), or
 * -1 with errno where the rows cannot be written. Ctrl-C ends it early.
 */
int ledger_bytes_write(const struct plan *plan, struct csv_writer *metrics);

#endif /* SERIALBENCH_LEDGER_RUN_H */
