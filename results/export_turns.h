// SPDX-License-Identifier: MIT
//
// The turns of a run that count, as an export needs them. Inside results/
// only.
#ifndef SERIALBENCH_EXPORT_TURNS_H
#define SERIALBENCH_EXPORT_TURNS_H

#include <jansson.h>
#include <stdbool.h>

#include "csv_table.h"
#include "error_text.h"
#include "names.h"

struct export_turn {
	double ns_per_op, cpu_ns_per_op; /* CPU: NaN where not measured */
	double wall_ns;
	uint64_t ops, threads, start_unix_ns;
	uint32_t cell, launch, round;
	uint16_t variant;
	bool failed, excluded;
};

/* Sorted by cell, variant, launch and round. */
struct export_turns {
	size_t count;
	struct export_turn *items;
	struct names cells, variants;
};

/* Reads RUN/trials.csv without excluded rounds and failed launches. 0, or -1
 * with error; finish it in both cases. */
int export_turns_read(
	struct export_turns *turns, const char *run, struct error *error);

void export_turns_finish(struct export_turns *turns);

/* How many turns from `from` on are of its cell and variant, or of its launch
 * as well. */
size_t export_turns_of_variant(const struct export_turns *turns, size_t from);
size_t export_turns_of_launch(const struct export_turns *turns, size_t from);

/* "CELL/variant:VARIANT" of a turn: google-benchmark's way to write an
 * argument. A new reference, or NULL. */
json_t *export_name(
	const struct export_turns *turns, const struct export_turn *turn);

/* The documents; `meta` is the run's meta.json. NULL where memory ran out. */
json_t *export_gbench(const struct export_turns *turns, const json_t *meta);
json_t *export_pyperf(const struct export_turns *turns, const json_t *meta);

/* strftime of nanoseconds since 1970, UTC; returns text. */
const char *export_date(
	char *text, size_t size, const char *format, uint64_t unix_ns);

#endif /* SERIALBENCH_EXPORT_TURNS_H */
