// SPDX-License-Identifier: MIT
#include "latin_square.h"

#include "prng.h"

void shuffle_indexes(unsigned *indexes, unsigned count, uint64_t *state)
{
	for (unsigned i = 0; i < count; i++)
		indexes[i] = i;
	for (unsigned i = count; i > 1; i--) {
		unsigned j = (unsigned)prng_below(state, i);
		unsigned kept = indexes[i - 1];

		indexes[i - 1] = indexes[j];
		indexes[j] = kept;
	}
}

/* The cyclic square with rows, columns and symbols permuted. Not every Latin
 * square can be drawn so, but each lane is equally often in each place. */
static void draw(struct latin_square *square)
{
	shuffle_indexes(square->rows, square->lanes, &square->state);
	shuffle_indexes(square->columns, square->lanes, &square->state);
	shuffle_indexes(square->symbols, square->lanes, &square->state);
	square->round = 0;
}

void latin_square_init(
	struct latin_square *square, unsigned lanes, uint64_t seed)
{
	square->lanes = lanes;
	square->state = seed;
	draw(square);
}

void latin_square_next(struct latin_square *square, unsigned *order)
{
	unsigned lanes = square->lanes;

	if (square->round == lanes)
		draw(square);
	for (unsigned i = 0; i < lanes; i++)
		order[i] = square->symbols[(square->rows[square->round] +
						   square->columns[i]) %
			lanes];
	square->round++;
}
