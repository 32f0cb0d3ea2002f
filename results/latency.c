// SPDX-License-Identifier: MIT
#include "latency.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "run_table.h"
#include "statistics.h"

enum { CELL, VARIANT, LOOP, OPERATION, LAUNCH, SAMPLES, CLOCK, PERIOD, NAMED };

static const struct {
	const char *column;
	double percentile;
} percentiles[LATENCY_PERCENTILES] = {
	{"p50_ns", 50},
	{"p90_ns", 90},
	{"p99_ns", 99},
	{"p999_ns", 99.9},
	{"p9999_ns", 99.99},
	{"max_ns", 100},
};

const char *const latency_launch_header =
	"cell,variant,loop,operation,launch,samples,one_in,clock_ns,period_ns,"
	"p50_ns,p90_ns,p99_ns,p999_ns,p9999_ns,max_ns";

static const char *const summary_header =
	"cell,variant,loop,operation,percentile,n_launches,samples,clock_ns,"
	"period_ns,ns,ci_low,ci_high,ci_level,ratio,ratio_low,ratio_high";

double latency_percentile(unsigned index)
{
	return percentiles[index].percentile;
}

int latency_launch_write(
	struct csv_writer *writer, const struct latency_launch *launch)
{
	csv_text(writer, launch->cell);
	csv_text(writer, launch->variant);
	csv_text(writer, launch->loop);
	csv_text(writer, launch->operation);
	csv_count(writer, launch->launch);
	csv_count(writer, launch->samples);
	csv_count(writer, launch->one_in);
	csv_real(writer, launch->clock_ns);
	csv_real(writer, launch->period_ns);
	for (unsigned i = 0; i < LATENCY_PERCENTILES; i++)
		csv_real(writer, launch->ns[i]);
	return csv_end_row(writer);
}

/* The table while it is being read. */
struct reading {
	struct latency *latency;
	const char *baseline;
	int named[NAMED], times[LATENCY_PERCENTILES];
	size_t *rows; /* sorted: what is compared stands together */
	double *values, *ratios; /* of the launches of one item */
};

static const char *text(const struct reading *reading, size_t row, int column)
{
	return csv_table_text(
		&reading->latency->table, row, reading->named[column]);
}

/* Whether two rows differ in their first texts, in the order of sorting. */
static int compare_texts(
	const struct reading *reading, size_t a, size_t b, bool with_variant)
{
	static const int order[] = {CELL, LOOP, OPERATION};
	int result = 0;

	for (size_t i = 0; i < 3 && result == 0; i++)
		result = strcmp(
			text(reading, a, order[i]), text(reading, b, order[i]));
	return result == 0 && with_variant
		? strcmp(text(reading, a, VARIANT), text(reading, b, VARIANT))
		: result;
}

static int compare_rows(const void *one, const void *other, void *context)
{
	size_t a = *(const size_t *)one, b = *(const size_t *)other;
	int result = compare_texts(context, a, b, true);

	return result != 0 ? result : (a > b) - (a < b);
}

/* The baseline's time in the same launch; `from` … `to` has all variants. */
static double baseline_ns(const struct reading *reading, size_t from, size_t to,
	size_t row, unsigned percentile)
{
	for (size_t i = from; i < to; i++) {
		size_t other = reading->rows[i];

		if (strcmp(text(reading, other, VARIANT), reading->baseline) ==
				0 &&
			strcmp(text(reading, other, LAUNCH),
				text(reading, row, LAUNCH)) == 0)
			return csv_table_real(&reading->latency->table, other,
				reading->times[percentile]);
	}
	return NAN;
}

/* Median and sign interval of n values; sorts them. */
static double estimate(
	double *values, size_t n, double *low, double *high, double *reached)
{
	double level, middle = median(values, n);
	size_t rank = sign_interval(n, 0.05, &level);

	*low = rank > 0 ? values[rank - 1] : NAN;
	*high = rank > 0 ? values[n - rank] : NAN;
	*reached = rank > 0 ? level : NAN;
	return middle;
}

/* Of a column in rows[at … end), where it is not empty. */
static double middle(struct reading *reading, size_t at, size_t end, int column)
{
	size_t n = 0;

	for (size_t i = at; i < end; i++) {
		double value = csv_table_real(&reading->latency->table,
			reading->rows[i], reading->named[column]);

		if (!isnan(value))
			reading->values[n++] = value;
	}
	return median(reading->values, n);
}

