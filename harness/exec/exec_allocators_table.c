// SPDX-License-Identifier: MIT
//
// The allocators against each other, under the same variant: what the main
// table, which holds the variants of one allocator against each other, does not
// say.
#include <math.h>
#include <string.h>

#include "exec.h"
#include "exec_table.h"

static const struct exec_row *find_baseline(
	const struct exec_result *result, const struct exec_row *row)
{
	for (size_t i = 0; i < result->row_count; i++)
		if (strcmp(result->rows[i].allocator,
			    row->allocator_baseline) == 0 &&
			strcmp(result->rows[i].variant, row->variant) == 0)
			return &result->rows[i];
	return NULL;
}

static void print_row(const struct exec_result *result,
	const struct exec_row *row, int width, FILE *out)
{
	const struct exec_row *baseline = find_baseline(result, row);
	char ratio[64] = "-", peak[32] = "-";

	if (!isnan(row->allocator_ci_low))
		snprintf(ratio, sizeof(ratio), "%.3f [%.3f, %.3f]",
			row->allocator_ratio, row->allocator_ci_low,
			row->allocator_ci_high);
	else if (!isnan(row->allocator_ratio))
		snprintf(ratio, sizeof(ratio), "%.3f [no interval]",
			row->allocator_ratio);
	if (baseline != NULL && baseline->peak_rss_kib > 0 &&
		baseline->peak_rss_kib != RECORD_NO_COUNT &&
		row->peak_rss_kib != RECORD_NO_COUNT)
		snprintf(peak, sizeof(peak), "%.3f",
			(double)row->peak_rss_kib /
				(double)baseline->peak_rss_kib);
	fprintf(out, "%-*s  %-8s  %-21s  %8s  %s\n", width, row->allocator,
		row->variant, ratio, peak, row->allocator_verdict);
}

void exec_print_allocators(const struct exec_result *result, FILE *out)
{
	const char *baseline = NULL;
	int width = (int)strlen("allocator");

	for (size_t i = 0; i < result->row_count; i++) {
		const struct exec_row *row = &result->rows[i];

		if (row->allocator_baseline[0] == '\0')
			continue;
		baseline = row->allocator_baseline;
		if ((int)strlen(row->allocator) > width)
			width = (int)strlen(row->allocator);
	}
	if (baseline == NULL)
		return;
	fprintf(out,
		"\nAllocators over %s, under the same variant:\n"
		"%-*s  %-8s  %-21s  %8s  %s\n",
		baseline, width, "allocator", "variant", "wall time",
		"peak RSS", "verdict on the time");
	for (size_t i = 0; i < result->row_count; i++)
		if (result->rows[i].allocator_baseline[0] != '\0')
			print_row(result, &result->rows[i], width, out);
	fputc('\n', out);
}
