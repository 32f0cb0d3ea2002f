// SPDX-License-Identifier: MIT
//
// The same cells by google-benchmark and by the relay: how far they agree.
#ifndef SERIALBENCH_MICRO_AGREEMENT_H
#define SERIALBENCH_MICRO_AGREEMENT_H

#include <stdio.h>

#include "compare.h"
#include "csv_writer.h"
#include "error_text.h"
#include "plan.h"

/*
 * Runs serialbench-micro on the key cells of the plan that are on the system's
 * malloc (serialbench-micro runs on its own process's); its JSON goes to
 * `json`. 0, also where the plan has no such cell and no file is written, or
 * -1 with error.
 */
int micro_measure(const struct plan *plan, const char *json, bool quick,
	struct error *error);

/*
 * Holds the ratios in `json` against the relay's: writes micro_ns_per_op,
 * micro_ratio and micro_agreement (micro's ratio over the relay's) to
 * `metrics`, and a row for each to `out`. 0, or -1 with error.
 */
int micro_compare(const struct comparison_list *list, const char *json,
	struct csv_writer *metrics, FILE *out, struct error *error);

#endif /* SERIALBENCH_MICRO_AGREEMENT_H */
