// SPDX-License-Identifier: MIT
#include "serial_check.h"

#include <stdlib.h>
#include <string.h>

#define COUNTER_DISTANCE ((uint64_t)1 << 32)

#define COMPARE(name, field)                                                   \
	static int name(const void *left, const void *right)                   \
	{                                                                      \
		const struct taken_number *a = left, *b = right;               \
                                                                               \
		return (a->field > b->field) - (a->field < b->field);          \
	}
COMPARE(by_number, number)
COMPARE(by_before, before)
COMPARE(by_after, after)
#undef COMPARE

static int by_value(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return (a > b) - (a < b);
}

/* The numbers of one counter, sorted. */
static void check_counter(struct serial_check *check,
	const struct taken_number *taken, size_t count)
{
	uint64_t range = taken[count - 1].number - taken[0].number + 1;
	uint64_t distinct = 1;

	for (size_t i = 1; i < count; i++)
		distinct += taken[i].number != taken[i - 1].number;
	check->duplicates += count - distinct;
	check->lost += count > range ? count - range : 0;
	check->gaps += range - distinct;
}

static void check_numbers(
	struct serial_check *check, struct taken_number *taken, size_t count)
{
	size_t first = 0;

	qsort(taken, count, sizeof(*taken), by_number);
	for (size_t i = 1; i <= count; i++)
		if (i == count ||
			taken[i].number - taken[i - 1].number >
				COUNTER_DISTANCE) {
			check_counter(check, taken + first, i - first);
			first = i;
		}
}

/* `ended` by the end of the bump, `begun` by its beginning: one walk. */
static void check_order(struct serial_check *check,
	const struct taken_number *ended, const struct taken_number *begun,
	size_t count)
{
	uint64_t highest = 0;
	size_t next = 0;

	for (size_t i = 0; i < count; i++) {
		while (next < count && ended[next].after < begun[i].before) {
			if (ended[next].number > highest)
				highest = ended[next].number;
			next++;
		}
		check->inversions += begun[i].number < highest;
	}
}

int serial_check(
	struct serial_check *check, struct taken_number *taken, size_t count)
{
	struct taken_number *ended = malloc(count * sizeof(*ended));
	uint64_t *ticks = malloc(count * sizeof(*ticks));
	int result = -1;

	memset(check, 0, sizeof(*check));
	if (ended == NULL || ticks == NULL || count == 0)
		goto out;
	check->numbers = count;
	check_numbers(check, taken, count);
	memcpy(ended, taken, count * sizeof(*ended));
	qsort(ended, count, sizeof(*ended), by_after);
	qsort(taken, count, sizeof(*taken), by_before);
	check_order(check, ended, taken, count);
	for (size_t i = 0; i < count; i++)
		ticks[i] = taken[i].after - taken[i].before;
	qsort(ticks, count, sizeof(*ticks), by_value);
	check->bump_p50 = ticks[count / 2];
	check->bump_p99 = ticks[count - 1 - count / 100];
	check->bump_max = ticks[count - 1];
	result = 0;
out:
	free(ended);
	free(ticks);
	return result;
}
