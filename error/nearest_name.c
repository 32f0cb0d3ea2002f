// SPDX-License-Identifier: MIT
#include "nearest_name.h"

#include <string.h>

#define LETTERS 48 /* no name is longer */

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Of two words of at most LETTERS letters. Each row of the table is a prefix
 * of `a`, each column one of `b`. */
static size_t edit_distance(const char *a, const char *b)
{
	size_t rows[3][LETTERS + 1];
	size_t *before = rows[0], *last = rows[1], *now = rows[2];

	for (size_t j = 0; j <= strlen(b); j++)
		last[j] = before[j] = j;
	for (size_t i = 1; a[i - 1] != '\0'; i++) {
		size_t *oldest = before;

		now[0] = i;
		for (size_t j = 1; b[j - 1] != '\0'; j++) {
			now[j] = least(least(last[j], now[j - 1]) + 1,
				last[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
				a[i - 2] == b[j - 1])
				now[j] = least(now[j], before[j - 2] + 1);
		}
		before = last;
		last = now;
		now = oldest;
	}
	return last[strlen(b)];
}

void nearest_name_try(struct nearest_name *nearest, const char *name)
{
	size_t length = strlen(nearest->word);
	size_t limit = length < 6 ? 1 : length / 3;
	size_t distance;

	if (length == 0 || length > LETTERS || strlen(name) > LETTERS)
		return;
	distance = edit_distance(nearest->word, name);
	/* A word of one letter is near to every other. */
	if (distance == 0 || distance > limit || distance >= length ||
		(nearest->name != NULL && distance >= nearest->distance))
		return;
	nearest->name = name;
	nearest->distance = distance;
}

int error_add_nearest(struct error *error, const struct nearest_name *nearest)
{
	if (nearest->name == NULL)
		return -1;
	return error_add(error, "; did you mean '%s'?", nearest->name);
}
