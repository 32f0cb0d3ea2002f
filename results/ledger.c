// SPDX-License-Identifier: MIT
//
// The factorial: lanes, contrasts, intervals.
#include "ledger.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "statistics.h"

/* The five factors: four features as bits, and the serial. */
#define FACTORS (LEDGER_FEATURES + 1)
#define SERIAL LEDGER_FEATURES

static const char *const scheme_names[LEDGER_SCHEMES] = {"none", "slot", "tls"};
static const char letters[LEDGER_FEATURES + 1] = "gcdv";
static const char *const factor_names[FACTORS] = {
	"guards", "clean fill", "dead fill", "verification", "serial"};

static const struct {
	const char *kind, *part;
} row_names[LEDGER_ROW_INTERACTIONS] = {
	[LEDGER_ROW_PLAIN] = {"base", "plain"},
	[LEDGER_ROW_WORDS] = {"part", "size and id words"},
	[LEDGER_ROW_GUARDS] = {"part", "guards"},
	[LEDGER_ROW_CLEAN_FILL] = {"part", "clean fill"},
	[LEDGER_ROW_DEAD_FILL] = {"part", "dead fill"},
	[LEDGER_ROW_VERIFICATION] = {"part", "verification"},
	[LEDGER_ROW_SERIAL_BYTES] = {"part", "serial: its bytes"},
	[LEDGER_ROW_COUNTING] = {"part", "serial: counting (tls)"},
	[LEDGER_ROW_SUM] = {"total", "sum of parts"},
	[LEDGER_ROW_THREES] = {"total", "three together"},
	[LEDGER_ROW_WHOLE] = {"total", "whole"},
	[LEDGER_ROW_REST] = {"total", "left over"},
	[LEDGER_ROW_TLS] = {"scheme", "tls - slot"},
	[LEDGER_ROW_GLOBAL] = {"scheme", "global - slot"},
	[LEDGER_ROW_ATOMIC] = {"scheme", "atomic - slot"},
};

static void name_build(unsigned lane, char name[LEDGER_NAME])
{
	unsigned features = lane % LEDGER_CHOICES;
	size_t used;

	strcpy(name, scheme_names[lane / LEDGER_CHOICES]);
	if (features == LEDGER_ALL_ON)
		return;
	strcat(name, features == 0 ? "_bare" : "_");
	used = strlen(name);
	for (unsigned i = 0; i < LEDGER_FEATURES; i++)
		if (features >> i & 1)
			name[used++] = letters[i];
	name[used] = '\0';
}

void ledger_lane_name(unsigned lane, char name[LEDGER_NAME])
{
	if (lane < LEDGER_PLAIN)
		name_build(lane, name);
	else
		strcpy(name,
			lane == LEDGER_PLAIN            ? "plain"
				: lane == LEDGER_GLOBAL ? "global"
							: "atomic");
}

/*
 * The sets of `order` factors as masks: the first factor's sets first, and so
 * on, which is the order of their bits read backwards.
 */
static unsigned masks_of(unsigned order, unsigned *masks)
{
	unsigned count = 0;

	for (unsigned backwards = 1u << FACTORS; backwards-- > 0;) {
		unsigned mask = 0;

		for (unsigned i = 0; i < FACTORS; i++)
			if (backwards >> (FACTORS - 1 - i) & 1)
				mask |= 1u << i;
		if ((unsigned)__builtin_popcount(mask) == order)
			masks[count++] = mask;
	}
	return count;
}

/* A run of the 2^5 factorial by its five bits. */
static double run_of(const double *lanes, unsigned bits)
{
	unsigned scheme = bits >> SERIAL & 1 ? LEDGER_COUNTED : LEDGER_NONE;

	return lanes[LEDGER_LANE(scheme, bits & LEDGER_ALL_ON)];
}

/* Mean over the choices of the other factors of the difference that the factors
 * in `mask` make: of one, of two the difference of differences, and so on. */
