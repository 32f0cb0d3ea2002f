// SPDX-License-Identifier: MIT
//
// A workload as --workload names it.
#ifndef SERIALBENCH_PLAN_WORKLOAD_H
#define SERIALBENCH_PLAN_WORKLOAD_H

#include "error_text.h"
#include "workload.h"

/* As workload_parse(). 0, or -1 with an error that names the option and, where
 * a word is near to an allowed one, that one. */
int plan_workload_parse(const char *text, struct workload_instance *instance,
	struct error *error);

#endif /* SERIALBENCH_PLAN_WORKLOAD_H */
