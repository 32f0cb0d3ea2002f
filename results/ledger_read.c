// SPDX-License-Identifier: MIT
//
// The ledger of a run: its trials and the bytes of its lanes.
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger.h"
#include "observations.h"
#include "printable.h"
#include "run_table.h"
#include "statistics.h"

/* One cell's lanes, walked round by round. */
struct walk {
	struct slice lanes[LEDGER_LANES];
	size_t at[LEDGER_LANES];
	double *rounds; /* lane × room + round: log distance from the mean */
	double *means; /* of the rounds kept, log */
	size_t room, kept;
};

static bool is_before(
	const struct observation *one, const struct observation *other)
{
	return one->launch != other->launch ? one->launch < other->launch
					    : one->round < other->round;
}

/* The lane's value in the round of `turn`; NaN where it has none. */
static double value_at(
	struct walk *walk, unsigned lane, const struct observation *turn)
{
	const struct slice *slice = &walk->lanes[lane];
	size_t *at = &walk->at[lane];

	while (*at < slice->count && is_before(&slice->items[*at], turn))
		++*at;
	if (*at == slice->count || is_before(turn, &slice->items[*at]))
		return NAN;
	return slice->items[*at].y;
}

/* Keeps a round in which no lane is missing. */
static void take_round(struct walk *walk, const struct observation *turn)
{
	double mean = 0;

	for (unsigned i = 0; i < LEDGER_LANES; i++) {
		double y = value_at(walk, i, turn);

		walk->rounds[i * walk->room + walk->kept] = y;
		mean += y / LEDGER_LANES;
	}
	if (isnan(mean))
		return;
	for (unsigned i = 0; i < LEDGER_LANES; i++)
		walk->rounds[i * walk->room + walk->kept] -= mean;
	walk->means[walk->kept++] = mean;
}

/* The rounds kept become one row of figures. */
static void close_launch(
	struct walk *walk, double *relative, double *scale, size_t *launches)
{
	double *row = &relative[*launches * LEDGER_LANES];

	if (walk->kept == 0)
		return;
	for (unsigned i = 0; i < LEDGER_LANES; i++)
		row[i] = exp(median(&walk->rounds[i * walk->room], walk->kept));
	scale[(*launches)++] = exp(median(walk->means, walk->kept));
	walk->kept = 0;
}

static size_t walk_cell(struct walk *walk, double *relative, double *scale)
{
	const struct slice *plain = &walk->lanes[LEDGER_PLAIN];
	size_t launches = 0;

	for (size_t i = 0; i < plain->count; i++) {
		const struct observation *turn = &plain->items[i];

		if (i > 0 && turn->launch != turn[-1].launch)
			close_launch(walk, relative, scale, &launches);
		take_round(walk, turn);
	}
	close_launch(walk, relative, scale, &launches);
	return launches;
}

static int read_cell(struct ledger_cell *cell,
	const struct observations *observations, uint32_t index)
{
	struct walk walk = {0};
	double *relative = NULL;
	size_t rows;
	int result = -1;

	for (unsigned i = 0; i < LEDGER_LANES; i++) {
		char name[LEDGER_NAME];

		ledger_lane_name(i, name);
		walk.lanes[i] = observations_find(observations, index,
			names_find(&observations->variants, name));
	}
	rows = walk.lanes[LEDGER_PLAIN].count;
	walk.room = rows + 1;
	relative =
		calloc(2 * (LEDGER_LANES + 1) * walk.room, sizeof(*relative));
	if (relative == NULL)
		goto out;
	walk.rounds = relative + (LEDGER_LANES + 1) * walk.room;
	walk.means = walk.rounds + LEDGER_LANES * walk.room;
	snprintf(cell->cell, RECORD_TEXT, "%s",
		observations->cells.texts[index]);
	rows = walk_cell(&walk, relative, relative + LEDGER_LANES * walk.room);
	result = ledger_estimate(
		cell, relative, relative + LEDGER_LANES * walk.room, rows);
out:
	free(relative);
	return result;
}

static unsigned find_lane(const char *variant)
{
	char name[LEDGER_NAME];
	unsigned lane = 0;

	for (; lane < LEDGER_LANES; lane++) {
		ledger_lane_name(lane, name);
		if (strcmp(name, variant) == 0)
			break;
	}
	return lane;
}

/* Bytes of a cell's lanes, where all were weighed over the same blocks. */
static void put_bytes(struct ledger_cell *cell, const struct csv_table *metrics)
{
	static const char *const names[] = {
		"ledger_blocks", "ledger_asked", "ledger_slots"};
	double values[3][LEDGER_LANES];
	int metric = csv_table_column(metrics, "metric");
	int where = csv_table_column(metrics, "cell");
	int variant = csv_table_column(metrics, "variant");
	int value = csv_table_column(metrics, "value");

	for (unsigned i = 0; i < 3 * LEDGER_LANES; i++)
		values[i / LEDGER_LANES][i % LEDGER_LANES] = NAN;
	for (size_t row = 0; row < metrics->rows; row++) {
		unsigned lane =
			find_lane(csv_table_text(metrics, row, variant));

		if (lane == LEDGER_LANES ||
			strcmp(csv_table_text(metrics, row, where),
				cell->cell) != 0)
			continue;
		for (unsigned i = 0; i < 3; i++)
			if (strcmp(csv_table_text(metrics, row, metric),
				    names[i]) == 0)
				values[i][lane] =
					csv_table_real(metrics, row, value);
	}
	for (unsigned i = 0; i < LEDGER_LANES; i++)
		if (isnan(values[1][i]) || isnan(values[2][i]) ||
			!(values[0][i] > 0) || values[0][i] != values[0][0])
			return;
	ledger_put_bytes(cell, values[0][0], values[1], values[2]);
}

static int refuse(struct error *error, const char *run, const char *what)
{
	error_set(error, "%s: %s", run, what);
	make_printable(error->text);
	return -1;
}

static int read_cells(struct ledger *ledger, const char *run,
	const struct observations *observations, struct error *error)
{
	uint32_t count = observations->cells.count;

	ledger->cells = calloc(count + 1, sizeof(*ledger->cells));
	for (uint32_t i = 0; ledger->cells != NULL && i < count; i++) {
		struct ledger_cell *cell = &ledger->cells[ledger->count];

		if (read_cell(cell, observations, i) != 0)
			return refuse(error, run, strerror(ENOMEM));
		ledger->count += cell->launches > 0;
	}
	if (ledger->cells == NULL)
		return refuse(error, run, strerror(ENOMEM));
	if (ledger->count > 0)
		return 0;
	return refuse(error, run,
		"no launch has all lanes of a ledger; serialbench ledger makes "
		"one that has");
}

int ledger_read(struct ledger *ledger, const char *run, struct error *error)
{
	struct observations observations = {0};
	struct csv_table metrics = {0};
	char path[4096];
	int result = -1;

	memset(ledger, 0, sizeof(*ledger));
	if (observations_read(&observations, run, "ns_per_op", error) != 0 ||
		read_cells(ledger, run, &observations, error) != 0)
		goto out;
	snprintf(path, sizeof(path), "%s/metrics.csv", run);
	if (run_table_read(&metrics, path, "metrics.csv", error) != 0)
		goto out;
	for (size_t i = 0; i < ledger->count; i++)
		put_bytes(&ledger->cells[i], &metrics);
	result = 0;
out:
	csv_table_finish(&metrics);
	observations_finish(&observations);
	return result;
}
