// SPDX-License-Identifier: MIT
#include "fleet_stream.h"

#include <string.h>

#include "prng.h"

/* State of a recording, on the stack: about 200 KiB. */
struct recorder {
	const struct fleet_profile *profile;
	struct fleet_stream *stream;
	uint64_t prng;
	unsigned remote;
	uint32_t first[FLEET_ROWS_MAX + 1]; /* slot of each row */
	uint32_t live[FLEET_ROWS_MAX]; /* blocks of each row */
	double births[FLEET_ROWS_MAX]; /* rates up to each row */
	double deaths[FLEET_ROWS_MAX + 1]; /* Fenwick tree of weights */
};

/* Without the mathematics library, which workers do not have. */
static uint32_t square_root(uint32_t number)
{
	uint32_t root = 0;

	for (uint32_t bit = 1 << 15; bit > 0; bit >>= 1)
		if ((uint64_t)(root + bit) * (root + bit) <= number)
			root += bit;
	return root;
}

/* Slots of a row: four deviations above the mean are hardly ever wanted, and
 * a birth that wants one more is drawn again. */
static uint32_t slots_of(const struct fleet_row *row)
{
	return row->blocks + 4 * square_root(row->blocks) + 8;
}

void fleet_stream_plan(
	struct fleet_stream *stream, const struct fleet_profile *profile)
{
	stream->slot_count = 0;
	for (uint32_t i = 0; i < profile->count; i++)
		stream->slot_count += slots_of(&profile->rows[i]);
	/* Each repair empties a slot that was empty at first. */
	stream->operation_max =
		FLEET_OPERATIONS + stream->slot_count - profile->blocks;
}

size_t fleet_stream_bytes(const struct fleet_stream *stream)
{
	return stream->operation_max * sizeof(*stream->operations) +
		stream->slot_count *
		(sizeof(*stream->sizes) + sizeof(*stream->order) +
			sizeof(*stream->is_live));
}

/* The widest first. */
void fleet_stream_lay_out(struct fleet_stream *stream, void *memory)
{
	stream->operations = memory;
	stream->sizes =
		(uint32_t *)(stream->operations + stream->operation_max);
	stream->order = stream->sizes + stream->slot_count;
	stream->is_live = (bool *)(stream->order + stream->slot_count);
}

static double uniform(uint64_t *prng)
{
	return (double)(prng_next(prng) >> 11) * 0x1p-53;
}

static double weight_of_one(const struct fleet_row *row)
{
	return row->rate / row->live;
}

static void add_weight(struct recorder *recorder, uint32_t row, double weight)
{
	for (uint32_t i = row + 1; i <= recorder->profile->count; i += i & -i)
		recorder->deaths[i] += weight;
}

/* The row at which the weights up to it pass a part of their sum. */
static uint32_t draw_death(struct recorder *recorder)
{
	uint32_t count = recorder->profile->count, row = 0, step = 1;
	double sum = 0, part;

	for (uint32_t i = count; i > 0; i -= i & -i)
		sum += recorder->deaths[i];
	part = uniform(&recorder->prng) * sum;
	while (step * 2 <= count)
		step *= 2;
	for (; step > 0; step /= 2)
		if (row + step <= count &&
			recorder->deaths[row + step] <= part) {
			row += step;
			part -= recorder->deaths[row];
		}
	return row;
}

