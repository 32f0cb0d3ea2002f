// SPDX-License-Identifier: MIT
#include "pilot_file.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "csv_table.h"
#include "csv_writer.h"
#include "number.h"

enum column {
	COLUMN_CELL,
	COLUMN_OPS,
	COLUMN_WARMUP_OPS,
	COLUMN_ALONE,
	COLUMN_RELAY,
	COLUMN_ROUNDS,
	COLUMN_ROUND_SD,
	COLUMN_START,
	COLUMN_ROUND,
	COLUMNS
};

static const char *const columns[COLUMNS] = {"cell", "ops", "warmup_ops",
	"alone_ns_per_op", "relay_ns_per_op", "rounds", "round_sd", "start_ns",
	"round_ns"};

/* Operations of a turn are below it. */
#define OPS_END ((uint64_t)1 << 48)

static int write_cell(struct csv_writer *writer, const struct plan_cell *cell)
{
	/* Nothing, too, where the run has no launch of the cell. */
	bool known = !cell->failed && cell->ops > 0;

	csv_text(writer, cell->name);
	csv_count(writer, known ? cell->ops : RECORD_NO_COUNT);
	csv_count(writer, known ? cell->warmup_ops : RECORD_NO_COUNT);
	csv_real(writer, known ? cell->alone_ns_per_op : NAN);
	csv_real(writer, known ? cell->relay_ns_per_op : NAN);
	csv_count(writer, known ? cell->rounds : RECORD_NO_COUNT);
	csv_real(writer, known ? cell->round_sd : NAN);
	csv_real(writer, known ? cell->start_ns : NAN);
	csv_real(writer, known ? cell->round_ns : NAN);
	return csv_end_row(writer);
}

int pilot_file_write(const struct plan *plan, const char *path)
{
	struct csv_writer writer;
	int result = csv_writer_create(&writer, path,
		"cell,ops,warmup_ops,alone_ns_per_op,relay_ns_per_op,rounds,"
		"round_sd,start_ns,round_ns");

	for (size_t i = 0; result == 0 && i < plan->cell_count; i++)
		result = write_cell(&writer, &plan->cells[i]);
	if (csv_writer_close(&writer) != 0)
		result = -1;
	return result;
}

struct pilot_reading {
	struct csv_table table;
	int at[COLUMNS];
	unsigned named_rounds;
	struct error *error;
};

static int read_count(const struct pilot_reading *reading, size_t row,
	enum column column, uint64_t least, uint64_t most, uint64_t *count)
{
	const char *text =
		csv_table_text(&reading->table, row, reading->at[column]);

	if (text[0] != '\0' && number_count(text, strlen(text), count) &&
		*count >= least && *count <= most)
		return 0;
	return csv_table_fail(&reading->table, row, columns[column],
		reading->error,
		"'%.64s': allowed is a whole number from %" PRIu64
		" to %" PRIu64,
		text, least, most);
}

static int read_real(const struct pilot_reading *reading, size_t row,
	enum column column, double *real)
{
	const char *text =
		csv_table_text(&reading->table, row, reading->at[column]);

	*real = NAN;
	if (text[0] == '\0' ||
		(number_real(text, strlen(text), real) && *real >= 0))
		return 0;
	return csv_table_fail(&reading->table, row, columns[column],
		reading->error, "'%.64s': allowed is a number from 0", text);
}

/* Where the plan names the rounds, it is right. */
static int read_rounds(
	const struct pilot_reading *reading, size_t row, struct plan_cell *cell)
{
	uint64_t rounds;

	if (read_count(reading, row, COLUMN_ROUNDS, 1, PLAN_ROUNDS, &rounds) !=
			0 ||
		read_real(reading, row, COLUMN_ROUND_SD, &cell->round_sd) !=
			0 ||
		read_real(reading, row, COLUMN_START, &cell->start_ns) != 0)
		return -1;
	if (reading->named_rounds == 0)
		cell->rounds = (unsigned)rounds;
	return read_real(reading, row, COLUMN_ROUND, &cell->round_ns);
}

static int read_row(
	const struct pilot_reading *reading, size_t row, struct plan_cell *cell)
{
	const struct csv_table *table = &reading->table;

	cell->failed =
		csv_table_text(table, row, reading->at[COLUMN_OPS])[0] == '\0';
	if (cell->failed)
		return 0;
	if (read_count(reading, row, COLUMN_OPS, 1, OPS_END - 1, &cell->ops) !=
			0 ||
		read_count(reading, row, COLUMN_WARMUP_OPS, 0, OPS_END - 1,
			&cell->warmup_ops) != 0 ||
		read_real(reading, row, COLUMN_ALONE, &cell->alone_ns_per_op) !=
			0 ||
		read_real(reading, row, COLUMN_RELAY, &cell->relay_ns_per_op) !=
			0)
		return -1;
	return read_rounds(reading, row, cell);
}

static int read_cell(
	const struct pilot_reading *reading, struct plan_cell *cell)
{
	const struct csv_table *table = &reading->table;

	size_t found = table->rows;

	for (size_t i = 0; i < table->rows; i++) {
		if (strcmp(csv_table_text(table, i, reading->at[COLUMN_CELL]),
			    cell->name) != 0)
			continue;
		if (found < table->rows)
			return csv_table_fail(table, i, columns[COLUMN_CELL],
				reading->error,
				"a second row for cell '%.100s', as in line "
				"%zu",
				cell->name, table->lines[found]);
		found = i;
	}
	if (found < table->rows)
		return read_row(reading, found, cell);
	return csv_table_fail(table, found, columns[COLUMN_CELL],
		reading->error, "no row for cell '%.100s'", cell->name);
}

int pilot_file_read(struct plan *plan, const char *path, struct error *error)
{
	struct pilot_reading reading = {
		.error = error, .named_rounds = plan->request->rounds};
	int result;

	if (csv_table_read(&reading.table, path, error) != 0)
		return -1;
	result = csv_table_need(
		&reading.table, columns, COLUMNS, reading.at, error);
	for (size_t i = 0; result == 0 && i < plan->cell_count; i++)
		result = read_cell(&reading, &plan->cells[i]);
	csv_table_finish(&reading.table);
	return result;
}

int pilot_file_take(struct plan *plan, const char *path, struct error *error)
{
	if (pilot_file_read(plan, path, error) != 0)
		return error_wrap(error, "--pilot");
	for (size_t i = 0; i < plan->cell_count; i++)
		if (plan->cells[i].failed)
			return error_set(error,
				"--pilot %s: no operations for cell '%s': "
				"its pilot failed there",
				path, plan->cells[i].name);
	return 0;
}
