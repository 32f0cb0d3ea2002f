// SPDX-License-Identifier: MIT
//
// The summary of a run as people read it.
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "columns.h"
#include "printable.h"
#include "summary.h"

#define SUITE_COLUMNS 4 /* thread counts side by side on a terminal */

static const struct columns_line titles = {{"summary", "threads", "variant",
	"geometric mean [interval]", "cells", "launches", "verdict"}};

static void put_mean(char text[COLUMN_BYTES], const struct summary_row *row)
{
	if (isnan(row->ci_low))
		snprintf(text, COLUMN_BYTES, "%.3f [no interval]", row->ratio);
	else
		snprintf(text, COLUMN_BYTES, "%.3f [%.3f, %.3f]", row->ratio,
			row->ci_low, row->ci_high);
}

static void put_line(struct columns_line *line, const struct summary_row *row)
{
	bool standard = strcmp(row->placement, "cores") == 0;

	snprintf(line->texts[0], COLUMN_BYTES, "%s",
		row->scope == SUMMARY_SUITE ? "suite" : row->name);
	snprintf(line->texts[1], COLUMN_BYTES, "t%u%s%s", row->threads,
		standard ? "" : "/", standard ? "" : row->placement);
	snprintf(line->texts[2], COLUMN_BYTES, "%s", row->variant);
	put_mean(line->texts[3], row);
	snprintf(line->texts[4], COLUMN_BYTES, "%zu", row->cells);
	snprintf(line->texts[5], COLUMN_BYTES, "%zu", row->launches);
	snprintf(
		line->texts[6], COLUMN_BYTES, "%s", verdict_name(row->verdict));
	for (int i = 0; i < 3; i++)
		make_printable(line->texts[i]);
}

static void print_scope(const struct summary *summary, FILE *out,
	const struct columns *columns, enum summary_scope scope)
{
	struct columns_line line;

	for (size_t i = 0; i < summary->count; i++) {
		if (summary->rows[i].scope != scope)
			continue;
		put_line(&line, &summary->rows[i]);
		columns_print(columns, &line, out);
	}
}

/* Of the rows that have an interval; NULL where none has. */
static const struct summary_row *find_interval(const struct summary *summary)
{
	for (size_t i = 0; i < summary->count; i++)
		if (summary->rows[i].resamples > 0)
			return &summary->rows[i];
	return NULL;
}

static void print_notes(const struct summary *summary, FILE *out)
{
	const struct summary_row *first = find_interval(summary);

	if (first == NULL)
		fputs("No interval of a mean: too few launches.\n", out);
	else
		fprintf(out,
			"Means over headline cells of the ratios with %s, %s, "
			"margin %g %%; the middle %g %% of %zu draws of "
			"launches.\n",
			first->baseline, first->metric, 100 * first->margin,
			100 * first->ci_level, first->resamples);
}

void summary_print(const struct summary *summary, FILE *out)
{
	struct columns columns = {.count = 7};
	struct columns_line line;

	if (summary->count == 0)
		return;
	columns_widen(&columns, &titles);
	for (size_t i = 0; i < summary->count; i++) {
		put_line(&line, &summary->rows[i]);
		columns_widen(&columns, &line);
	}
	fputc('\n', out);
	columns_print(&columns, &titles, out);
	/* What a terminal shows last is the whole. */
	print_scope(summary, out, &columns, SUMMARY_WORKLOAD);
	print_scope(summary, out, &columns, SUMMARY_ALLOCATOR);
	print_scope(summary, out, &columns, SUMMARY_SUITE);
	print_notes(summary, out);
}

/* The suite's rows; those of one thread count stand together. */
struct suite {
	const struct summary_row *rows;
	size_t count;
	struct {
		const struct summary_row *first;
		size_t cells; /* the most that a variant has */
	} columns[SUITE_COLUMNS];
	size_t column_count, more; /* shown, and not */
};

