// SPDX-License-Identifier: MIT
//
// The forms of a list of comparisons. Inside results/ only.
#ifndef SERIALBENCH_COMPARISONS_H
#define SERIALBENCH_COMPARISONS_H

#include <stdio.h>

#include "compare.h"

void comparisons_print_table(const struct comparison_list *list, FILE *out);
void comparisons_print_csv(const struct comparison_list *list, FILE *out);
void comparisons_print_json(const struct comparison_list *list, FILE *out);

#endif /* SERIALBENCH_COMPARISONS_H */
