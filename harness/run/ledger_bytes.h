// SPDX-License-Identifier: MIT
//
// The bytes of the ledger's lanes.
#ifndef SERIALBENCH_LEDGER_BYTES_H
#define SERIALBENCH_LEDGER_BYTES_H

#include "csv_writer.h"
#include "plan.h"

/*
 * Weighs the blocks of every lane in every cell of the plan and writes them to
 * metrics.csv. Returns the number of failed ones (each reported on stderr), or
 * -1 with errno where the rows cannot be written. Ctrl-C ends it early.
 */
int ledger_bytes_write(const struct plan *plan, struct csv_writer *metrics);

#endif /* SERIALBENCH_LEDGER_BYTES_H */
