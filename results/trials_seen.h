// SPDX-License-Identifier: MIT
//
// Which turns a trials.csv has had so far: one bit a turn, so that ten million
// rows take a few megabytes. Inside results/ only. Not thread-safe.
#ifndef SERIALBENCH_TRIALS_SEEN_H
#define SERIALBENCH_TRIALS_SEEN_H

#include <stdbool.h>
#include <stddef.h>

#include "names.h"
#include "record.h"

struct trials_seen {
	struct names cells, variants;
	struct trials_seen_slot *slots; /* open addressing, at most half full */
	size_t slot_count, used;
};

/* Notes the turn of a row whose launch and round are below 2^32. 0 where it is
 * new, 1 where it was there before, or -1 with errno. */
int trials_seen_add(struct trials_seen *seen, const struct trial *trial);

/* Whether two rows are of one turn. */
bool trials_same_turn(const struct trial *one, const struct trial *other);

/* Accepts NULL and a zeroed set. */
void trials_seen_finish(struct trials_seen *seen);

#endif /* SERIALBENCH_TRIALS_SEEN_H */
