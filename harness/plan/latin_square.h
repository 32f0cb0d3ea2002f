// SPDX-License-Identifier: MIT
//
// The order of the lanes in each round: k rounds of k lanes make a random
// Latin square, so that every lane stands on every position once.
#ifndef SERIALBENCH_LATIN_SQUARE_H
#define SERIALBENCH_LATIN_SQUARE_H

#include <stdint.h>

#define LATIN_MAX 64

struct latin_square {
	unsigned lanes;
	uint64_t state;
	unsigned round; /* of the square in use */
	unsigned rows[LATIN_MAX], columns[LATIN_MAX], symbols[LATIN_MAX];
};

/* lanes is at most LATIN_MAX. */
void latin_square_init(
	struct latin_square *square, unsigned lanes, uint64_t seed);

/* Writes the order of the next round: order[position] = lane. After each k
 * rounds a new square is drawn. */
void latin_square_next(struct latin_square *square, unsigned *order);

/* Fisher-Yates on 0 … count - 1 (Durstenfeld 1964). */
void shuffle_indexes(unsigned *indexes, unsigned count, uint64_t *state);

#endif /* SERIALBENCH_LATIN_SQUARE_H */