/* One percentile of the variant in rows[at … end) of the group from … to. */
static void add_item(struct reading *reading, size_t from, size_t to, size_t at,
	size_t end, unsigned percentile)
{
	struct latency *latency = reading->latency;
	struct latency_item *item = &latency->items[latency->count];
	size_t first = reading->rows[at], ratios = 0;
	double level;

	*item = (struct latency_item){
		.cell = text(reading, first, CELL),
		.variant = text(reading, first, VARIANT),
		.loop = text(reading, first, LOOP),
		.operation = text(reading, first, OPERATION),
		.percentile = percentiles[percentile].percentile,
		.samples = middle(reading, at, end, SAMPLES),
		.clock_ns = middle(reading, at, end, CLOCK),
		.period_ns = middle(reading, at, end, PERIOD),
	};
	for (size_t i = at; i < end; i++) {
		size_t row = reading->rows[i];
		double ns = csv_table_real(
			&latency->table, row, reading->times[percentile]);
		double base = baseline_ns(reading, from, to, row, percentile);

		if (isnan(ns))
			continue;
		reading->values[item->launches++] = ns;
		if (ns > 0 && base > 0)
			reading->ratios[ratios++] = ns / base;
	}
	if (item->launches == 0)
		return;
	item->ns = estimate(reading->values, item->launches, &item->low,
		&item->high, &item->level);
	item->ratio = estimate(reading->ratios, ratios, &item->ratio_low,
		&item->ratio_high, &level);
	latency->count++;
}

static size_t end_of(
	const struct reading *reading, size_t from, bool with_variant)
{
	size_t to = from + 1;

	while (to < reading->latency->table.rows &&
		compare_texts(reading, reading->rows[from], reading->rows[to],
			with_variant) == 0)
		to++;
	return to;
}

/* A group is what is compared: all variants of a cell, loop and operation. */
static void add_group(struct reading *reading, size_t from, size_t to)
{
	for (size_t at = from, end; at < to; at = end) {
		end = end_of(reading, at, true);
		for (unsigned i = 0; i < LATENCY_PERCENTILES; i++)
			add_item(reading, from, to, at, end, i);
	}
}

static int find_columns(struct reading *reading, struct error *error)
{
	static const char *const named[NAMED] = {"cell", "variant", "loop",
		"operation", "launch", "samples", "clock_ns", "period_ns"};
	const struct csv_table *table = &reading->latency->table;
	const char *times[LATENCY_PERCENTILES];

	for (unsigned i = 0; i < LATENCY_PERCENTILES; i++)
		times[i] = percentiles[i].column;
	return csv_table_need(table, named, NAMED, reading->named, error) !=
				0 ||
			csv_table_need(table, times, LATENCY_PERCENTILES,
				reading->times, error) != 0
		? -1
		: 0;
}

static int summarise(struct reading *reading, struct error *error)
{
	struct latency *latency = reading->latency;
	size_t rows = latency->table.rows;

	reading->rows = calloc(rows + 1, sizeof(*reading->rows));
	reading->values = calloc(rows + 1, sizeof(*reading->values));
	reading->ratios = calloc(rows + 1, sizeof(*reading->ratios));
	latency->items =
		calloc(rows * LATENCY_PERCENTILES + 1, sizeof(*latency->items));
	if (reading->rows == NULL || reading->values == NULL ||
		reading->ratios == NULL || latency->items == NULL) {
		return error_set(error, "%s", strerror(ENOMEM));
	}
	for (size_t i = 0; i < rows; i++)
		reading->rows[i] = i;
	qsort_r(reading->rows, rows, sizeof(*reading->rows), compare_rows,
		reading);
	for (size_t from = 0, to; from < rows; from = to) {
		to = end_of(reading, from, false);
		add_group(reading, from, to);
	}
	return 0;
}

int latency_read(struct latency *latency, const char *path,
	const char *baseline, struct error *error)
{
	struct reading reading = {.latency = latency, .baseline = baseline};
	int result = -1;

	memset(latency, 0, sizeof(*latency));
	if (run_table_read(
		    &latency->table, path, "latency_launches.csv", error) != 0)
		return -1;
	if (find_columns(&reading, error) == 0)
		result = summarise(&reading, error);
	free(reading.rows);
	free(reading.values);
	free(reading.ratios);
	return result;
}

static int write_item(
	struct csv_writer *writer, const struct latency_item *item)
{
	csv_text(writer, item->cell);
	csv_text(writer, item->variant);
	csv_text(writer, item->loop);
	csv_text(writer, item->operation);
	csv_real(writer, item->percentile);
	csv_count(writer, item->launches);
	csv_real(writer, item->samples);
	csv_real(writer, item->clock_ns);
	csv_real(writer, item->period_ns);
	csv_real(writer, item->ns);
	csv_real(writer, item->low);
	csv_real(writer, item->high);
	csv_real(writer, item->level);
	csv_real(writer, item->ratio);
	csv_real(writer, item->ratio_low);
	csv_real(writer, item->ratio_high);
	return csv_end_row(writer);
}

int latency_write(const struct latency *latency, const char *path)
{
	struct csv_writer writer;
	int result = 0;

	if (csv_writer_create(&writer, path, summary_header) != 0)
		return -1;
	for (size_t i = 0; i < latency->count && result == 0; i++)
		result = write_item(&writer, &latency->items[i]);
	return csv_writer_close(&writer) != 0 ? -1 : result;
}

void latency_finish(struct latency *latency)
{
	if (latency == NULL)
		return;
	csv_table_finish(&latency->table);
	free(latency->items);
	memset(latency, 0, sizeof(*latency));
}