static uint32_t draw_birth(struct recorder *recorder)
{
	uint32_t low = 0, high = recorder->profile->count - 1;
	double part = uniform(&recorder->prng) * recorder->births[high];

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (recorder->births[middle] > part)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* A random live slot of a row; it becomes the first to be used again. */
static uint32_t die(struct recorder *recorder, uint32_t row)
{
	uint32_t *order = recorder->stream->order + recorder->first[row];
	uint32_t last = --recorder->live[row];
	uint32_t chosen =
		(uint32_t)prng_below(&recorder->prng, (uint64_t)last + 1);
	uint32_t slot = order[chosen];

	order[chosen] = order[last];
	order[last] = slot;
	recorder->stream->is_live[slot] = false;
	add_weight(
		recorder, row, -weight_of_one(&recorder->profile->rows[row]));
	return slot;
}

static uint32_t be_born(struct recorder *recorder, uint32_t row)
{
	const uint32_t *order = recorder->stream->order + recorder->first[row];
	uint32_t slot = order[recorder->live[row]++];

	recorder->stream->is_live[slot] = true;
	add_weight(recorder, row, weight_of_one(&recorder->profile->rows[row]));
	return slot;
}

static void write_operation(
	struct recorder *recorder, uint32_t death, uint32_t birth)
{
	struct fleet_stream *stream = recorder->stream;

	if (prng_below(&recorder->prng, 100) < recorder->remote)
		death |= FLEET_REMOTE;
	stream->operations[stream->operation_count++] =
		(struct fleet_operation){death, birth};
}

static void record_one(struct recorder *recorder)
{
	uint32_t row, death;

	/* Sums of fractions are not exact: a row may seem to have weight. */
	do
		row = draw_death(recorder);
	while (row >= recorder->profile->count || recorder->live[row] == 0);
	death = die(recorder, row);
	do
		row = draw_birth(recorder);
	while (recorder->first[row] + recorder->live[row] ==
		recorder->first[row + 1]);
	write_operation(recorder, death, be_born(recorder, row));
}

/* Whether the slot lives when the stretch begins. */
static bool lives_first(
	const struct recorder *recorder, uint32_t row, uint32_t slot)
{
	return slot - recorder->first[row] <
		recorder->profile->rows[row].blocks;
}

/* Goes on to the next slot that is as `lives` now and was not at first. */
static uint32_t next_changed(
	struct recorder *recorder, uint32_t *row, uint32_t slot, bool lives)
{
	for (;; slot++) {
		while (*row < recorder->profile->count &&
			slot >= recorder->first[*row + 1])
			(*row)++;
		if (*row == recorder->profile->count)
			return slot;
		if (recorder->stream->is_live[slot] == lives &&
			lives_first(recorder, *row, slot) != lives)
			return slot;
	}
}

/* As many slots live that should not as should and do not. */
static void repair(struct recorder *recorder)
{
	uint32_t many_row = 0, few_row = 0, many = 0, few = 0;
	bool *is_live = recorder->stream->is_live;

	for (;;) {
		many = next_changed(recorder, &many_row, many, true);
		few = next_changed(recorder, &few_row, few, false);
		if (many_row == recorder->profile->count)
			break;
		write_operation(recorder, many, few);
		is_live[many] = false;
		is_live[few] = true;
	}
}

static void begin(struct recorder *recorder)
{
	const struct fleet_profile *profile = recorder->profile;
	struct fleet_stream *stream = recorder->stream;
	uint32_t slot = 0;
	double rates = 0;

	memset(recorder->deaths, 0, sizeof(recorder->deaths));
	for (uint32_t i = 0; i < profile->count; i++) {
		const struct fleet_row *row = &profile->rows[i];

		rates += row->rate;
		recorder->births[i] = rates;
		recorder->live[i] = row->blocks;
		recorder->first[i] = slot;
		for (uint32_t end = slot + slots_of(row); slot < end; slot++) {
			stream->sizes[slot] = (uint32_t)row->size;
			stream->order[slot] = slot;
			stream->is_live[slot] = lives_first(recorder, i, slot);
		}
		add_weight(recorder, i, row->blocks * weight_of_one(row));
	}
	recorder->first[profile->count] = slot;
}

void fleet_stream_record(struct fleet_stream *stream,
	const struct fleet_profile *profile, uint64_t seed, unsigned remote)
{
	struct recorder recorder = {
		.profile = profile,
		.stream = stream,
		.prng = seed,
		.remote = remote,
	};

	stream->operation_count = 0;
	begin(&recorder);
	while (stream->operation_count < FLEET_OPERATIONS)
		record_one(&recorder);
	repair(&recorder);
}
