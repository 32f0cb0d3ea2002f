// SPDX-License-Identifier: MIT
//
// For tests: a backend that counts its calls, from any number of threads, and
// remembers the numbers that threads were given.
#ifndef SERIALBENCH_TESTS_COUNTING_BACKEND_H
#define SERIALBENCH_TESTS_COUNTING_BACKEND_H

#include <stdatomic.h>

#include "alloc_backend.h"

#define COUNTING_THREADS 4096

struct backend_calls {
	_Atomic uint64_t allocs, frees, checks;
	_Atomic uint64_t others; /* no workload here makes any */
	_Atomic uint64_t serials; /* that take_serials was asked for */
	_Atomic unsigned numbered; /* calls of thread_number */
	_Atomic uint32_t numbers[COUNTING_THREADS]; /* what they gave */
};

extern struct backend_calls backend_calls;

void backend_calls_clear(void);

/* Numbers that were given more than once. */
unsigned backend_calls_repeated(void);

extern const struct alloc_backend counting_backend;

#endif /* SERIALBENCH_TESTS_COUNTING_BACKEND_H */
