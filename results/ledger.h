// SPDX-License-Identifier: MIT
//
// The cost ledger: a factorial of builds of the wrapper, and from what its
// lanes measured, what each part of the wrapper costs. docs/ledger.md says why
// each step is as it is.
#ifndef SERIALBENCH_LEDGER_H
#define SERIALBENCH_LEDGER_H

#include <stddef.h>
#include <stdio.h>

#include "compare.h"
#include "csv_table.h"
#include "error_text.h"

/* Features that a build can be without, as bits, and the serial scheme. */
#define LEDGER_FEATURES 4u
#define LEDGER_CHOICES (1u << LEDGER_FEATURES)
#define LEDGER_ALL_ON (LEDGER_CHOICES - 1)

enum ledger_scheme {
	LEDGER_NONE, /* no serial */
	LEDGER_SLOT, /* its bytes, with a constant in them */
	LEDGER_COUNTED, /* the recommended scheme, tls */
	LEDGER_SCHEMES,
};

/* Lanes: scheme × LEDGER_CHOICES + features, then these. */
enum ledger_lane {
	LEDGER_PLAIN = LEDGER_SCHEMES * LEDGER_CHOICES,
	LEDGER_GLOBAL, /* whole, with the other schemes */
	LEDGER_ATOMIC,
	LEDGER_LANES,
};

#define LEDGER_LANE(scheme, features) ((scheme)*LEDGER_CHOICES + (features))

#define LEDGER_NAME 16

/* The variant or build of the lane: none_bare, slot_gd, tls, plain, …; with all
 * features it is the variant itself. */
void ledger_lane_name(unsigned lane, char name[LEDGER_NAME]);

/* The rows of a ledger, in their order. */
enum ledger_row {
	LEDGER_ROW_PLAIN, /* what everything is added to */
	LEDGER_ROW_WORDS, /* the parts, which are to add up */
	LEDGER_ROW_GUARDS,
	LEDGER_ROW_CLEAN_FILL,
	LEDGER_ROW_DEAD_FILL,
	LEDGER_ROW_VERIFICATION,
	LEDGER_ROW_SERIAL_BYTES,
	LEDGER_ROW_COUNTING,
	LEDGER_ROW_SUM,
	LEDGER_ROW_THREES, /* what each three do together, in all */
	LEDGER_ROW_WHOLE,
	LEDGER_ROW_REST,
	LEDGER_ROW_OTHERS, /* counting by scheme, in the whole wrapper */
	LEDGER_ROW_TLS = LEDGER_ROW_OTHERS,
	LEDGER_ROW_GLOBAL,
	LEDGER_ROW_ATOMIC,
	LEDGER_ROW_INTERACTIONS, /* of each two of the five factors */
	LEDGER_ROW_TRIPLES = LEDGER_ROW_INTERACTIONS + 10, /* of each three */
	LEDGER_ROWS = LEDGER_ROW_TRIPLES + 10,
};

/*
 * What the rows are worth, each a sum of lanes with fixed weights: of
 * nanoseconds or of bytes. Whole numbers below 2^48 come out exactly.
 *
 * A part is the mean difference between builds with and without it over all
 * choices of the others. An interaction is how much more the one costs where
 * the other is on than where it is off; one of three, how much more that is
 * where the third is on. A quarter of it is beyond the parts; interactions of
 * two cancel in the whole. Rest is whole − sum − threes: what all five together
 * cost, and no fewer.
 */
void ledger_effects(const double lanes[LEDGER_LANES], double rows[LEDGER_ROWS]);

/* The rest may be this share of the whole. */
#define LEDGER_TOLERANCE 0.05

/* A row of one cell. A NaN is an empty field. */
struct ledger_entry {
	const char *kind; /* base, part, total, scheme or interaction */
	char part[64];
	double ns, low, high; /* an operation; bounds NaN: too few launches */
	double share; /* of the whole's ns */
	double asked_bytes, slot_bytes; /* a block; NaN where not weighed */
	const char *verdict, *bytes_verdict; /* of the rest; else "" */
};

struct ledger_cell {
	char cell[RECORD_TEXT];
	size_t launches; /* in which every lane has a round left */
	double level; /* coverage of the intervals; NaN where none */
	struct ledger_entry entries[LEDGER_ROWS];
};

struct ledger {
	size_t count;
	struct ledger_cell *cells;
};

/*
 * One cell from its launches: ns[launch × LEDGER_LANES + lane] is the lane's
 * relative cost, exp of the median over rounds of its log distance from the
 * round's mean over all lanes, and scale[launch] that mean in ns. Sorts the
 * scale. 0, or -1 where memory ran out.
 */
int ledger_estimate(struct ledger_cell *cell, const double *relative,
	double *scale, size_t launches);

/* Bytes of all blocks of each lane, asked of the underlying allocator and in
 * its slots, the same `blocks` in every lane. */
void ledger_put_bytes(struct ledger_cell *cell, double blocks,
	const double asked[LEDGER_LANES], const double slots[LEDGER_LANES]);

/* Reads trials.csv and metrics.csv of a run with the ledger's lanes. 0, or -1
 * with error; finish it in both cases. */
int ledger_read(struct ledger *ledger, const char *run, struct error *error);

/* Writes ledger.csv at `path`, which must not exist. 0, or -1 with errno. */
int ledger_write(const struct ledger *ledger, const char *path);

/* What could not be written shows in ferror(out). 0, or -1 with errno. */
int ledger_print(
	const struct ledger *ledger, FILE *out, enum table_format format);

/* Accepts NULL and a zeroed ledger. */
void ledger_finish(struct ledger *ledger);

#endif /* SERIALBENCH_LEDGER_H */
