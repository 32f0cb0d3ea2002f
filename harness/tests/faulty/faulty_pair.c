// SPDX-License-Identifier: MIT
//
// For tests: takes the place of the workload pair in a worker, and does as it
// does until the environment says otherwise:
//
//   SERIALBENCH_FAULT=fault,variant,seed,run
//
// In the launch of that seed, the worker of that variant does it in its run-th
// call of run() (from 0), or whenever it verifies or sets up.
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "workload.h"

/* The workload itself, under another name. */
#define workload_pair pair_itself
#include "../../../bench/workloads/workload_pair.c"
#undef workload_pair

static char fault[32];
static unsigned long fault_run;
static _Atomic unsigned long runs;

/* The fault that this process is to commit, if any. */
static void read_fault(const struct workload_instance *instance)
{
	const char *text = getenv("SERIALBENCH_FAULT");
	char name[32], variant[32];
	unsigned long long seed;
	unsigned long run;

	if (text != NULL &&
		sscanf(text, "%31[^,],%31[^,],%llu,%lu", name, variant, &seed,
			&run) == 4 &&
		seed == instance->seed &&
		strcmp(variant, instance->backend->variant) == 0) {
		strcpy(fault, name);
		fault_run = run;
	}
}

static bool is_fault(const char *name)
{
	return strcmp(fault, name) == 0;
}

static int faulty_setup(struct workload_instance *instance)
{
	read_fault(instance);
	return is_fault("setup") ? -1 : 0;
}

static uint64_t faulty_run(struct workload_thread *thread, uint64_t operations)
{
	if (fault[0] == '\0' || runs++ < fault_run)
		return pair_itself.run(thread, operations);
	if (is_fault("crash"))
		raise(SIGSEGV);
	if (is_fault("exit"))
		_exit(7);
	while (is_fault("hang"))
		pause();
	if (is_fault("miscount") && operations > 0)
		operations--;
	return pair_itself.run(thread, operations);
}

static int faulty_verify(struct workload_thread *thread)
{
	return is_fault("damage") ? -1 : pair_itself.verify(thread);
}

static uint64_t faulty_checksum(const struct workload_thread *thread)
{
	return pair_itself.checksum(thread) +
		(is_fault("checksum") && runs > fault_run);
}

extern const struct workload workload_pair;

const struct workload workload_pair = {
	.abi = WORKLOAD_ABI,
	.name = "pair",
	.description = "for tests: pair, with faults",
	.source = "none",
	.uses_allocator = true,
	.params = pair_params,
	.own_bytes = pair_own_bytes,
	.setup = faulty_setup,
	.run = faulty_run,
	.verify = faulty_verify,
	.checksum = faulty_checksum,
};