static double effect(const double *lanes, unsigned mask)
{
	unsigned order = (unsigned)__builtin_popcount(mask);
	double sum = 0;

	for (unsigned bits = 0; bits < 1u << FACTORS; bits++) {
		unsigned off = (unsigned)__builtin_popcount(mask & ~bits);

		sum += off % 2 == 0 ? run_of(lanes, bits)
				    : -run_of(lanes, bits);
	}
	return sum / (1u << (FACTORS - order));
}

/* The effects of all masks of `order` factors, in the order of the table. */
static void put_effects(const double *lanes, unsigned order, double *rows)
{
	unsigned masks[LEDGER_ROWS], count = masks_of(order, masks);

	for (unsigned i = 0; i < count; i++)
		rows[i] = effect(lanes, masks[i]);
}

/* Mean over the features of what the second scheme costs more. */
static double scheme_effect(
	const double *lanes, enum ledger_scheme from, enum ledger_scheme to)
{
	double sum = 0;

	for (unsigned i = 0; i < LEDGER_CHOICES; i++)
		sum += lanes[LEDGER_LANE(to, i)] - lanes[LEDGER_LANE(from, i)];
	return sum / LEDGER_CHOICES;
}

void ledger_effects(const double lanes[LEDGER_LANES], double rows[LEDGER_ROWS])
{
	double slot = lanes[LEDGER_LANE(LEDGER_SLOT, LEDGER_ALL_ON)];
	double counted = lanes[LEDGER_LANE(LEDGER_COUNTED, LEDGER_ALL_ON)];

	rows[LEDGER_ROW_PLAIN] = lanes[LEDGER_PLAIN];
	rows[LEDGER_ROW_WORDS] =
		lanes[LEDGER_LANE(LEDGER_NONE, 0)] - lanes[LEDGER_PLAIN];
	for (unsigned i = 0; i < LEDGER_FEATURES; i++)
		rows[LEDGER_ROW_GUARDS + i] = effect(lanes, 1u << i);
	rows[LEDGER_ROW_SERIAL_BYTES] =
		scheme_effect(lanes, LEDGER_NONE, LEDGER_SLOT);
	rows[LEDGER_ROW_COUNTING] =
		scheme_effect(lanes, LEDGER_SLOT, LEDGER_COUNTED);
	rows[LEDGER_ROW_SUM] = 0;
	for (unsigned i = LEDGER_ROW_WORDS; i < LEDGER_ROW_SUM; i++)
		rows[LEDGER_ROW_SUM] += rows[i];
	put_effects(lanes, 2, &rows[LEDGER_ROW_INTERACTIONS]);
	put_effects(lanes, 3, &rows[LEDGER_ROW_TRIPLES]);
	rows[LEDGER_ROW_THREES] = 0;
	for (unsigned i = LEDGER_ROW_TRIPLES; i < LEDGER_ROWS; i++)
		rows[LEDGER_ROW_THREES] += rows[i] / 4;
	rows[LEDGER_ROW_WHOLE] = counted - lanes[LEDGER_PLAIN];
	rows[LEDGER_ROW_REST] = rows[LEDGER_ROW_WHOLE] - rows[LEDGER_ROW_SUM] -
		rows[LEDGER_ROW_THREES];
	rows[LEDGER_ROW_TLS] = counted - slot;
	rows[LEDGER_ROW_GLOBAL] = lanes[LEDGER_GLOBAL] - slot;
	rows[LEDGER_ROW_ATOMIC] = lanes[LEDGER_ATOMIC] - slot;
}

static void name_interaction(struct ledger_entry *entry, unsigned mask)
{
	size_t used = 0;

	entry->kind = "interaction";
	for (unsigned i = 0; i < FACTORS; i++)
		if (mask >> i & 1)
			used += (size_t)snprintf(entry->part + used,
				sizeof(entry->part) - used, "%s%s",
				used > 0 ? " x " : "", factor_names[i]);
}