static bool is_same_column(
	const struct summary_row *a, const struct summary_row *b)
{
	return a->threads == b->threads &&
		strcmp(a->placement, b->placement) == 0;
}

static void find_columns(struct suite *suite, const struct summary *summary)
{
	*suite = (struct suite){.rows = summary->rows};
	while (suite->count < summary->count &&
		summary->rows[suite->count].scope == SUMMARY_SUITE)
		suite->count++;
	for (size_t i = 0; i < suite->count; i++) {
		const struct summary_row *row = &suite->rows[i];
		size_t *shown = &suite->column_count;

		if (i == 0 || !is_same_column(row - 1, row)) {
			if (*shown == SUITE_COLUMNS) {
				suite->more++;
				continue;
			}
			suite->columns[(*shown)++].first = row;
		}
		if (suite->more == 0 &&
			row->cells > suite->columns[*shown - 1].cells)
			suite->columns[*shown - 1].cells = row->cells;
	}
}

static void put_title(
	char text[COLUMN_BYTES], const struct suite *suite, size_t column)
{
	const struct summary_row *row = suite->columns[column].first;
	bool standard = strcmp(row->placement, "cores") == 0;

	snprintf(text, COLUMN_BYTES, "t%u%s%s, %zu cell%s", row->threads,
		standard ? "" : ", ", standard ? "" : row->placement,
		suite->columns[column].cells,
		suite->columns[column].cells == 1 ? "" : "s");
	make_printable(text);
}

/* Ratio, interval, verdict; and the cells where they are fewer. */
static void put_field(char text[COLUMN_BYTES], const struct suite *suite,
	size_t column, const char *variant)
{
	const struct summary_row *row = suite->columns[column].first;
	const struct summary_row *end = suite->rows + suite->count;
	char mean[COLUMN_BYTES], fewer[64] = "";

	while (row < end && strcmp(row->variant, variant) != 0)
		row++;
	if (row == end || !is_same_column(row, suite->columns[column].first)) {
		snprintf(text, COLUMN_BYTES, "-");
		return;
	}
	put_mean(mean, row);
	if (row->cells < suite->columns[column].cells)
		snprintf(fewer, sizeof(fewer), " (%zu cell%s)", row->cells,
			row->cells == 1 ? "" : "s");
	snprintf(text, COLUMN_BYTES, "%.128s %s%s", mean,
		verdict_sign(row->verdict), fewer);
}

static bool has_variant(const struct suite *suite, const char *variant)
{
	for (size_t i = 0; i < suite->count; i++)
		if (strcmp(suite->rows[i].variant, variant) == 0)
			return true;
	return false;
}

/* The head where there is no variant. */
static void put_suite_line(struct columns_line *line, const struct suite *suite,
	const char *variant)
{
	snprintf(line->texts[0], COLUMN_BYTES, "%s",
		variant != NULL ? variant : "variant");
	make_printable(line->texts[0]);
	for (size_t c = 0; c < suite->column_count; c++)
		if (variant != NULL)
			put_field(line->texts[c + 1], suite, c, variant);
		else
			put_title(line->texts[c + 1], suite, c);
}

void summary_print_suite(
	const struct summary *summary, const char *const *variants, FILE *out)
{
	struct columns columns = {0};
	struct columns_line line;
	struct suite suite;

	find_columns(&suite, summary);
	if (suite.count == 0)
		return;
	columns.count = (int)suite.column_count + 1;
	for (int print = 0; print < 2; print++) {
		put_suite_line(&line, &suite, NULL);
		columns_widen(&columns, &line);
		if (print)
			columns_print(&columns, &line, out);
		for (size_t i = 0; variants[i] != NULL; i++) {
			if (!has_variant(&suite, variants[i]))
				continue;
			put_suite_line(&line, &suite, variants[i]);
			columns_widen(&columns, &line);
			if (print)
				columns_print(&columns, &line, out);
		}
	}
	if (suite.more > 0)
		fprintf(out, "… and %zu more thread counts in summary.csv\n",
			suite.more);
}
