// SPDX-License-Identifier: MIT
//
// The command line of `serialbench run`, from text to a request.
#ifndef SERIALBENCH_OPTIONS_H
#define SERIALBENCH_OPTIONS_H

#include "compare.h"
#include "plan.h"

#define OPTIONS_ERROR 900

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

/*
 * Reads the arguments and looks up what they name; allocators are proven by a
 * worker. 0; 1 where --help was asked for and printed; -1 with one line in
 * error[]: what, where, what is allowed.
 */
int options_read(struct run_options *options, int argc, char **argv,
	unsigned pus, char error[OPTIONS_ERROR]);

/* K/N as --shard has it. 0, or -1 with error[]. */
int options_read_shard(struct run_options *options, const char *text,
	char error[OPTIONS_ERROR]);

/* A whole number in least … most. 0, or -1 with error[]. */
int option_number(const char *option, const char *text, uint64_t least,
	uint64_t most, uint64_t *number, char error[OPTIONS_ERROR]);

/* table, csv or json. 0, or -1 with error[]. */
int option_format(
	const char *text, enum table_format *format, char error[OPTIONS_ERROR]);

#endif /* SERIALBENCH_OPTIONS_H */
