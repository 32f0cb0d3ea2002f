// SPDX-License-Identifier: MIT
//
// The forms of a list of comparisons. Inside results/ only.
#ifndef SERIALBENCH_COMPARISONS_H
#define SERIALBENCH_COMPARISONS_H

#include <jansson.h>
#include <stdio.h>

#include "compare.h"
#include "summary.h"

void comparisons_print_table(const struct comparison_list *list, FILE *out);
void comparisons_print_csv(const struct comparison_list *list, FILE *out);
void comparisons_print_json(const struct comparison_list *list,
	const struct summary *summary, FILE *out);

/* An array with an object for each row. */
json_t *summary_to_json(const struct summary *summary);

#endif /* SERIALBENCH_COMPARISONS_H */
