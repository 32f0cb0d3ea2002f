// SPDX-License-Identifier: MIT
//
// pilot.csv: what the pilots of a run settled. A resumed run keeps to it, and
// --pilot lets a run keep to another's.
#ifndef SERIALBENCH_PILOT_FILE_H
#define SERIALBENCH_PILOT_FILE_H

#include "error_text.h"
#include "plan.h"

/* Writes a row for every cell of the plan, with nothing measured where its
 * pilot failed. The file must not exist. 0, or -1 with errno. */
int pilot_file_write(const struct plan *plan, const char *path);

/*
 * Sets ops, warm-up, failed and, where the plan's request names none, rounds of
 * every cell of the plan; rows of other cells are passed over. 0, or -1 with
 * one line in error that names file, line and column.
 */
int pilot_file_read(struct plan *plan, const char *path, struct error *error);

/* As --pilot has it: the same, and no pilot may have failed. 0, or -1 with an
 * error that names the option. */
int pilot_file_take(struct plan *plan, const char *path, struct error *error);

#endif /* SERIALBENCH_PILOT_FILE_H */
