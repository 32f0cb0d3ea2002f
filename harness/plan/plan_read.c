// SPDX-License-Identifier: MIT
//
// From plan.csv to the plan that it was written from. A launch stands in the
// pass of its number, and each pass has every cell once: what does not keep to
// that is no plan of ours.
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv_table.h"
#include "number.h"
#include "plan_file.h"

enum column {
	COLUMN_ORDER,
	COLUMN_CELL,
	COLUMN_HEADLINE,
	COLUMN_LAUNCH,
	COLUMN_SEED,
	COLUMN_LINK_ORDER,
	COLUMN_ENV_BYTES,
	COLUMN_ROUNDS,
	COLUMN_TURN_US,
	COLUMNS,
};

/* Names, and the largest number allowed. */
static const struct {
	const char *name;
	uint64_t most;
} columns[COLUMNS] = {
	[COLUMN_ORDER] = {"order", UINT32_MAX},
	[COLUMN_CELL] = {"cell", 0},
	[COLUMN_HEADLINE] = {"headline", 1},
	[COLUMN_LAUNCH] = {"launch", 99999},
	[COLUMN_SEED] = {"seed", UINT64_MAX},
	[COLUMN_LINK_ORDER] = {"link_order", LINK_ORDERS - 1},
	[COLUMN_ENV_BYTES] = {"env_bytes", PLAN_ENV_BYTES - 1},
	[COLUMN_ROUNDS] = {"rounds", PLAN_ROUNDS},
	[COLUMN_TURN_US] = {"turn_us", 10000000},
};

struct plan_reading {
	struct plan *plan;
	struct plan_request *request;
	struct csv_table table;
	int at[COLUMNS]; /* columns of the table */
	struct error *error;
};

static int refuse(const struct plan_reading *reading, size_t row,
	enum column column, const char *allowed)
{
	return csv_table_fail(&reading->table, row, columns[column].name,
		reading->error, "'%.100s': allowed is %s",
		csv_table_text(&reading->table, row, reading->at[column]),
		allowed);
}

static int read_count(const struct plan_reading *reading, size_t row,
	enum column column, uint64_t *count)
{
	const char *text =
		csv_table_text(&reading->table, row, reading->at[column]);
	char allowed[64];

	if (text[0] != '\0' && number_count(text, strlen(text), count) &&
		*count <= columns[column].most)
		return 0;
	snprintf(allowed, sizeof(allowed), "a whole number from 0 to %" PRIu64,
		columns[column].most);
	return refuse(reading, row, column, allowed);
}

/* "/tN", and nothing else. */
static bool read_threads(const char *text, unsigned *threads)
{
	uint64_t count;

	if (strncmp(text, "/t", 2) != 0 ||
		!number_count(text + 2, strlen(text + 2), &count) ||
		count < 1 || count > TOPOLOGY_MAX_THREADS)
		return false;
	*threads = (unsigned)count;
	return true;
}

/* Takes a cell's name apart from its end; false where it is none. */
static bool part_name(char *name, const char **allocator, unsigned *threads,
	enum placement *placement)
{
	char *last = strrchr(name, '/');

	*placement = PLACEMENT_CORES;
	if (last != NULL && !read_threads(last, threads)) {
		*placement = placement_find(last + 1);
		*last = '\0';
		last = strrchr(name, '/');
	}
	if (last == NULL || *placement == PLACEMENTS ||
		!read_threads(last, threads))
		return false;
	*last = '\0';
	last = strrchr(name, '/');
	if (last == NULL)
		return false;
	*last = '\0';
	*allocator = last + 1;
	return true;
}

/* The first row of a cell; behind the last where there is none. */
static size_t row_of(const struct plan_reading *reading, const char *name)
{
	const struct csv_table *table = &reading->table;
	size_t row = 0;

	while (row < table->rows &&
		strcmp(csv_table_text(table, row, reading->at[COLUMN_CELL]),
			name) != 0)
		row++;
	return row;
}

/* One cell by its name. */
static int add_named(struct plan_reading *reading, const char *name)
{
	const struct plan_request *request = reading->request;
	struct plan *plan = reading->plan;
	enum placement placement;
	const char *allocator;
	struct error reason = {"this build makes none of that name"};
	char parts[RECORD_TEXT];
	unsigned threads;
	size_t index = 0;

	snprintf(parts, sizeof(parts), "%s", name);
	if (part_name(parts, &allocator, &threads, &placement)) {
		while (index < request->allocator_count &&
			strcmp(request->allocators[index].name, allocator) != 0)
			index++;
		if (index < request->allocator_count &&
			plan_add_cell(plan, parts, index, threads, placement,
				&reason) != 0)
			goto refuse;
	}
	if (plan->cell_count > 0 &&
		strcmp(plan->cells[plan->cell_count - 1].name, name) == 0)
		return 0;
refuse:
	return csv_table_fail(&reading->table, row_of(reading, name),
		columns[COLUMN_CELL].name, reading->error,
		"cell '%.100s' of the run's meta.json: %s", name, reason.text);
}

static int find_columns(struct plan_reading *reading)
{
	const char *names[COLUMNS];

	for (int i = 0; i < COLUMNS; i++)
		names[i] = columns[i].name;
	return csv_table_need(
		&reading->table, names, COLUMNS, reading->at, reading->error);
}

