// SPDX-License-Identifier: MIT
//
// The forms of a result. Inside exec*.c only.
#ifndef SERIALBENCH_EXEC_TABLE_H
#define SERIALBENCH_EXEC_TABLE_H

#include <stdio.h>

#include "exec.h"

void exec_print_table(const struct exec_result *result, FILE *out);
void exec_print_csv(const struct exec_result *result, FILE *out);
void exec_print_json(const struct exec_result *result, FILE *out);

/* The footprint table of a CPython host, in front of exec_print_table()'s. */
void exec_print_python(const struct exec_result *result, FILE *out);

/* How the allocators compare under each variant; nothing where there is one. */
void exec_print_allocators(const struct exec_result *result, FILE *out);

#endif /* SERIALBENCH_EXEC_TABLE_H */
