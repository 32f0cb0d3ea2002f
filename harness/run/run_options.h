// SPDX-License-Identifier: MIT
//
// What a run is asked to do, however it was said: the command line fills it,
// meta.json keeps it.
#ifndef SERIALBENCH_RUN_OPTIONS_H
#define SERIALBENCH_RUN_OPTIONS_H

#include "error_text.h"
#include "plan.h"

struct run_options {
	struct plan_request request;
	enum plan_preset preset;
	const char *out; /* run directory; NULL: a new one in `runs` */
	const char *runs; /* folder of run directories */
	uint64_t deadline_ns;
	bool dry_run;
	bool extra_named; /* --extra-launches */
	/* Also run google-benchmark, a real program, latency percentiles. */
	bool micro, exec, latency;
	const char *resume; /* run directory to finish, or NULL */
	const char *pilot; /* pilot.csv to take the turns from, or NULL */
	/* From which on no pass or batch of launches begins; 0: none, and no
	 * extra launches. */
	unsigned budget_s;
	unsigned shard, shards; /* of the plan, shard from 1; 0: all of it */
};

/* K/N as --shard has it. 0, or -1 with error. */
int run_options_shard(
	struct run_options *options, const char *text, struct error *error);

#endif /* SERIALBENCH_RUN_OPTIONS_H */
