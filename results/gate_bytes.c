// SPDX-License-Identifier: MIT
//
// Bytes of a block over the baseline's, from memory.csv.
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gate.h"
#include "run_table.h"

/* Pages that were touched by chance, by block: what the resident set of two
 * processes with equal blocks differs by. */
#define PAGE_SLACK_BYTES 1.0

struct weights {
	struct csv_table table;
	int variant, allocator, size, blocks, added, rounding, total;
};

/* Each is of one block. */
struct weight {
	double counted; /* header, tail and rounding: exact */
	double total; /* grown by, whatever for */
};

static int find_columns(struct weights *weights, struct error *error)
{
	const struct {
		const char *name;
		int *column;
	} columns[] = {
		{"variant", &weights->variant},
		{"allocator", &weights->allocator},
		{"size", &weights->size},
		{"live_blocks", &weights->blocks},
		{"header_tail_bytes", &weights->added},
		{"rounding_bytes", &weights->rounding},
		{"total_bytes", &weights->total},
	};

	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		if (csv_table_need(&weights->table, &columns[i].name, 1,
			    columns[i].column, error) != 0)
			return -1;
	return 0;
}

static struct weight weigh(const struct weights *weights, size_t row)
{
	const struct csv_table *table = &weights->table;
	double blocks = csv_table_real(table, row, weights->blocks);

	return (struct weight){
		.counted =
			(csv_table_real(table, row, weights->added) +
				csv_table_real(table, row, weights->rounding)) /
			blocks,
		.total = csv_table_real(table, row, weights->total) / blocks,
	};
}

static bool same_text(
	const struct weights *weights, size_t a, size_t b, int column)
{
	return strcmp(csv_table_text(&weights->table, a, column),
		       csv_table_text(&weights->table, b, column)) == 0;
}

/* The baseline's row of the same allocator and size, or the row count. */
static size_t find_baseline(
	const struct weights *weights, size_t row, const char *baseline)
{
	size_t i = 0;

	while (i < weights->table.rows &&
		(strcmp(csv_table_text(&weights->table, i, weights->variant),
			 baseline) != 0 ||
			!same_text(weights, i, row, weights->allocator) ||
			!same_text(weights, i, row, weights->size)))
		i++;
	return i;
}

/*
 * The parts that are counted are exact, and all that the suite's own variants
 * add is in them. What a library adds where it cannot be counted is in the
 * total, which pages blur.
 */
static struct gate_look judge(
	struct weight weight, struct weight baseline, double limit)
{
	double counted = weight.counted - baseline.counted;
	double total = weight.total - baseline.total;
	bool hidden = total > counted + PAGE_SLACK_BYTES;
	struct gate_look look = {.value = hidden ? total : counted};

	look.low = hidden ? total - PAGE_SLACK_BYTES : counted;
	look.high = hidden ? total + PAGE_SLACK_BYTES : counted;
	if (isnan(look.value) || isinf(look.value))
		look.finding = GATE_UNMEASURED;
	else if (look.low > limit)
		look.finding = GATE_OVER;
	else if (look.high <= limit)
		look.finding = GATE_WITHIN;
	else
		look.finding = GATE_INCONCLUSIVE;
	return look;
}

static bool is_wanted(const char *const *variants, const char *variant)
{
	while (*variants != NULL && strcmp(*variants, variant) != 0)
		variants++;
	return *variants != NULL;
}

static int look_at_row(struct gate *gate, const struct gate_options *options,
	const struct weights *weights, size_t row, size_t index)
{
	const struct csv_table *table = &weights->table;
	size_t base = find_baseline(weights, row, options->baseline);
	struct gate_item *item;
	char cell[RECORD_TEXT];

	if (base == table->rows)
		return 0;
	snprintf(cell, sizeof(cell), "memory,size=%s/%s",
		csv_table_text(table, row, weights->size),
		csv_table_text(table, row, weights->allocator));
	item = gate_find(gate, cell,
		csv_table_text(table, row, weights->variant), GATE_BYTES);
	if (item == NULL)
		return -1;
	item->limit = options->max_bytes;
	item->looks[index] = judge(
		weigh(weights, row), weigh(weights, base), options->max_bytes);
	return 0;
}

int gate_look_at_bytes(struct gate *gate, const struct gate_options *options,
	size_t index, struct error *error)
{
	struct weights weights = {0};
	char *path = NULL;
	int result;

	if (asprintf(&path, "%s/memory.csv", options->runs[index]) < 0) {
		return error_set(error, "%s", strerror(ENOMEM));
	}
	result = run_table_read(&weights.table, path, "memory.csv", error);
	free(path);
	if (result == 0)
		result = find_columns(&weights, error);
	for (size_t i = 0; result == 0 && i < weights.table.rows; i++)
		if (is_wanted(options->variants,
			    csv_table_text(
				    &weights.table, i, weights.variant)) &&
			look_at_row(gate, options, &weights, i, index) != 0) {
			error_set(error, "%s", strerror(ENOMEM));
			result = -1;
		}
	csv_table_finish(&weights.table);
	return result;
}
