// SPDX-License-Identifier: MIT
//
// The command line of `serialbench certify`.
#ifndef SERIALBENCH_CERTIFY_OPTIONS_H
#define SERIALBENCH_CERTIFY_OPTIONS_H

#include "certify.h"
#include "error_text.h"
#include "plan.h"

struct certify_options {
	enum plan_preset preset;
	struct certify_design design;
	const char *out; /* directory; NULL: a new one below `certificates` */
	const char *certificates; /* where later runs look */
	uint64_t seed;
	uint64_t deadline_ns;
	bool pin;
};

/* 0; 1 where --help was asked for and printed; -1 with one line in error. */
int certify_options_read(struct certify_options *options, int argc, char **argv,
	struct error *error);

#endif /* SERIALBENCH_CERTIFY_OPTIONS_H */
