// SPDX-License-Identifier: MIT
//
// The table as people read it.
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "exec.h"
#include "exec_session.h"
#include "exec_table.h"
#include "lane_spec.h"

enum { COLUMNS = 10 };
#define COLUMN_BYTES 320

struct line {
	char columns[COLUMNS][COLUMN_BYTES];
};

/* Two lines of titles: the figures are narrow, their names are not. */
static const struct line titles[2] = {
	{{"", "", "wall ms", "", "", "peak RSS", "live blocks",
		"requested bytes", "debug bytes", "serial bytes at the peak"}},
	{{"allocator", "variant", "median", "ratio [interval]", "verdict",
		"KiB", "at the peak", "at the peak", "at the peak",
		"(8 × live blocks)"}},
};

/* Columns of figures stand to the right. */
static const char right[COLUMNS] = {0, 0, 1, 0, 0, 1, 1, 1, 1, 1};

static int width(const char *text)
{
	int count = 0;

	for (; *text != '\0'; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}

static void put_count(char *text, uint64_t count)
{
	if (count == RECORD_NO_COUNT)
		snprintf(text, COLUMN_BYTES, "-");
	else
		snprintf(text, COLUMN_BYTES, "%" PRIu64, count);
}

static void put_ratio(char *text, const struct exec_row *row)
{
	if (isnan(row->ratio))
		snprintf(text, COLUMN_BYTES, "-");
	else if (isnan(row->ci_low))
		snprintf(text, COLUMN_BYTES, "%.3f [no interval]", row->ratio);
	else
		snprintf(text, COLUMN_BYTES, "%.3f [%.3f, %.3f]", row->ratio,
			row->ci_low, row->ci_high);
}

static void put_verdict(char *text, const struct exec_row *row)
{
	if (strcmp(row->variant, COMPARE_BASELINE) == 0)
		snprintf(text, COLUMN_BYTES, "baseline");
	else if (row->launches_needed > row->launches)
		snprintf(text, COLUMN_BYTES, "%s: needs %zu launches",
			row->verdict, row->launches_needed);
	else
		snprintf(text, COLUMN_BYTES, "%s",
			row->verdict[0] != '\0' ? row->verdict : "-");
	if (row->failed)
		snprintf(text, COLUMN_BYTES, "FAILED");
}

static void put_line(struct line *line, const struct exec_row *row)
{
	snprintf(line->columns[0], COLUMN_BYTES, "%s", row->allocator);
	snprintf(line->columns[1], COLUMN_BYTES, "%s", row->variant);
	if (isnan(row->wall_ms_median))
		snprintf(line->columns[2], COLUMN_BYTES, "-");
	else
		snprintf(line->columns[2], COLUMN_BYTES, "%.3f",
			row->wall_ms_median);
	put_ratio(line->columns[3], row);
	put_verdict(line->columns[4], row);
	put_count(line->columns[5], row->peak_rss_kib);
	put_count(line->columns[6], row->live_blocks_at_peak);
	put_count(line->columns[7], row->requested_bytes_at_peak);
	put_count(line->columns[8], row->debug_bytes_at_peak);
	put_count(line->columns[9], row->serial_bytes_at_peak);
}

static void widen(int widths[COLUMNS], const struct line *line)
{
	for (int i = 0; i < COLUMNS; i++)
		if (width(line->columns[i]) > widths[i])
			widths[i] = width(line->columns[i]);
}

static void print_line(
	FILE *out, const int widths[COLUMNS], const struct line *line)
{
	for (int i = 0; i < COLUMNS; i++) {
		int gap = widths[i] - width(line->columns[i]);
		const char *between = i < COLUMNS - 1 ? "  " : "";

		if (right[i])
			fprintf(out, "%*s%s%s", gap, "", line->columns[i],
				between);
		else
			fprintf(out, "%s%*s%s", line->columns[i], gap, "",
				between);
	}
	fputc('\n', out);
}

static void print_lines(const struct exec_result *result, FILE *out)
{
	int widths[COLUMNS] = {0};
	struct line line;

	widen(widths, &titles[0]);
	widen(widths, &titles[1]);
	for (size_t i = 0; i < result->row_count; i++) {
		put_line(&line, &result->rows[i]);
		widen(widths, &line);
	}
	print_line(out, widths, &titles[0]);
	print_line(out, widths, &titles[1]);
	for (size_t i = 0; i < result->row_count; i++) {
		put_line(&line, &result->rows[i]);
		print_line(out, widths, &line);
	}
}

/* A' is the baseline a second time, so a difference is the instrument's. */
static void print_alarms(const struct exec_result *result, FILE *out)
{
	for (size_t i = 0; i < result->row_count; i++) {
		const struct exec_row *row = &result->rows[i];
		struct lane_spec spec;

		if (lane_spec_find(&spec, row->variant) &&
			spec.role == ALLOC_ROLE_COPY &&
			(strcmp(row->verdict, verdict_name(VERDICT_SLOWER)) ==
					0 ||
				strcmp(row->verdict,
					verdict_name(VERDICT_FASTER)) == 0 ||
				strcmp(row->verdict,
					verdict_name(
						VERDICT_SIZE_UNRESOLVED)) == 0))
			fprintf(out,
				"A' WAS CALLED DIFFERENT over %s (%.3f [%.3f, "
				"%.3f]): it is the baseline, so nothing "
				"smaller than this can be believed here.\n",
				row->allocator, row->ratio, row->ci_low,
				row->ci_high);
	}
}

/* Rows from the first one on that have its status; 0 where one before has. */
static size_t count_alike(const struct exec_result *result, size_t first)
{
	size_t count = 0;

	for (size_t i = 0; i < result->row_count; i++) {
		if (strcmp(result->rows[i].status,
			    result->rows[first].status) != 0)
			continue;
		if (i < first)
			return 0;
		count++;
	}
	return count;
}

/* What several rows have in common is said once. */
static void print_remarks(const struct exec_result *result, FILE *out)
{
	for (size_t i = 0; i < result->row_count; i++) {
		const struct exec_row *row = &result->rows[i];
		size_t alike = count_alike(result, i);

		if (strcmp(row->status, "ok") == 0 || alike == 0)
			continue;
		fprintf(out, "%s over %s", row->variant, row->allocator);
		if (alike > 1)
			fprintf(out, " and %zu more", alike - 1);
		fprintf(out, ": %s.\n", row->status);
	}
}

/* Variants do not change what a program asks for. Where these differ, it looks
 * at addresses, which the bytes of the serial move, or at time. */
static void print_disagreement(const struct exec_result *result, FILE *out)
{
	const struct exec_row *first = NULL;

	for (size_t i = 0; i < result->row_count; i++) {
		const struct exec_row *row = &result->rows[i];

		if (row->live_blocks_at_peak == RECORD_NO_COUNT)
			continue;
		if (first == NULL ||
			strcmp(first->allocator, row->allocator) != 0)
			first = row;
		if (first->live_blocks_at_peak == row->live_blocks_at_peak &&
			first->requested_bytes_at_peak ==
				row->requested_bytes_at_peak)
			continue;
		fprintf(out,
			"%s over %s: %+lld live blocks, %+lld requested bytes "
			"against %s: what the program asks for depends on "
			"where its blocks are.\n",
			row->variant, row->allocator,
			(long long)(row->live_blocks_at_peak -
				first->live_blocks_at_peak),
			(long long)(row->requested_bytes_at_peak -
				first->requested_bytes_at_peak),
			first->variant);
	}
}

static void print_processes(const struct exec_result *result, FILE *out)
{
	uint64_t most = 0;

	for (size_t i = 0; i < result->row_count; i++)
		if (result->rows[i].processes != RECORD_NO_COUNT &&
			result->rows[i].processes > most)
			most = result->rows[i].processes;
	if (most == 1)
		fprintf(out, "1 process.\n");
	else if (most > 1)
		fprintf(out,
			"%" PRIu64 " processes: the bytes are those of the one "
			"with the largest peak; the RSS is the largest of "
			"any.\n",
			most);
}

static void print_levels(const struct exec_result *result, FILE *out)
{
	double low = INFINITY, high = -INFINITY;
	size_t comparisons = 0;

	for (size_t i = 0; i < result->row_count; i++) {
		low = fmin(low, result->rows[i].ci_level);
		high = fmax(high, result->rows[i].ci_level);
		comparisons += result->rows[i].verdict[0] != '\0';
	}
	fprintf(out,
		"%zu comparison%s of wall time with %s (Holm), margin %g %%, "
		"%u "
		"launch%s in random order",
		comparisons, comparisons == 1 ? "" : "s", COMPARE_BASELINE,
		100 * result->margin, result->launches,
		result->launches == 1 ? "" : "es");
	if (low > high)
		fprintf(out, "; no interval: too few launches.\n");
	else if (high - low < 5e-5)
		fprintf(out, "; exact level of the intervals %.2f %%.\n",
			100 * low);
	else
		fprintf(out,
			"; exact level of the intervals %.2f to %.2f %%, by "
			"the number of launches.\n",
			100 * low, 100 * high);
}

void exec_print_table(const struct exec_result *result, FILE *out)
{
	char end[96];

	print_alarms(result, out);
	fprintf(out, "%s%s%s\n", result->environment,
		result->environment[0] != '\0' ? " " : "", result->command);
	if (result->python)
		exec_print_python(result, out);
	print_lines(result, out);
	exec_print_allocators(result, out);
	print_remarks(result, out);
	if (result->unseen)
		fprintf(out, "NOTE: " EXEC_UNSEEN ".\n");
	print_disagreement(result, out);
	print_levels(result, out);
	print_processes(result, out);
	if (result->status != 0) {
		exec_describe_end(end, sizeof(end), result->status);
		fprintf(out, "The command fails by itself: %s.\n", end);
	}
}
