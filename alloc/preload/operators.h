// SPDX-License-Identifier: MIT
//
// C++'s operator new and delete, in C under their mangled names: blocks of
// API n (new) and a (new[]).
#ifndef SERIALBENCH_PRELOAD_OPERATORS_H
#define SERIALBENCH_PRELOAD_OPERATORS_H

/* Finds out which operators the program replaces by its own. Once, before
 * the first block. */
void operators_start(void);

#endif /* SERIALBENCH_PRELOAD_OPERATORS_H */
