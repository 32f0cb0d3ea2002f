// SPDX-License-Identifier: MIT
//
// What `serialbench python` tells serialbench-python through the environment.
#ifndef SERIALBENCH_PYTHON_HOST_NAMES_H
#define SERIALBENCH_PYTHON_HOST_NAMES_H

#define PYTHON_HOST "serialbench-python"

/* The scheme whose library brings the hooks, filled up with dots: a program
 * that copies its environment then asks for the same under every variant. */
#define PYTHON_VARIANT "SERIALBENCH_PYTHON"
#define PYTHON_NO_HOOKS "plain"
#define PYTHON_VARIANT_WIDTH 15

/* The folder of the libraries, as program_path.h has it. */
#define PYTHON_LIBRARIES "SERIALBENCH_LIBRARIES"

/* The file that preload_stats.h describes, to count into. */
#define PYTHON_COUNTS "SERIALBENCH_PYTHON_COUNTS"

/* CPython's own debug hooks, as a variant. */
#define PYTHON_OWN_HOOKS "cpython"

#endif /* SERIALBENCH_PYTHON_HOST_NAMES_H */