static void name_entries(struct ledger_cell *cell)
{
	struct ledger_entry *entry = cell->entries;
	unsigned masks[LEDGER_ROWS];

	for (unsigned i = 0; i < LEDGER_ROWS; i++) {
		entry[i].asked_bytes = entry[i].slot_bytes = NAN;
		entry[i].verdict = entry[i].bytes_verdict = "";
	}
	for (unsigned i = 0; i < LEDGER_ROW_INTERACTIONS; i++, entry++) {
		entry->kind = row_names[i].kind;
		strcpy(entry->part, row_names[i].part);
	}
	for (unsigned order = 2; order <= 3; order++) {
		unsigned count = masks_of(order, masks);

		for (unsigned i = 0; i < count; i++)
			name_interaction(entry++, masks[i]);
	}
}

/* Median and sign interval of one row over the launches; sorts them. */
static void estimate_row(struct ledger_entry *entry, double *values,
	size_t launches, double *level)
{
	size_t rank = sign_interval(launches, 0.05, level);

	entry->ns = median(values, launches);
	entry->low = rank > 0 ? values[rank - 1] : NAN;
	entry->high = rank > 0 ? values[launches - rank] : NAN;
	if (rank == 0)
		*level = NAN;
}

/* The rest's interval against the tolerance. */
static const char *judge_rest(
	const struct ledger_entry *rest, const struct ledger_entry *whole)
{
	double bound = LEDGER_TOLERANCE * fabs(whole->ns);

	if (rest->low >= -bound && rest->high <= bound)
		return "closes";
	if (rest->low > bound || rest->high < -bound)
		return "open";
	return "undecided";
}

static void judge(struct ledger_cell *cell)
{
	const struct ledger_entry *whole = &cell->entries[LEDGER_ROW_WHOLE];

	for (unsigned i = 0; i < LEDGER_ROWS; i++)
		cell->entries[i].share = cell->entries[i].ns / whole->ns;
	cell->entries[LEDGER_ROW_REST].verdict =
		judge_rest(&cell->entries[LEDGER_ROW_REST], whole);
}

int ledger_estimate(struct ledger_cell *cell, const double *relative,
	double *scale, size_t launches)
{
	double level, rows[LEDGER_ROWS], ns = median(scale, launches);
	double *values = calloc(LEDGER_ROWS * launches + 1, sizeof(*values));

	if (values == NULL)
		return -1;
	name_entries(cell);
	cell->launches = launches;
	for (size_t i = 0; i < launches; i++) {
		ledger_effects(&relative[i * LEDGER_LANES], rows);
		for (unsigned j = 0; j < LEDGER_ROWS; j++)
			values[j * launches + i] = rows[j] * ns;
	}
	for (unsigned j = 0; j < LEDGER_ROWS; j++)
		estimate_row(&cell->entries[j], &values[j * launches], launches,
			&level);
	cell->level = level;
	judge(cell);
	free(values);
	return 0;
}

void ledger_put_bytes(struct ledger_cell *cell, double blocks,
	const double asked[LEDGER_LANES], const double slots[LEDGER_LANES])
{
	double asked_rows[LEDGER_ROWS], slot_rows[LEDGER_ROWS];
	bool exact;

	ledger_effects(asked, asked_rows);
	ledger_effects(slots, slot_rows);
	for (unsigned i = 0; i < LEDGER_ROWS; i++) {
		cell->entries[i].asked_bytes = asked_rows[i] / blocks;
		cell->entries[i].slot_bytes = slot_rows[i] / blocks;
	}
	exact = asked_rows[LEDGER_ROW_REST] == 0 &&
		slot_rows[LEDGER_ROW_REST] == 0;
	cell->entries[LEDGER_ROW_REST].bytes_verdict =
		exact ? "exact" : "inexact";
}

void ledger_finish(struct ledger *ledger)
{
	if (ledger == NULL)
		return;
	free(ledger->cells);
	memset(ledger, 0, sizeof(*ledger));
}