static int find_cell(struct plan_reading *reading, size_t row, size_t *cell)
{
	const char *name =
		csv_table_text(&reading->table, row, reading->at[COLUMN_CELL]);
	const struct plan *plan = reading->plan;
	size_t pass = row - row % plan->cell_count;

	for (*cell = 0; *cell < plan->cell_count; ++*cell)
		if (strcmp(plan->cells[*cell].name, name) == 0)
			break;
	if (*cell == plan->cell_count)
		return refuse(reading, row, COLUMN_CELL,
			"a cell of the run's meta.json");
	for (size_t i = pass; i < row; i++)
		if (plan->launches[i].cell == *cell)
			return refuse(reading, row, COLUMN_CELL,
				"each cell once in a pass");
	return 0;
}

static const char all_alike[] =
	"the same number above 0, or none, in every row";

/* Empty, 0: the pilot chooses them, and they stand in pilot.csv. */
static int read_rounds(
	const struct plan_reading *reading, size_t row, uint64_t *rounds)
{
	*rounds = 0;
	if (csv_table_text(&reading->table, row,
		    reading->at[COLUMN_ROUNDS])[0] == '\0')
		return 0;
	if (read_count(reading, row, COLUMN_ROUNDS, rounds) != 0)
		return -1;
	return *rounds > 0 ? 0 : refuse(reading, row, COLUMN_ROUNDS, all_alike);
}

/* What every row has to say alike. */
static int read_fixed(struct plan_reading *reading, size_t row)
{
	struct plan_request *request = reading->request;
	uint64_t rounds, turn_us;

	if (read_rounds(reading, row, &rounds) != 0 ||
		read_count(reading, row, COLUMN_TURN_US, &turn_us) != 0)
		return -1;
	if (row == 0) {
		request->rounds = (unsigned)rounds;
		request->turn_us = (unsigned)turn_us;
	}
	if (rounds != request->rounds)
		return refuse(reading, row, COLUMN_ROUNDS, all_alike);
	if (turn_us == 0 || turn_us != request->turn_us)
		return refuse(reading, row, COLUMN_TURN_US,
			"the same number above 0 in every row");
	return 0;
}

static int read_launch(struct plan_reading *reading, size_t row)
{
	struct plan *plan = reading->plan;
	struct plan_launch *launch = &plan->launches[row];
	uint64_t order, number, link_order, env_bytes, headline;

	if (read_count(reading, row, COLUMN_ORDER, &order) != 0 ||
		read_count(reading, row, COLUMN_LAUNCH, &number) != 0 ||
		read_count(reading, row, COLUMN_SEED, &launch->seed) != 0 ||
		read_count(reading, row, COLUMN_LINK_ORDER, &link_order) != 0 ||
		read_count(reading, row, COLUMN_ENV_BYTES, &env_bytes) != 0 ||
		read_count(reading, row, COLUMN_HEADLINE, &headline) != 0 ||
		read_fixed(reading, row) != 0 ||
		find_cell(reading, row, &launch->cell) != 0)
		return -1;
	if (order != row)
		return refuse(reading, row, COLUMN_ORDER,
			"the number of the row, from 0");
	if (number != row / plan->cell_count)
		return refuse(reading, row, COLUMN_LAUNCH,
			"the number of the pass, from 0");
	launch->launch = (unsigned)number;
	launch->link_order = (unsigned)link_order;
	launch->env_bytes = (unsigned)env_bytes;
	launch->left = true;
	plan->cells[launch->cell].headline = headline != 0;
	plan->launch_count++;
	return 0;
}

static int read_launches(struct plan_reading *reading)
{
	struct plan *plan = reading->plan;
	size_t rows = reading->table.rows;

	if (plan->cell_count == 0 || rows == 0 || rows % plan->cell_count)
		return csv_table_fail(&reading->table, rows,
			columns[COLUMN_CELL].name, reading->error,
			"%zu launches of %zu cells: a plan has as many of each",
			rows, plan->cell_count);
	plan->launches = calloc(rows, sizeof(*plan->launches));
	if (plan->launches == NULL) {
		return error_set(
			reading->error, "plan: %s", error_reason(errno));
	}
	for (size_t i = 0; i < rows; i++)
		if (read_launch(reading, i) != 0)
			return -1;
	for (size_t i = 0; i < plan->cell_count; i++)
		plan->cells[i].rounds = reading->request->rounds;
	reading->request->launches = (unsigned)(rows / plan->cell_count);
	if (plan_add_extra(plan) == 0)
		return 0;
	return error_set(reading->error, "plan: %s", error_reason(errno));
}

int plan_read(struct plan *plan, struct plan_request *request,
	const char *const *cells, size_t cell_count, const char *path,
	struct error *error)
{
	struct plan_reading reading = {
		.plan = plan, .request = request, .error = error};
	int result;

	memset(plan, 0, sizeof(*plan));
	plan->request = request;
	if (csv_table_read(&reading.table, path, error) != 0)
		return -1;
	result = find_columns(&reading);
	for (size_t i = 0; result == 0 && i < cell_count; i++)
		result = add_named(&reading, cells[i]);
	if (result == 0)
		result = read_launches(&reading);
	csv_table_finish(&reading.table);
	if (result != 0)
		plan_finish(plan);
	return result;
}
