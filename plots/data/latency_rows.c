// SPDX-License-Identifier: MIT
#include "latency_rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "variant_style.h"

static const struct {
	const char *name;
	double percentile;
} points[LATENCY_POINTS] = {
	{"50", 50},
	{"90", 90},
	{"99", 99},
	{"99.9", 99.9},
	{"99.99", 99.99},
	{"max", 100},
};

const char *latency_point_name(int point)
{
	return points[point].name;
}

bool latency_rows_same_panel(
	const struct latency_row *a, const struct latency_row *b)
{
	return !strcmp(a->cell, b->cell) && !strcmp(a->loop, b->loop) &&
		!strcmp(a->operation, b->operation);
}

static int row_order(const void *one, const void *other)
{
	const struct latency_row *a = one, *b = other;
	int order = cell_name_order(&a->name, &b->name);

	if (!order)
		order = strcmp(a->cell, b->cell);
	if (!order)
		order = strcmp(a->loop, b->loop);
	if (!order)
		order = strcmp(a->operation, b->operation);
	return order ? order : variant_order(a->variant, b->variant);
}

/* The row of a line of the table: a variant's lines stand together. */
static struct latency_row *row_of(
	struct latency_rows *rows, const struct csv_table *table, size_t line)
{
	struct latency_row row = {
		.cell = report_field(table, line, "cell"),
		.loop = report_field(table, line, "loop"),
		.operation = report_field(table, line, "operation"),
		.variant = report_field(table, line, "variant"),
		.samples = report_real(table, line, "samples"),
		.clock_ns = report_real(table, line, "clock_ns"),
		.period_ns = report_real(table, line, "period_ns"),
	};
	struct latency_row *last =
		rows->count ? &rows->rows[rows->count - 1] : NULL;

	if (last && latency_rows_same_panel(last, &row) &&
		!strcmp(last->variant, row.variant))
		return last;
	cell_name_parse(&row.name, row.cell);
	for (int i = 0; i < LATENCY_POINTS; i++)
		row.ns[i] = row.low[i] = row.high[i] = row.ratio[i] =
			row.ratio_low[i] = row.ratio_high[i] = NAN;
	rows->rows[rows->count] = row;
	return &rows->rows[rows->count++];
}

static void add_line(
	struct latency_rows *rows, const struct csv_table *table, size_t line)
{
	struct latency_row *row = row_of(rows, table, line);
	double percentile = report_real(table, line, "percentile");

	for (int i = 0; i < LATENCY_POINTS; i++) {
		if (fabs(percentile - points[i].percentile) > 1e-6)
			continue;
		row->ns[i] = report_real(table, line, "ns");
		row->low[i] = report_real(table, line, "ci_low");
		row->high[i] = report_real(table, line, "ci_high");
		row->ratio[i] = report_real(table, line, "ratio");
		row->ratio_low[i] = report_real(table, line, "ratio_low");
		row->ratio_high[i] = report_real(table, line, "ratio_high");
	}
}

int latency_rows_init(struct latency_rows *rows, const struct report_data *data)
{
	const struct csv_table *table = &data->tables[FILE_LATENCY];

	memset(rows, 0, sizeof(*rows));
	rows->rows = calloc(table->rows + 1, sizeof(*rows->rows));
	if (!rows->rows)
		return -1;
	for (size_t i = 0; i < table->rows; i++)
		add_line(rows, table, i);
	qsort(rows->rows, rows->count, sizeof(*rows->rows), row_order);
	return 0;
}

void latency_rows_finish(struct latency_rows *rows)
{
	if (!rows)
		return;
	free(rows->rows);
	memset(rows, 0, sizeof(*rows));
}
