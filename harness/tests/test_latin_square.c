// SPDX-License-Identifier: MIT
//
// Every lane stands once in each round and once on each position.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "latin_square.h"

#define MOST 16
#define SQUARES 3

struct square {
	unsigned orders[MOST][MOST];
};

static void draw(struct latin_square *drawn, struct square *square)
{
	memset(square, 0, sizeof(*square));
	for (unsigned round = 0; round < drawn->lanes; round++)
		latin_square_next(drawn, square->orders[round]);
}

static void check(const struct square *square, unsigned lanes, uint64_t seed)
{
	for (unsigned i = 0; i < lanes; i++) {
		uint32_t row = 0, column = 0, all = (1u << lanes) - 1;

		for (unsigned j = 0; j < lanes; j++) {
			row |= 1u << square->orders[i][j];
			column |= 1u << square->orders[j][i];
		}
		if (row != all || column != all)
			fail_msg("%u lanes, seed %llu: round %u has %x, "
				 "position %u has %x, not %x",
				lanes, (unsigned long long)seed, i, row, i,
				column, all);
	}
}

static void latin(void **state)
{
	(void)state;
	for (unsigned lanes = 1; lanes <= MOST; lanes++)
		for (uint64_t seed = 0; seed < 20; seed++) {
			struct latin_square drawn;
			struct square square;

			latin_square_init(&drawn, lanes, seed);
			for (unsigned i = 0; i < SQUARES; i++) {
				draw(&drawn, &square);
				check(&square, lanes, seed);
			}
		}
}

static void same_seed_same_squares(void **state)
{
	(void)state;
	for (unsigned lanes = 1; lanes <= MOST; lanes++) {
		struct latin_square one, other;
		struct square left, right;

		latin_square_init(&one, lanes, 99);
		latin_square_init(&other, lanes, 99);
		for (unsigned i = 0; i < SQUARES; i++) {
			draw(&one, &left);
			draw(&other, &right);
			assert_memory_equal(&left, &right, sizeof(left));
		}
	}
}

/* Seeds give different squares, and so does the next square of one seed. */
static void other_squares(void **state)
{
	struct square squares[8][2];

	(void)state;
	for (uint64_t seed = 0; seed < 8; seed++) {
		struct latin_square drawn;

		latin_square_init(&drawn, MOST, seed);
		draw(&drawn, &squares[seed][0]);
		draw(&drawn, &squares[seed][1]);
	}
	for (unsigned i = 0; i < 16; i++)
		for (unsigned j = 0; j < i; j++)
			assert_memory_not_equal(&squares[i / 2][i % 2],
				&squares[j / 2][j % 2], sizeof(squares[0][0]));
}

/* Neither who begins nor who follows whom is the same all along. */
static void balanced(void **state)
{
	enum { LANES = 4, ROUNDS = 4000 };
	unsigned first[LANES] = {0}, follows[LANES][LANES] = {{0}};
	struct latin_square drawn;

	(void)state;
	latin_square_init(&drawn, LANES, 5);
	for (unsigned i = 0; i < ROUNDS; i++) {
		unsigned order[LANES];

		latin_square_next(&drawn, order);
		first[order[0]]++;
		for (unsigned j = 1; j < LANES; j++)
			follows[order[j - 1]][order[j]]++;
	}
	for (unsigned i = 0; i < LANES; i++) {
		assert_int_equal(first[i], ROUNDS / LANES);
		for (unsigned j = 0; j < LANES; j++)
			if (i != j)
				assert_in_range(follows[i][j], ROUNDS / 8,
					ROUNDS * 3 / 8);
	}
}

static void shuffled(void **state)
{
	(void)state;
	for (unsigned count = 0; count <= 100; count++) {
		unsigned indexes[100], seen[100] = {0};
		uint64_t seed = count;

		shuffle_indexes(indexes, count, &seed);
		for (unsigned i = 0; i < count; i++) {
			assert_in_range(indexes[i], 0, count - 1);
			seen[indexes[i]]++;
		}
		for (unsigned i = 0; i < count; i++)
			assert_int_equal(seen[i], 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(latin),
		cmocka_unit_test(same_seed_same_squares),
		cmocka_unit_test(other_squares),
		cmocka_unit_test(balanced),
		cmocka_unit_test(shuffled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
