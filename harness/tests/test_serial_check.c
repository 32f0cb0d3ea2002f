// SPDX-License-Identifier: MIT
//
// Sequences by hand, with what is wrong in them known.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "serial_check.h"

#define MOST 8
#define FAR ((uint64_t)1 << 44) /* from thread to thread in scheme tls */

struct sequence {
	const char *name;
	size_t count;
	struct taken_number taken[MOST]; /* number, before, after */
	uint64_t duplicates, lost, gaps, inversions;
};

static const struct sequence sequences[] = {
	{"one number", 1, {{7, 10, 11}}, 0, 0, 0, 0},
	{"in order", 4, {{1, 0, 1}, {2, 2, 3}, {3, 4, 5}, {4, 6, 7}}, 0, 0, 0,
		0},
	{"begins anywhere", 3, {{100, 0, 1}, {101, 2, 3}, {102, 4, 5}}, 0, 0, 0,
		0},
	{"overlap is no inversion", 3, {{2, 0, 9}, {1, 1, 8}, {3, 2, 7}}, 0, 0,
		0, 0},
	{"touching is no inversion", 2, {{2, 0, 5}, {1, 5, 6}}, 0, 0, 0, 0},
	{"one inversion", 3, {{1, 0, 1}, {3, 2, 3}, {2, 4, 5}}, 0, 0, 0, 1},
	{"all backwards", 4, {{4, 0, 1}, {3, 2, 3}, {2, 4, 5}, {1, 6, 7}}, 0, 0,
		0, 3},
	{"an equal number is no inversion", 2, {{5, 0, 1}, {5, 2, 3}}, 1, 1, 0,
		0},
	{"a duplicate, one bump lost", 4,
		{{1, 0, 9}, {2, 0, 9}, {2, 0, 9}, {3, 0, 9}}, 1, 1, 0, 0},
	{"three times the same", 3, {{6, 0, 9}, {6, 0, 9}, {6, 0, 9}}, 2, 2, 0,
		0},
	{"a duplicate and a gap: none lost", 4,
		{{1, 0, 9}, {1, 0, 9}, {3, 0, 9}, {4, 0, 9}}, 1, 0, 1, 0},
	{"a gap of three", 2, {{1, 0, 1}, {5, 2, 3}}, 0, 0, 3, 0},
	{"two counters far apart", 4,
		{{FAR + 1, 0, 9}, {FAR + 2, 0, 9}, {2 * FAR + 1, 0, 9},
			{2 * FAR + 2, 0, 9}},
		0, 0, 0, 0},
	{"two counters, faults in each", 6,
		{{FAR + 1, 0, 9}, {FAR + 1, 0, 9}, {2 * FAR + 1, 0, 9},
			{2 * FAR + 4, 0, 9}, {2 * FAR + 5, 0, 9},
			{2 * FAR + 5, 0, 9}},
		2, 1, 2, 0},
	{"the same number of two threads", 4,
		{{FAR + 1, 0, 1}, {2 * FAR + 1, 2, 3}, {FAR + 2, 4, 5},
			{2 * FAR + 2, 6, 7}},
		0, 0, 0, 1},
	{"just one counter", 2, {{1, 0, 1}, {1 + ((uint64_t)1 << 32), 2, 3}}, 0,
		0, ((uint64_t)1 << 32) - 1, 0},
	{"just two counters", 2, {{1, 0, 1}, {2 + ((uint64_t)1 << 32), 2, 3}},
		0, 0, 0, 0},
	{"to the end of the word", 2,
		{{UINT64_MAX - 1, 0, 1}, {UINT64_MAX, 2, 3}}, 0, 0, 0, 0},
};

static void check_one(const struct sequence *sequence, uint64_t shift)
{
	struct taken_number taken[MOST];
	struct serial_check check;

	/* Told in any order. */
	for (size_t i = 0; i < sequence->count; i++)
		taken[i] = sequence->taken[(i + shift) % sequence->count];
	assert_int_equal(serial_check(&check, taken, sequence->count), 0);
#define EXPECT(field)                                                          \
	if (check.field != sequence->field)                                    \
	fail_msg("%s: %s is %llu, not %llu", sequence->name, #field,           \
		(unsigned long long)check.field,                               \
		(unsigned long long)sequence->field)
	EXPECT(duplicates);
	EXPECT(lost);
	EXPECT(gaps);
	EXPECT(inversions);
#undef EXPECT
	assert_int_equal(check.numbers, sequence->count);
}

static void sequences_by_hand(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++)
		for (uint64_t shift = 0; shift < sequences[i].count; shift++)
			check_one(&sequences[i], shift);
}

static void nothing_taken(void **state)
{
	struct taken_number none = {0};
	struct serial_check check;

	(void)state;
	assert_int_equal(serial_check(&check, &none, 0), -1);
}

/* Bumps of 1 … 200 ticks. */
static void ticks(void **state)
{
	struct taken_number taken[200];
	struct serial_check check;

	(void)state;
	for (uint64_t i = 0; i < 200; i++)
		taken[i] = (struct taken_number){.number = i,
			.before = 1000 * i,
			.after = 1000 * i + 1 + (i * 77) % 200};
	assert_int_equal(serial_check(&check, taken, 200), 0);
	assert_int_equal(check.bump_p50, 101);
	assert_int_equal(check.bump_p99, 198);
	assert_int_equal(check.bump_max, 200);
}

/* 100000 numbers: what is planted is found, and nothing else. */
static void planted(void **state)
{
	enum { COUNT = 100000, EVERY = 1000 };
	struct taken_number *taken = malloc(COUNT * sizeof(*taken));
	struct serial_check check;

	(void)state;
	assert_non_null(taken);
	for (uint64_t i = 0; i < COUNT; i++)
		taken[i] = (struct taken_number){
			.number = i - (i % EVERY == EVERY - 1),
			.before = 10 * i,
			.after = 10 * i + 5};
	assert_int_equal(serial_check(&check, taken, COUNT), 0);
	assert_int_equal(check.duplicates, COUNT / EVERY);
	/* The last number is not reached: one bump moved nothing on. */
	assert_int_equal(check.lost, 1);
	assert_int_equal(check.gaps, COUNT / EVERY - 1);
	assert_int_equal(check.inversions, 0);
	free(taken);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sequences_by_hand),
		cmocka_unit_test(nothing_taken),
		cmocka_unit_test(ticks),
		cmocka_unit_test(planted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
