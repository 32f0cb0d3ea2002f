// SPDX-License-Identifier: MIT
//
// For tests: workloads that use all of the workload contract, and what they
// saw of the harness.
//
//   relayed  blocks go from producers to consumers; only consumers count
//   mortal   every thread dies after `life` operations
//   broken   something goes wrong at one place of the contract
#ifndef SERIALBENCH_TESTS_TEAM_WORKLOADS_H
#define SERIALBENCH_TESTS_TEAM_WORKLOADS_H

#include <stdatomic.h>
#include <stdint.h>

struct team_log {
	_Atomic uint64_t runs; /* calls of run() */
	_Atomic uint64_t mallocs; /* of anybody's, while relayed ran */
	_Atomic uint64_t settles;
	_Atomic uint64_t settles_amid; /* while some thread still ran */
	_Atomic uint64_t settled_blocks;
	_Atomic uint64_t births; /* new OS threads seen in run() */
	_Atomic uint64_t misplaced; /* of these, not on their PU alone */
	_Atomic uint64_t bad_memory; /* not zeroed or not on its own line */
	_Atomic uint64_t verifies, finishes;
	_Atomic unsigned running;
};

extern struct team_log team_log;

void team_log_clear(void);

#endif /* SERIALBENCH_TESTS_TEAM_WORKLOADS_H */
